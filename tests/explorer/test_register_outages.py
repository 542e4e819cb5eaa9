"""The register browser when its feed of changes cannot be followed for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Route, WebSocketRoute, expect

from app.explorer.page import documents
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, await_that, rights_answered
from tests.explorer.histories import COMMUNITY, building, change

BUSY = "503 ("
SILENT = 4499
"""The code of a connection that was closed because nothing was heard over it."""


def position_id() -> str:
    """Return the id of the query for the position after which the page follows changes."""
    (id_,) = (id_ for id_, text in documents().items() if text.startswith("query RegisterPosition"))
    return id_


def test_the_register_begins_when_it_knows_where_to_follow_changes(chromium: Browser, program: str) -> None:
    failed: list[Route] = []
    position = position_id()

    def fail_once(route: Route) -> None:
        if not failed and position in (route.request.post_data or ""):
            failed.append(route)
            route.fulfill(status=503, body="busy")
        else:
            route.continue_()

    with Explorer.opened(chromium, program, REGISTER) as register:
        register.page.route("**/graphql", fail_once)
        register.send_log_in("supperadm", "Log in")
        again = register.page.get_by_role("main").get_by_role("button", name="Try again")
        expect(again).to_be_visible()
        expect(register.node()).to_have_count(0)
        again.click()
        expect(register.node("简岸花园")).to_be_visible()
        expect(again).to_have_count(0)
        id_ = building(register, "随后")
        register.node("简岸花园").locator(".twisty").click()
        expect(register.node("随后")).to_be_visible()
        change(register, "updateSpace", id=id_, name="随后改名")
        expect(register.node("随后改名")).to_be_visible()
        register.trouble[:] = [said for said in register.trouble if BUSY not in said]


class Line:
    """The connection of a page to the program, which can be cut."""

    def __init__(self, register: Explorer) -> None:
        self.opened: list[WebSocketRoute] = []
        self.is_cut = False
        self.accepted = 0
        register.page.route_web_socket("**/graphql", self.take)

    def take(self, route: WebSocketRoute) -> None:
        self.opened.append(route)
        if self.is_cut:
            route.close(code=SILENT, reason="Terminated")
        else:
            self.follow(route, route.connect_to_server())

    def follow(self, page: WebSocketRoute, program: WebSocketRoute) -> None:
        """Pass on what the program says, and count the connections that it accepts."""

        def pass_on(message: str | bytes) -> None:
            self.accepted += '"connection_ack"' in str(message)
            page.send(message)

        program.on_message(pass_on)

    def break_off(self) -> None:
        """End the connection that there is."""
        self.opened[-1].close(code=SILENT, reason="Terminated")


@contextmanager
def followed(chromium: Browser, program: str) -> Iterator[tuple[Explorer, Line]]:
    """Open the register, which follows changes over a line."""
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record={COMMUNITY}") as register:
        line = Line(register)
        with rights_answered(register):
            register.log_in_to_register()
        await_that(register, lambda: line.accepted == 1)
        assert len(line.opened) == 1
        yield register, line


def test_rights_are_asked_again_after_a_short_break(chromium: Browser, program: str) -> None:
    with followed(chromium, program) as (register, line):
        with rights_answered(register):
            line.break_off()
        assert len(line.opened) == 2


def test_changes_are_followed_again_soon_after_a_long_outage(chromium: Browser, program: str) -> None:
    with followed(chromium, program) as (register, line):
        notice = register.page.get_by_text("Changes of others are not shown now")
        register.page.clock.install()
        line.is_cut = True
        line.break_off()
        for _ in range(15):
            pass_seconds(register, 40)
        expect(notice).to_be_visible()
        line.is_cut = False
        for _ in range(8):
            pass_seconds(register, 10)
        expect(notice).to_have_count(0)


def pass_seconds(register: Explorer, seconds: int) -> None:
    """Let time pass on the clock of the page, and the connections that it makes then fail."""
    register.page.clock.run_for(seconds * 1000)
    register.page.wait_for_timeout(200)
