"""Every url: the rows of both documents."""

from app.rest.order_urls import ORDER_URLS
from app.rest.urls import URLS

EVERY_URL = (*URLS, *ORDER_URLS)
