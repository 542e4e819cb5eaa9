"""/explorer in a real browser: what analysts do there, from the log-in to the log-out."""

import csv
import io
from pathlib import Path

from playwright.sync_api import WebSocket, expect

from app.bulk.demo import PASSWORD
from tests.clients.page import Explorer

HOUSES = (
    "query Houses { spaces(first: 2, filter: { type: { eq: HOUSE } }) { nodes { id fullName community { name } } } }"
)


def test_an_analyst_logs_in_and_runs_an_example(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.open_example("Who lives in this building")
    expect(explorer.lines()).to_contain_text("WhoLivesInThisBuilding")
    answer = explorer.run()
    assert answer["data"]["propertyRelations"]["totalCount"] == 1
    expect(explorer.page.locator(".answer output")).to_contain_text("ms · cost 522 of 1,000,000 · 4 rows")


def test_the_errors_of_a_refused_query_are_shown(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.write("{ nothing }")
    assert explorer.run()["errors"]
    expect(explorer.page.locator(".answer output")).to_contain_text("cost – of 1,000,000")
    expect(explorer.lines("response .result-window")).to_contain_text("nothing")


def test_an_answer_is_shown_as_a_table_and_saved_as_csv(explorer: Explorer, tmp_path: Path) -> None:
    explorer.log_in()
    explorer.write(HOUSES)
    nodes = explorer.run()["data"]["spaces"]["nodes"]
    explorer.page.get_by_role("button", name="Table", exact=True).click()
    expected = [["id", "fullName", "community.name"]]
    expected += [[node["id"], node["fullName"], node["community"]["name"]] for node in nodes]
    assert explorer.table() == expected
    for button in ("CSV", "CSV, all rows"):
        file = explorer.download(button, tmp_path)
        assert file.startswith("\ufeff")
        assert [*csv.reader(io.StringIO(file.removeprefix("\ufeff")))] == expected


RENAME = """mutation {
  updateSpace(input: {id: "18", expectedVersion: %d, name: "实时"}) { space { version } errors { code } }
}"""


def test_changes_are_followed_live(explorer: Explorer) -> None:
    explorer.log_in()
    sockets: list[WebSocket] = []
    explorer.page.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108 - playwright marks its handlers
    explorer.open_example("Follow changes live")
    explorer.page.get_by_role("button", name="Execute query").click()
    answer = explorer.page.locator(".graphiql-response .result-window")
    version = explorer.ask('{ space(id: "18") { version } }')["space"]["version"]
    for _ in range(20):  # the subscription begins with what happens from then on
        version = explorer.ask(RENAME % version)["updateSpace"]["space"]["version"]
        explorer.page.wait_for_timeout(500)
        if "UPDATE" in answer.inner_text():
            break
    expect(answer).to_contain_text("supperadm")
    (socket,) = sockets
    assert socket.url == explorer.address.replace("http", "ws") + "/graphql"
    with socket.expect_event("close"):
        explorer.page.get_by_role("button", name="Stop query").click()
    expect(explorer.page.get_by_role("button", name="Execute query")).to_be_visible()


def test_a_query_is_built_by_clicking(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.page.get_by_role("button", name="Show Query builder").click()
    fields = explorer.page.locator(".docExplorerWrap")
    fields.get_by_text("me", exact=True).click()
    fields.get_by_text("clientId", exact=True).click()
    assert explorer.run()["data"] == {"me": {"clientId": "explorer"}}


def test_a_shared_link_opens_its_query_after_the_log_in(explorer: Explorer) -> None:
    explorer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer.log_in()
    explorer.write(HOUSES)
    explorer.page.get_by_role("button", name="Copy link").click()
    expect(explorer.page.get_by_role("button", name="Copied")).to_be_visible()
    link = explorer.page.evaluate("navigator.clipboard.readText()")
    assert link == explorer.page.url
    assert not any(token in link for token in explorer.tokens())
    other = explorer.context.browser
    assert other is not None
    with Explorer.opened(other, explorer.address) as second:
        second.page.goto(link)
        second.page.reload()
        second.log_in("yanggc4")
        expect(second.lines()).to_have_text(HOUSES)
        assert len(second.run()["data"]["spaces"]["nodes"]) == 2


def test_work_in_another_organisation_narrows_what_is_seen(explorer: Explorer) -> None:
    explorer.log_in("yanggc4")
    explorer.write("{ orgs(filter: { type: { eq: BUSINESS } }) { totalCount } }")
    everywhere = explorer.run()["data"]["orgs"]["totalCount"]
    menu = explorer.page.get_by_label("Work in")
    expect(menu.get_by_role("option")).to_have_count(everywhere + 1)
    menu.select_option(label="测试顶级业务组织1")
    narrowed = explorer.run()
    assert 0 < narrowed["data"]["orgs"]["totalCount"] < everywhere
    sent = [each for each in explorer.sent if each.url.endswith("/graphql")]
    assert sent[-1].headers["cadastre-org"] == "2"


def test_who_is_logged_in_and_what_they_may_do_is_shown(explorer: Explorer) -> None:
    explorer.log_in("zhangx")
    explorer.page.get_by_text("张欣").click()
    details = explorer.page.locator(".caller dl")
    expect(details).to_contain_text("zhangx")
    expect(details).to_contain_text("SPACE_WRITE")


def test_a_foreign_tenant_sees_nothing(explorer: Explorer) -> None:
    explorer.log_in("kongls")
    explorer.open_example("Who lives in this building")
    assert explorer.run()["data"]["propertyRelations"] == {
        "totalCount": 0, "nodes": [], "pageInfo": {"endCursor": None, "hasNextPage": False}
    }  # fmt: skip


def test_a_log_out_ends_the_log_in_here_and_in_the_program(explorer: Explorer) -> None:
    explorer.log_in()
    access, *_ = [token for token in explorer.tokens() if token.count(".") == 2]
    with explorer.page.expect_response("**/oauth/revoke"):
        explorer.page.get_by_role("button", name="Log out").click()
    expect(explorer.page.get_by_role("main").get_by_role("button", name="Log in")).to_be_visible()
    explorer.page.wait_for_timeout(1000)  # the tokens of a log-in that ends are refused within a second
    answer = explorer.context.request.post(
        f"{explorer.address}/graphql",
        data={"query": "{ me { clientId } }"}, headers={"authorization": f"Bearer {access}"},
    )  # fmt: skip
    assert answer.status == 401


def test_no_token_is_ever_in_the_storage_or_in_an_address(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.open_example("Staff and their roles")
    explorer.run()
    explorer.page.wait_for_timeout(1000)  # GraphiQL stores its tabs half a second later
    tokens = explorer.tokens()
    assert len(tokens) == 2
    assert "StaffAndTheirRoles" in explorer.stored()
    assert "huangrp5" not in explorer.stored()  # queries are kept, answers are not
    seen = [explorer.stored(), *(request.url for request in explorer.sent)]
    assert [token for token in (*tokens, PASSWORD) if any(token in text for text in seen)] == []
    assert "code=" not in explorer.page.url


def test_a_token_that_is_refused_is_renewed_without_a_word(explorer: Explorer) -> None:
    explorer.log_in()
    refused = False

    def refuse_once(route: object) -> None:
        nonlocal refused
        if refused:
            route.continue_()  # type: ignore[attr-defined]
        else:
            refused = True
            route.fulfill(status=401, json={"errors": []})  # type: ignore[attr-defined]

    explorer.page.route("**/graphql", refuse_once)
    explorer.write("{ me { clientId } }")
    explorer.page.get_by_role("button", name="Execute query").click()
    expect(explorer.page.locator(".result-window")).to_contain_text("explorer")
    assert len(explorer.tokens()) == 4


def test_a_legacy_url_opens_its_operation(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.page.get_by_role("button", name="Show Legacy URLs").click()
    explorer.page.get_by_label("URL or path").fill("POST https://old.example/v1/iot/main/supper/menu/tree?x=1")
    explorer.page.get_by_role("button", name="Find").click()
    expect(explorer.page.locator(".graphiql-query-editor")).to_contain_text("query MenuTree")
    explorer.page.get_by_label("URL or path").fill("/v1/nothing")
    explorer.page.get_by_role("button", name="Find").click()
    expect(explorer.page.get_by_text("No operation answers this URL.")).to_be_visible()


def test_a_log_in_that_ends_elsewhere_is_said(explorer: Explorer) -> None:
    explorer.log_in()
    (refresh,) = [token for token in explorer.tokens() if token.count(".") == 0]
    form: dict[str, str | float | bool] = {"client_id": "explorer", "token": refresh}
    assert explorer.context.request.post(f"{explorer.address}/oauth/revoke", form=form).ok
    explorer.write("{ me { clientId } }")
    explorer.page.get_by_role("button", name="Execute query").click()
    expect(explorer.page.locator(".trouble")).to_contain_text("The log-in is over.")
    expect(explorer.page.get_by_role("main").get_by_role("button", name="Log in")).to_be_visible()
    explorer.trouble.clear()  # the browser reports the refused renewal


def test_each_list_of_an_answer_has_a_table_and_no_cell_is_a_formula(explorer: Explorer, tmp_path: Path) -> None:
    explorer.log_in()
    explorer.write(
        'mutation { createSpace(input: { parentId: "9890", name: "=1+1", type: UNIT }) { errors { message } } }'
    )
    assert explorer.run()["data"]["createSpace"]["errors"] == []
    named = 'spaces(filter: { name: { eq: "=1+1" } }) { nodes { name } groups(by: [TYPE]) { count type } }'
    explorer.write(f"{{ {named} orgs(first: 1) {{ nodes {{ id }} }} }}")
    explorer.run()
    explorer.page.get_by_role("button", name="Table", exact=True).click()
    assert explorer.table() == [["name"], ["=1+1"]]
    assert explorer.download("CSV", tmp_path) == "\ufeffname\r\n'=1+1\r\n"
    explorer.page.get_by_label("List").select_option("spaces.groups")
    assert explorer.table() == [["count", "type"], ["1", "UNIT"]]
    explorer.page.get_by_role("button", name="CSV, all rows").click()
    expect(
        explorer.page.locator(".answer").get_by_role("alert")
    ).not_to_be_empty()  # the program writes files of one list
    explorer.trouble.clear()
