"""The way back to a former state of a record in the register browser."""

from playwright.sync_api import Browser, Locator, expect

from tests.clients.page import Explorer
from tests.clients.record import asks, busy, held, record_opened, rights_answered, title
from tests.explorer.histories import (
    AWAY,
    COMMUNITY,
    OF_LISI,
    OTHER,
    RENTED,
    building,
    change,
    entries,
    headings,
    register_opened,
    restore,
    show_history,
    unit,
)


def restoring(register: Explorer) -> tuple[str, Locator]:
    """Rename a building from 旧 to 新, and open the dialog that undoes it; return the building's id and the dialog."""
    id_ = building(register, "旧")
    change(register, "updateSpace", id=id_, name="新")
    show_history(register, id_)
    return id_, restore(register)


def test_a_record_goes_back_to_a_former_state_after_its_fields_were_named(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "原名")
        change(register, "updateSpace", id=id_, name="一")
        change(register, "updateSpace", id=id_, name="二")
        change(register, "moveSpace", id=id_, parentId=OTHER)
        change(register, "setSpaceStatus", id=id_, status="DISABLED")
        show_history(register, id_)
        expect(entries(register)).to_have_count(5)
        dialog = restore(register, 3)
        expect(dialog.get_by_role("row", name="Name")).to_contain_text("二原名")
        expect(dialog.get_by_role("row", name="Status")).to_contain_text("DisabledEnabled")
        expect(dialog.get_by_role("row", name="Parent")).to_contain_text("云悦江山 (9888)简岸花园 (9885)")
        dialog.get_by_label("Why").fill("改错了")
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog).to_have_count(0)
        expect(title(register)).to_have_text("原名")
        expect(entries(register)).to_have_count(6)
        expect(entries(register).first).to_contain_text("Reason: 改错了")
        for word in ("enamed", "oved", "nabled"):
            expect(headings(register).first).to_contain_text(word)
        stored = register.ask(f'{{ space(id: "{id_}") {{ name status parentId }} }}')["space"]
        assert stored == {"name": "原名", "status": "ENABLED", "parentId": COMMUNITY}


def test_names_that_come_late_are_shown_in_an_open_dialog(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "迟")
        change(register, "moveSpace", id=id_, parentId=OTHER)
        with held(register, asks('{"spaces":[')):  # names
            show_history(register, id_)
            moved = restore(register).get_by_role("row", name="Parent")
            expect(moved).to_contain_text(f"{OTHER}{COMMUNITY}")
        expect(moved).to_contain_text(f"云悦江山 ({OTHER})简岸花园 ({COMMUNITY})")


def test_an_entry_that_is_undone_already_has_no_button(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "同")
        change(register, "updateSpace", id=id_, name="异")
        change(register, "updateSpace", id=id_, name="同")
        show_history(register, id_)
        expect(entries(register)).to_have_count(3)
        expect(entries(register).nth(0).get_by_role("button", name="Restore")).to_be_visible()
        expect(entries(register).nth(1).get_by_role("button", name="Restore")).to_have_count(0)


def test_what_others_change_meanwhile_is_not_overwritten_unseen(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_, dialog = restoring(register)
        change(register, "updateSpace", id=id_, name="更新")
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Others have changed this record")
        expect(dialog.get_by_role("row", name="Name")).to_contain_text("新更新旧")
        dialog.get_by_role("button", name="Write mine over it").click()
        expect(title(register)).to_have_text("旧")


def test_a_dialog_stays_when_the_history_cannot_be_read_again(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_, dialog = restoring(register)
        dialog.get_by_label("Why").fill("改错了")
        with busy(register, asks(f'{{"id":"{id_}","after":null}}')):
            change(register, "updateSpace", id=id_, name="更新")
            dialog.get_by_role("button", name="Restore").click()
            expect(dialog.get_by_role("alert").last).to_have_text("The program does not answer.")
            expect(register.page.get_by_role("button", name="Try again", include_hidden=True)).to_have_count(1)
            expect(entries(register)).to_have_count(2)
            expect(dialog.get_by_label("Why")).to_have_value("改错了")
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog.get_by_role("row", name="Name")).to_contain_text("新更新旧")
        dialog.get_by_role("button", name="Write mine over it").click()
        expect(title(register)).to_have_text("旧")
        expect(entries(register).first).to_contain_text("Reason: 改错了")


def test_a_dialog_stays_when_somebody_deletes_the_record(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_, dialog = restoring(register)
        dialog.get_by_label("Why").fill("改错了")
        change(register, "deleteSpace", id=id_)
        expect(register.page.locator(".record-head")).to_contain_text("Deleted")
        expect(dialog.get_by_label("Why")).to_have_value("改错了")
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog.get_by_role("alert").first).to_be_visible()
        register.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_a_refused_restoration_is_explained(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "无")
        below = unit(register, "无下", above)
        change(register, "deleteSpace", id=below)
        change(register, "deleteSpace", id=above)
        show_history(register, below)
        dialog = restore(register)
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog.get_by_role("alert")).to_contain_text(f"the record above, {above}, no longer exists")
        dialog.get_by_role("button", name="Cancel").click()
        expect(entries(register).first.get_by_role("button", name="Restore")).to_be_focused()


def test_an_ordinary_member_of_staff_sees_no_restore(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, "lisi") as register:
        change(register, "updateSpace", id=OF_LISI, area="99.5")
        with rights_answered(register):
            show_history(register, OF_LISI)
        expect(headings(register).first).to_have_text("Changed: Area")
        expect(register.page.get_by_role("button", name="Restore")).to_have_count(0)


def test_a_relation_goes_back_to_a_former_state(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", RENTED) as register:
        assert register.ask(AWAY)["updatePropertyRelation"]["errors"] == []
        register.page.get_by_role("navigation", name="Views").get_by_role("link", name="Residents").click()
        register.page.get_by_text("History of the relation").click()
        expect(headings(register).first).to_have_text("Changed: Housing status")
        dialog = restore(register)
        expect(dialog.get_by_role("row", name="Housing status")).to_contain_text("Away for a timeLives there")
        dialog.get_by_role("button", name="Restore").click()
        expect(dialog).to_have_count(0)
        query = f'{{ space(id: "{RENTED}") {{ propertyRelations {{ housingStatus }} }} }}'
        assert register.ask(query)["space"]["propertyRelations"] == [{"housingStatus": "LIVING_IN"}]


def test_it_is_used_with_the_keyboard(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "键")
        change(register, "updateSpace", id=id_, name="盘")
        show_history(register, id_)
        button = entries(register).first.get_by_role("button", name="Restore")
        button.focus()
        register.page.keyboard.press("Enter")
        expect(register.page.get_by_role("dialog")).to_be_visible()
        register.page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(button).to_have_accessible_description("Renamed")
