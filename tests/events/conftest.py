"""One broker for all tests of a module; each has topics of its own."""

from collections.abc import Iterator

import pytest

from tests.clients.broker import Broker, running_broker


@pytest.fixture(scope="module")
def shared_broker() -> Iterator[Broker]:
    with running_broker() as broker:
        yield broker
