"""`cadastre limits`, and the page that it prints."""

from typing import get_args

from app.commands.limits import SECTIONS, page
from app.settings import Settings
from tests.databases import ROOT

NO_LIMIT = {"port", "metrics_port"}
"""Numbers that limit nothing."""


def test_the_page_is_what_the_command_prints() -> None:
    assert (ROOT / "docs" / "limits.md").read_text("utf-8") == page(), "run scripts/limits"


def test_every_setting_that_is_a_number_is_a_limit_with_a_reason() -> None:
    numbers = {
        name
        for name, field in Settings.model_fields.items()
        if {int, float} & {field.annotation, *get_args(field.annotation)}
    }
    listed = [name for reasons in SECTIONS.values() for name in reasons]
    assert len(listed) == len(set(listed))
    assert set(listed) == numbers - NO_LIMIT
    assert all(why for reasons in SECTIONS.values() for why in reasons.values())


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
