"""An account that loses its role sees and changes nothing more of what the role was for."""

from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.record import dialog, open_dialog, record_opened, title

DISMISSED = 'mutation { dismissAdministrators(input: {adminIds: ["43002"], orgId: "15264"}) { errors { code } } }'


def test_an_account_that_loses_its_role_loses_the_buttons_and_the_records(
    chromium: Browser, settings: Settings
) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "41031", account="zhangx") as register:
        shown = open_dialog(register, "Rename")
        shown.get_by_label("Name").fill("typed")
        assert register.ask(DISMISSED)["dismissAdministrators"]["errors"] == []
        shown.get_by_role("button", name="Rename").click()
        expect(shown.get_by_role("alert").first).to_be_visible()
        expect(register.page.locator(".actions")).to_have_count(0)
        expect(title(register)).to_have_count(0)
        expect(register.node()).to_have_count(0)
        expect(shown.get_by_label("Name")).to_have_value("typed")
        register.page.keyboard.press("Escape")
        expect(dialog(register)).to_have_count(0)
