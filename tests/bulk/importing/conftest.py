"""The importer that the tests of imports share."""

from pathlib import Path

import pytest

from tests.clients.importer import Importer


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> Importer:
    """Give an importer into a register without a record."""
    return Importer(empty_url, tmp_path)
