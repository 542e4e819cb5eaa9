"""A real browser: Debian's Chromium without windows, installed where it is missing; without it, tests are skipped."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

from tests.clients.debian import debian_program

SHELL = "chromium-headless-shell"
"""Chromium without windows: it needs less processor time than the whole browser."""

ARGUMENTS = ["--no-sandbox"]
"""Chromium has no sandbox for root."""

EXPECTED_WITHIN = 30_000  # milliseconds
"""How long a page may take to show what a test expects: other tests use the same processors. A test of how fast it is
waits for itself."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run a browser."""
    path = debian_program(SHELL, SHELL)
    expect.set_options(timeout=EXPECTED_WITHIN)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()
