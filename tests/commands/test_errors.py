"""`cadastre errors`, and the page that it prints."""

from app.commands.errors import page
from tests.databases import ROOT


def test_the_page_is_what_the_command_prints() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page(), "run scripts/errors"
