"""Those who write through GraphQL, in a demo world of each test's own."""

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer


@pytest.fixture
def staff(own_api: Api, own_url: str) -> Writer:
    """Give an administrator of organisation 8829."""
    return Writer(own_api, own_url, "yanggc4")


@pytest.fixture
def super_(own_api: Api, own_url: str) -> Writer:
    """Give the super administrator."""
    return Writer(own_api, own_url, "supperadm")
