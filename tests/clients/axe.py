"""What axe finds on a page that hinders people with assistive technology."""

from typing import Any

from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


def serious(page: Page, axe: str) -> list[Any]:
    """Return the serious findings of axe-core, whose code is given."""
    page.wait_for_timeout(500)  # until colours have changed
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        (rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in SERIOUS
    ]
