"""What axe finds on a page that hinders people with assistive technology."""

from typing import Any

from playwright.sync_api import Page

SERIOUS = ("serious", "critical")

ANIMATED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished)).then(() => null)"
"""Resolves when colours have changed."""

ALL, COLOURS = "{}", "{runOnly: ['color-contrast', 'link-in-text-block']}"
"""The rules that axe runs."""


def serious(page: Page, axe: str, rules: str = ALL) -> list[Any]:
    """Return the serious findings of axe-core, whose code is given."""
    page.evaluate(ANIMATED)
    if page.evaluate("!window.axe"):
        page.evaluate(axe)
    found = page.evaluate(f"async () => (await axe.run({rules})).violations")
    return [
        (rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in SERIOUS
    ]


def serious_in_light_and_dark(page: Page, axe: str) -> list[Any]:
    """Return the serious findings in light, and those of colours in dark: nothing else depends on the scheme.

    The page must take its scheme from the browser.
    """
    page.emulate_media(color_scheme="dark")
    in_dark = serious(page, axe, COLOURS)
    page.emulate_media(color_scheme="light")
    return [*serious(page, axe), *(("dark", *each) for each in in_dark)]
