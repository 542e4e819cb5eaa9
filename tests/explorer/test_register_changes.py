"""Changes in the register browser: nothing is written without a confirmation, and nothing is overwritten unseen."""

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.clients.page import Explorer
from tests.clients.record import (
    REGISTER,
    answers_lost,
    asks,
    dialog,
    held,
    is_change,
    mutations,
    open_dialog,
    record_opened,
    rights_answered,
    title,
    value_of,
)
from tests.explorer.buildings import show
from tests.explorer.histories import building, change, register_opened


def changes_of(register: Explorer, id_: str) -> int:
    count: int = value_of(register, "space", id_, "history { totalCount }")["totalCount"]
    return count


def begin_renaming(register: Explorer, name: str) -> Locator:
    shown = open_dialog(register, "Rename")
    shown.get_by_label("Name").fill(name)
    return shown


def test_a_renaming_shows_before_and_after_and_is_written_once(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9889") as register:
        shown = begin_renaming(register, "建筑物八")
        expect(shown.get_by_role("row", name="Name")).to_contain_text("建筑物8")
        expect(shown.get_by_role("row", name="Name")).to_contain_text("建筑物八")
        assert value_of(register, "space", "9889") == "建筑物8"
        shown.get_by_label("Why").fill("门牌更新 2021")
        shown.get_by_role("button", name="Rename").click()
        expect(shown).to_have_count(0)
        expect(title(register)).to_have_text("建筑物八")
        expect(register.node("建筑物八")).to_have_attribute("aria-selected", "true")
        expect(register.page.get_by_role("button", name="Rename")).to_be_focused()
        assert len(mutations(register)) == 1
        kept = register.ask('{ space(id: "9889") { history(first: 1) { nodes { reason changedFields } } } }')
        assert kept["space"]["history"]["nodes"][0]["reason"] == "门牌更新 2021"


def test_cancel_and_escape_write_nothing(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9886") as register:
        begin_renaming(register, "另一个").get_by_role("button", name="Cancel").click()
        expect(dialog(register)).to_have_count(0)
        begin_renaming(register, "另一个")
        register.page.keyboard.press("Escape")
        expect(dialog(register)).to_have_count(0)
        assert mutations(register) == []


def test_an_organisation_is_disabled_and_enabled(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "org", "9099") as register:
        shown = open_dialog(register, "Disable")
        expect(shown.get_by_role("button", name="Cancel")).to_be_focused()
        expect(shown.get_by_role("row", name="Status")).to_contain_text("Disabled")
        shown.get_by_role("button", name="Disable").click()
        expect(register.page.locator(".record-head")).to_contain_text("Disabled")
        open_dialog(register, "Enable").get_by_role("button", name="Enable").click()
        expect(register.page.locator(".record-head")).to_contain_text("Enabled")


def test_an_error_stands_beside_its_field_in_the_language_of_the_caller(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9887", locale="zh-CN") as register:
        shown = open_dialog(register, "重命名")
        field = shown.get_by_label("名称")
        field.fill(" ")
        shown.get_by_role("button", name="重命名").click()
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby")
        expect(shown.locator(f"[id='{described}']")).to_contain_text("内容不能为空")


def test_a_conflict_shows_both_versions_and_their_version_stays(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9888") as register:
        shown = begin_renaming(register, "我的名称")
        renamed = register.ask('mutation { updateSpace(input: {id: "9888", name: "他人的名称"}) { errors { code } } }')
        assert renamed["updateSpace"]["errors"] == []
        shown.get_by_role("button", name="Rename").click()
        row = shown.get_by_role("row", name="Name")
        expect(row.get_by_role("cell")).to_have_text(["云悦江山", "他人的名称", "我的名称"])
        expect(shown.get_by_role("button", name="Take theirs")).to_be_focused()
        shown.get_by_role("button", name="Take theirs").click()
        expect(title(register)).to_have_text("他人的名称")
        assert value_of(register, "space", "9888") == "他人的名称"


def test_what_is_written_over_others_is_what_the_conflict_shows(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "原名")
        show(register, id_, "overview")
        shown = begin_renaming(register, "我的名称")
        with held(register, asks(f'{{"id":"{id_}"}}')):
            change(register, "updateSpace", id=id_, name="他人的名称")
            with register.page.expect_response(lambda answer: "idempotency-key" in answer.request.headers):
                shown.get_by_role("button", name="Rename").click()
            shown.get_by_label("Name").fill("另一个名称")
            expect(shown.get_by_role("button", name="Sending")).to_be_visible()
        row = shown.get_by_role("row", name="Name")
        expect(row.get_by_role("cell")).to_have_text(["原名", "他人的名称", "我的名称"])
        shown.get_by_role("button", name="Write mine over it").click()
        expect(title(register)).to_have_text("我的名称")
        assert value_of(register, "space", id_) == "我的名称"


def test_a_conflict_is_overwritten_only_when_said_so(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "13430") as register:
        shown = begin_renaming(register, "我的名称")
        for name in ("他人的名称一", "他人的名称二"):
            register.ask(f'mutation {{ updateSpace(input: {{id: "13430", name: "{name}"}}) {{ errors {{ code }} }} }}')
            shown.get_by_role("button", name="Rename").or_(shown.get_by_role("button", name="Write mine")).click()
            expect(shown.get_by_role("row", name="Name")).to_contain_text(name)
        shown.get_by_role("button", name="Write mine over it").click()
        expect(title(register)).to_have_text("我的名称")
        assert value_of(register, "space", "13430") == "我的名称"


@pytest.mark.parametrize(("id_", "status"), [("13910", None), ("9891", 502)])
def test_a_change_whose_answer_is_lost_is_written_once(
    chromium: Browser, program: str, id_: str, status: int | None
) -> None:
    with record_opened(chromium, program, "space", id_) as register:
        shown = begin_renaming(register, "只写一次")
        before = changes_of(register, id_)
        with answers_lost(register, status):
            shown.get_by_role("button", name="Rename").click()
            expect(shown.get_by_role("alert")).to_contain_text("Send it again: it is written once.")
            assert value_of(register, "space", id_) == "只写一次"
        shown.get_by_role("button", name="Rename").click()
        expect(shown).to_have_count(0)
        keys = [each.headers["idempotency-key"] for each in mutations(register)]
        assert keys == [keys[0]] * 2
        answer = mutations(register)[1].response()
        assert answer is not None
        assert answer.header_value("idempotency-replayed") == "true"
        assert changes_of(register, id_) == before + 1


def test_a_second_conflict_is_announced_and_the_reason_stays(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9890") as register:
        shown = begin_renaming(register, "我的名称")
        shown.get_by_label("Why").fill("门牌更新")
        said = ["Others have changed this record since", "Others have changed this record once more"]
        for name, alert in zip(("他人一", "他人二"), said, strict=True):
            register.ask(f'mutation {{ updateSpace(input: {{id: "9890", name: "{name}"}}) {{ errors {{ code }} }} }}')
            shown.get_by_role("button", name="Rename").or_(shown.get_by_role("button", name="Write mine")).click()
            expect(shown.get_by_role("alert")).to_contain_text(alert)
        expect(shown.get_by_role("button", name="Write mine over it")).to_be_focused()

        def refuse(route: Route) -> None:
            if "idempotency-key" in route.request.headers:
                error = {"code": "INVALID_INPUT", "message": "refused", "path": ["input", "name"], "index": None}
                route.fulfill(json={"data": {"updateSpace": {"space": None, "errors": [error]}}})
            else:
                route.continue_()

        register.page.route("**/graphql", refuse)
        shown.get_by_role("button", name="Write mine over it").click()
        expect(shown.get_by_text("refused")).to_be_visible()
        expect(shown.get_by_label("Why")).to_have_value("门牌更新")


def test_a_dialog_stays_open_while_its_change_is_sent(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9886") as register:
        shown = begin_renaming(register, "四次退出")
        with held(register, is_change):
            shown.get_by_role("button", name="Rename").click()
            for _ in range(4):
                register.page.keyboard.press("Escape")
            expect(shown.get_by_role("button", name="Sending")).to_be_visible()
        expect(dialog(register)).to_have_count(0)
        expect(title(register)).to_have_text("四次退出")
        expect(open_dialog(register, "Rename")).to_be_visible()


def test_who_may_not_write_sees_no_buttons(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=3429") as register:
        with rights_answered(register):
            register.log_in_to_register("lisi")
        expect(register.page.locator(".facts")).to_be_visible()
        expect(register.page.get_by_role("group", name="Changes")).to_have_count(0)
        rights = [each for each in register.sent if '"hasOrg":true' in (each.post_data or "")]
        assert len(rights) == 1
