"""/explorer for people with assistive technology: axe finds nothing serious, in light and in dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.clients.npm import PACKAGES, workspace
from tests.clients.page import Explorer

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def axe() -> Iterator[str]:
    """Give axe-core, which the test puts into the page."""
    with workspace():
        yield (PACKAGES / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def serious(explorer: Explorer, axe: str) -> list[Any]:
    explorer.page.wait_for_timeout(500)  # until colours have changed
    explorer.page.evaluate(axe)
    found = explorer.page.evaluate("async () => (await axe.run()).violations")
    return [
        (rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, scheme: str) -> None:
    with Explorer.opened(chromium, program, color_scheme=scheme) as explorer:
        assert serious(explorer, axe) == []
        explorer.log_in()
        explorer.open_example("Staff and their roles")
        explorer.run()
        assert serious(explorer, axe) == []
        explorer.page.get_by_role("button", name="Table", exact=True).click()
        explorer.page.locator(".caller summary").click()
        explorer.page.get_by_role("button", name="Show Legacy URLs").click()
        assert serious(explorer, axe) == []
