"""A real browser: Debian's chromium, installed where it is missing; tests are skipped where it cannot be had."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.clients.debian import debian_program

ARGUMENTS = ["--no-sandbox"]
"""Chromium has no sandbox for root."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run a browser."""
    path = debian_program("chromium", "chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()
