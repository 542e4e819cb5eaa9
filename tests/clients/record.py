"""A record that is shown in the register browser, and the dialogs that change it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Request

from tests.clients.page import Explorer

REGISTER = "explorer/register"
LOG_IN = {"en-GB": "Log in", "zh-CN": "登录"}


@contextmanager
def record_opened(
    chromium: Browser, program: str, tree: str, id_: str, account: str = "supperadm", **options: Any
) -> Iterator[Explorer]:
    """Open the register at a record and log in."""
    with Explorer.opened(chromium, program, f"{REGISTER}?tree={tree}&record={id_}", **options) as register:
        register.log_in_to_register(account, LOG_IN[options.get("locale", "en-GB")])
        title(register).wait_for()
        yield register


def title(register: Explorer) -> Locator:
    return register.page.locator(".record-head h2")


def open_dialog(register: Explorer, button: str) -> Locator:
    """Open the dialog of a change."""
    register.page.locator(".actions").get_by_role("button", name=button, exact=True).click()
    return dialog(register)


def dialog(register: Explorer) -> Locator:
    return register.page.get_by_role("dialog")


def mutations(register: Explorer) -> list[Request]:
    """Return the requests of the page that may write."""
    return [each for each in register.sent if "idempotency-key" in each.headers]


def value_of(register: Explorer, tree: str, id_: str, field: str = "name") -> Any:
    """Return a field of a record as others see it; None without the record."""
    record = register.ask(f'{{ {tree}(id: "{id_}") {{ {field} }} }}')[tree]
    return record and record[field.partition(" ")[0]]
