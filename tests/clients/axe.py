"""What axe finds on a page that hinders people with assistive technology."""

from typing import Any

from playwright.sync_api import Page

SERIOUS = ("serious", "critical")

ANIMATED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished)).then(() => null)"
"""Resolves when colours have changed."""


def serious(page: Page, axe: str) -> list[Any]:
    """Return the serious findings of axe-core, whose code is given."""
    page.evaluate(ANIMATED)
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        (rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in SERIOUS
    ]
