"""Programs of owners and of staff at the URLs of document 000, each over a demo world of the test's own."""

from collections.abc import Iterator

import pytest

from app.bulk.demo import PASSWORD
from tests.clients.api import Api, open_api
from tests.clients.orders import OWNER, STAFF, OrderClient


@pytest.fixture
def api(own_url: str) -> Iterator[Api]:
    """Give a server that asks for log-ins, with a demo world of its own."""
    with open_api(own_url, require_login=True) as api:
        yield api


@pytest.fixture
def access_token(api: Api) -> str:
    """Give the access token of a client that calls for itself."""
    return api.client_bearer("sync-client", PASSWORD).removeprefix("Bearer ")


@pytest.fixture
def owner(api: Api, access_token: str) -> OrderClient:
    """Give the program of an owner."""
    client = OrderClient(api, access_token)
    client.listed(OWNER)
    return client


@pytest.fixture
def staff(api: Api, access_token: str) -> OrderClient:
    """Give the program of a member of staff."""
    client = OrderClient(api, access_token)
    client.listed(STAFF)
    return client
