"""A record that is shown in the register browser, and the dialogs that change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Request, Route

from tests.clients.browser import EXPECTED_WITHIN
from tests.clients.page import Explorer
from tests.clients.waiting import within

REGISTER = "explorer/register"
NOT_LOADED = "Failed to load resource"
"""The browser reports answers that are lost, and those of a proxy."""

Wanted = Callable[[Request], bool]
"""Chooses requests of the page."""

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
    return [each for each in register.sent if is_change(each)]


def is_change(request: Request) -> bool:
    """Return whether the page sends a change with a request."""
    return "idempotency-key" in request.headers


def asks(variables: str) -> Wanted:
    """Want the queries whose variables begin with a text, or are it."""
    return lambda request: f'"variables":{variables}' in (request.post_data or "")


@contextmanager
def rights_answered(register: Explorer) -> Iterator[None]:
    """Wait at the end until the page knows what its caller may do at the record, and has shown that."""
    with register.page.expect_response(lambda response: '"hasOrg":true' in (response.request.post_data or "")) as told:
        yield
    told.value.finished()
    register.page.evaluate("() => new Promise(shown => requestAnimationFrame(() => setTimeout(shown)))")


@contextmanager
def answers_lost(register: Explorer, status: int | None = None) -> Iterator[None]:
    """Run the changes of the page and lose their answers; with a status a proxy answers in place of the program."""

    def lose(route: Route) -> None:
        route.fetch()
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, content_type="text/html", body="<h1>Bad Gateway</h1>")

    with taken(register, is_change, lose):
        yield
    register.trouble[:] = [said for said in register.trouble if NOT_LOADED not in said]


@contextmanager
def held(register: Explorer, wanted: Wanted) -> Iterator[list[Route]]:
    """Hold requests of the page until the end; those that are held are in the list."""
    requests: list[Route] = []
    with taken(register, wanted, requests.append):
        yield requests
        for route in requests:
            route.continue_()


@contextmanager
def busy(register: Explorer, wanted: Wanted) -> Iterator[list[Route]]:
    """Answer requests of the page with 503; those that are refused are in the list."""
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=503, body="busy")

    with taken(register, wanted, refuse):
        yield refused
    await_that(register, lambda: sum(NOT_LOADED in said for said in register.trouble) >= len(refused))
    register.trouble[:] = [said for said in register.trouble if NOT_LOADED not in said]


@contextmanager
def taken(register: Explorer, wanted: Wanted, take: Callable[[Route], None]) -> Iterator[None]:
    """Let `take` have requests of the page."""

    def sort(route: Route) -> None:
        if wanted(route.request):
            take(route)
        else:
            route.continue_()

    register.page.route("**/graphql", sort)
    yield
    register.page.unroute("**/graphql", sort)


def await_query(register: Explorer, queries: list[Route], number: int = 1) -> None:
    """Wait until queries are held or refused."""
    await_that(register, lambda: len(queries) >= number)


def await_that(register: Explorer, holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, while the page goes on."""
    assert within(EXPECTED_WITHIN / 1000, holds, lambda: register.page.wait_for_timeout(50))


def value_of(register: Explorer, tree: str, id_: str, field: str = "name") -> Any:
    """Return a field of a record as others see it; None without the record."""
    record = register.ask(f'{{ {tree}(id: "{id_}") {{ {field} }} }}')[tree]
    return record and record[field.partition(" ")[0]]
