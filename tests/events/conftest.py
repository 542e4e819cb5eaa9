"""One broker for all tests of a module, each with its own topics; and what webhooks are sent to."""

from collections.abc import Iterator

import pytest

from tests.clients.api import open_api
from tests.clients.broker import Broker, running_broker
from tests.clients.hooks import LOCAL, Hooks
from tests.clients.receiver import Receiver, running


@pytest.fixture(scope="module")
def shared_broker() -> Iterator[Broker]:
    with running_broker() as broker:
        yield broker


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver that runs."""
    with running(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def hooks(own_url: str) -> Iterator[Hooks]:
    """Give the webhooks of a register that two programs serve."""
    with open_api(own_url, webhook_networks=(LOCAL,)), open_api(own_url, webhook_networks=(LOCAL,)):
        yield Hooks(own_url)
