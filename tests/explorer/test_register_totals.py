"""Totals in the register browser: bars and tables of what communities and buildings add up to."""

from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER
from tests.explorer.buildings import spaces


def figures(register: Explorer) -> list[list[str]]:
    """Return the table of the figures."""
    register.page.locator(".figures table").wait_for()
    return [row.locator("th, td").all_inner_texts() for row in register.page.locator(".figures tr").all()]


def choose(register: Explorer, measure: str) -> None:
    register.page.get_by_role("radio", name=measure, exact=True).check()


def test_an_organisation_shows_its_communities_as_bars_and_as_a_table(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=org&record=9103&view=totals") as register:
        register.log_in_to_register()
        assert figures(register) == [
            ["Community", "Lived in", "Residents away", "Empty"],
            ["简岸花园", "1", "0", "0"],
            ["All together", "1", "0", "0"],
        ]
        expect(register.page.locator(".bars svg.recharts-surface")).to_be_visible()
        expect(register.page.locator(".bars .recharts-bar")).to_have_count(3)
        choose(register, "Spaces by type")
        assert figures(register) == [
            ["Community", "Community", "Structure", "Building", "Floor", "House or flat"],
            ["简岸花园", "1", "1", "1", "1", "1"],
            ["All together", "1", "1", "1", "1", "1"],
        ]
        choose(register, "Parking by state")
        assert figures(register)[0][-1] == "Not recorded"
        register.page.get_by_role("link", name="简岸花园").click()
        expect(register.page.get_by_role("heading", level=2)).to_have_text("简岸花园")
        assert figures(register)[1] == ["简岸花园/建筑物8/8栋", "1", "0", "0"]


def test_the_whole_is_one_request_and_long_lists_have_pages(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, "explorer") as register,
    ):
        spaces(register, "9889", "BUILDING", *(f"{number}号楼" for number in range(1, 31)), area="10.5")
        register.page.goto(f"{address}/{REGISTER}?tree=space&record=9885&view=totals")
        register.log_in_to_register()
        figures(register)
        status = register.page.get_by_role("navigation", name="Pages").get_by_role("status")
        expect(status).to_have_text("1 to 25 of 31")
        asked = [each.response() for each in register.sent if '"offset":0' in (each.post_data or "")]
        shown = [answer for answer in asked if answer and '"feeArea"' in answer.text() and "号楼" in answer.text()]
        assert len(shown) == 1
        register.page.get_by_role("button", name="Next").click()
        expect(status).to_have_text("26 to 31 of 31")
        choose(register, "Area (m²)")
        assert figures(register)[-1] == ["All together", "315", "20.2"]
        expect(register.page.get_by_role("button", name="Next")).to_be_disabled()


def test_totals_follow_what_others_change(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=org&record=9103&view=totals") as register,
    ):
        register.log_in_to_register()
        assert figures(register)[-1] == ["All together", "1", "0", "0"]
        spaces(register, "9891", "HOUSE", "603", "604")
        expect(register.page.locator(".figures tfoot td").last).to_have_text("2")


def test_what_there_is_none_of_is_said_in_words(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9889&view=totals") as register:
        register.log_in_to_register()
        choose(register, "Charged area (m²)")
        expect(register.page.get_by_text("Charged area (m²): nothing to count.")).to_be_visible()
        expect(register.page.locator(".bars")).to_have_count(0)


def test_a_foreign_tenant_sees_no_totals(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=org&record=9103&view=totals") as register:
        register.log_in_to_register("zhangx")
        expect(register.page.get_by_text("There is no such record, or you may not see it.")).to_be_visible()
        expect(register.page.locator(".figures")).to_have_count(0)
