"""The same API twice: with compiled plans, and under graphql-core alone."""

from collections.abc import Iterator

import pytest

from tests.clients.api import Api, open_api


@pytest.fixture(scope="session")
def compiled(demo_url: str) -> Iterator[Api]:
    """Give the API that tells how it ran each query."""
    with open_api(demo_url, development=True) as api:
        yield api


@pytest.fixture(scope="session")
def core(demo_url: str) -> Iterator[Api]:
    """Give the API without plans."""
    with open_api(demo_url, development=True, compiled=False) as api:
        yield api
