"""Who lives in a house, who claims it, and who moved in or out, in the register browser."""

from playwright.sync_api import Browser, Locator, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, asks, busy
from tests.databases import execute_in
from tests.explorer.buildings import CUSTOMER, OTHER, relate, show, spaces, written

PHONE = "13418770013"


def section(register: Explorer, title: str) -> Locator:
    heading = register.page.get_by_role("heading", name=title)
    return register.page.locator(".occupants section").filter(has=heading)


def test_the_residents_of_a_house_and_its_log_newest_first(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=4238&view=residents") as register:
        register.log_in_to_register()
        now = section(register, "Who has it now").get_by_role("listitem")
        expect(now).to_have_count(1)
        for text in ("客户13", PHONE, "Owner", "Main owner", "Lives there", "recorded "):
            expect(now).to_contain_text(text)
        chips = section(register, "Moved in or out").locator(".chip")
        expect(chips).to_have_text(["Away for a time", "Lives there", "Cancelled", "Cancelled", "Lives there"])
        expect(section(register, "Claims")).to_contain_text("None.")


def test_a_parking_place_has_the_view_and_a_floor_has_not(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=20704&view=residents") as register:
        register.log_in_to_register()
        expect(section(register, "Who has it now")).to_contain_text("Member of the owner's household")
        show(register, "9891", "residents")
        expect(register.page.get_by_role("navigation", name="Views")).not_to_contain_text("Residents")


def test_personal_data_are_masked_for_callers_who_may_not_read_them(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=41089&view=residents") as register:
        register.log_in_to_register("kongls")
        now = section(register, "Who has it now")
        expect(now).to_contain_text("小西")
        expect(now).to_contain_text("****")
        phone = register.ask('{ customer(id: "47003") { phone } }')["customer"]["phone"]
        assert phone not in now.inner_text()


def test_several_owners_claims_and_moves_are_shown_when_others_make_them(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9892&view=residents") as register,
    ):
        register.log_in_to_register()
        now = section(register, "Who has it now").get_by_role("listitem")
        expect(now).to_have_count(1)
        relate(register, "9892", OTHER, "OWNER")
        expect(now).to_have_count(2)
        expect(now.first).to_contain_text("Main owner")
        execute_in(
            settings.database_url or "",
            "insert into verification (type, space_id, customer_id, tenure, app_user_id, app_user_name, app_user_phone)"
            " values ('HOUSE', 9892, 9146, 'TENANT', 500, '用户500', '13900000500')",
        )
        expect(section(register, "Claims")).to_contain_text("用户500 13900000500")
        held = f'propertyRelations(filter: {{spaceId: {{eq: "9892"}}, customerId: {{eq: "{OTHER}"}}}})'
        relation = register.ask(f"{{ {held} {{ nodes {{ id version }} }} }}")["propertyRelations"]["nodes"][0]
        moved_out = {"id": relation["id"], "expectedVersion": relation["version"], "housingStatus": "MOVED_OUT"}
        written(register, "updatePropertyRelations", "propertyRelations", [moved_out], "id")
        expect(now).to_have_count(1)
        expect(section(register, "Moved in or out").locator(".chip").first).to_have_text("Moved out")


def test_a_history_stays_open_when_the_residents_cannot_be_read_again(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register()
        (house,) = spaces(register, "9891", "HOUSE", "忙")
        relate(register, house, CUSTOMER, "OWNER")
        show(register, house, "residents")
        register.page.get_by_text("History of the relation").click()
        history = register.page.get_by_role("list", name="Changes")
        expect(history).to_be_visible()
        again = register.page.locator(".view").get_by_role("button", name="Try again")
        with busy(register, asks(f'{{"id":"{house}"}}')):
            relate(register, house, OTHER, "OWNER")
            expect(again).to_be_visible()
            expect(history).to_be_visible()
        again.click()
        expect(section(register, "Who has it now").locator(".people > li")).to_have_count(2)
        expect(history).to_be_visible()
