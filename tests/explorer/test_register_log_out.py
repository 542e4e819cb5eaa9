"""After a log-out the page shows nothing of the register, with or without a connection."""

from playwright.sync_api import Browser, Route, expect

from tests.clients.page import Explorer
from tests.clients.record import await_query, record_opened, title

OFFLINE = "net::ERR_"
CALLER = '"variables":{}'


def log_out(register: Explorer) -> None:
    register.page.get_by_role("button", name="Log out").click()


def expect_welcome(register: Explorer) -> None:
    expect(register.page.get_by_role("main").get_by_role("button", name="Log in")).to_be_visible()
    expect(title(register)).to_have_count(0)
    expect(register.node()).to_have_count(0)
    expect(register.page.locator(".caller")).to_have_count(0)


def test_an_answer_after_the_log_out_does_not_bring_the_register_back(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9889") as register:
        held: list[Route] = []

        def hold(route: Route) -> None:
            if not held and CALLER in (route.request.post_data or ""):
                held.append(route)
            else:
                route.continue_()

        register.page.route("**/graphql", hold)
        register.page.locator(".org select").select_option(index=1)
        await_query(register, held)
        answer = held[0].fetch()
        log_out(register)
        expect_welcome(register)
        held[0].fulfill(response=answer)
        register.page.wait_for_timeout(500)
        expect_welcome(register)


def test_a_log_out_without_a_connection_shows_nothing_more_and_is_sent_later(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9889") as register:
        (refresh,) = [token for token in register.tokens() if token.count(".") == 0]
        register.context.set_offline(True)
        log_out(register)
        expect_welcome(register)
        register.page.wait_for_timeout(500)
        expect_welcome(register)
        with register.page.expect_response("**/oauth/revoke"):
            register.context.set_offline(False)
        form: dict[str, str | float | bool] = {
            "grant_type": "refresh_token", "client_id": "explorer", "refresh_token": refresh,
        }  # fmt: skip
        assert register.context.request.post(f"{program}/oauth/token", form=form).status == 400
        register.trouble[:] = [said for said in register.trouble if OFFLINE not in said and "WebSocket" not in said]
