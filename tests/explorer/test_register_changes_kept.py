"""A dialog keeps what was typed while others change or delete the record."""

from playwright.sync_api import Browser, Locator, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import asks, busy, dialog, open_dialog, record_opened, title

DISABLED = 'mutation { setSpaceStatus(input: {id: "%s", status: DISABLED}) { errors { code } } }'
DELETED = 'mutation { deleteSpaceTree(input: {id: "%s"}) { errors { code } } }'
OTHER_ORG = 'mutation { setCommunityOrg(input: {id: "%s", orgId: "119"}) { errors { code } } }'
CREATED = 'mutation { createSpace(input: {parentId: "%s", name: "短", type: STRUCTURE}) { errors { code } } }'


def type_name(register: Explorer) -> Locator:
    register.page.wait_for_timeout(1_000)  # the subscription begins with what happens from then on
    shown = open_dialog(register, "Rename")
    shown.get_by_label("Name").fill("typed")
    return shown


def change(register: Explorer, mutation: str, id_: str) -> None:
    (payload,) = register.ask(mutation % id_).values()
    assert payload["errors"] == []


def test_a_record_that_cannot_be_read_again_stays_with_its_dialog(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "9886") as register:
        shown = type_name(register)
        again = register.page.locator(".record").get_by_role("button", name="Try again", include_hidden=True)
        with busy(register, asks('{"id":"9886"}')):
            change(register, DISABLED, "9886")
            expect(again).to_have_count(1)
        expect(title(register)).to_be_visible()
        expect(shown.get_by_label("Name")).to_have_value("typed")
        register.page.keyboard.press("Escape")
        again.click()
        expect(register.page.locator(".record-head")).to_contain_text("Disabled")
        expect(again).to_have_count(0)


def test_a_dialog_stays_when_somebody_deletes_its_record(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "9889") as register:
        change(register, CREATED, "9885")
        register.node("短").click()
        expect(title(register)).to_have_text("短")
        shown = type_name(register)
        change(register, DELETED, register.page.url.rpartition("record=")[2])
        expect(register.page.locator(".record-head")).to_contain_text("Deleted")
        expect(shown.get_by_label("Name")).to_have_value("typed")
        shown.get_by_role("button", name="Rename").click()
        expect(shown.get_by_role("alert").first).to_be_visible()
        register.page.keyboard.press("Escape")
        expect(dialog(register)).to_have_count(0)


def test_a_dialog_stays_when_its_community_goes_to_another_organisation(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "13430") as register:
        shown = type_name(register)
        with register.page.expect_response(lambda answer: "hasOrg" in (answer.request.post_data or "")):
            change(register, OTHER_ORG, "13430")
        expect(shown.get_by_label("Name")).to_have_value("typed")
        expect(register.page.locator(".actions")).to_be_attached()
