"""Houses are added in bulk: nothing is written before the preview is checked, and all are written or none."""

from playwright.sync_api import Browser, Locator, expect

from tests.clients.page import Explorer
from tests.clients.record import answers_lost, dialog, mutations, open_dialog, record_opened, value_of
from tests.explorer.buildings import spaces


def fill(shown: Locator, **fields: str) -> None:
    labels = {
        "building": "Name of the new building",
        "first": "First floor",
        "last": "Last floor",
        "houses": "Houses on each floor",
        "floor": "Names of floors",
        "prefix": "Before each number",
    }
    for name, value in fields.items():
        shown.get_by_label(labels[name]).fill(value)


def check(shown: Locator) -> None:
    shown.get_by_role("button", name="Check").click()
    expect(shown.get_by_role("status")).to_contain_text("The program takes them all")


def counts(register: Explorer, id_: str) -> dict[str, int]:
    query = f'{{ space(id: "{id_}") {{ f: descendantCount(type: FLOOR) h: descendantCount(type: HOUSE) }} }}'
    result: dict[str, int] = register.ask(query)["space"]
    return result


def test_a_whole_building_is_added_at_once(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9887") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, building="18栋", first="1", last="18", houses="4", floor="{n}层")
        shown.get_by_label("Numbers like").select_option("0101")
        preview = shown.get_by_role("region", name="Preview")
        expect(preview.get_by_role("row")).to_have_count(18)
        expect(preview.get_by_role("row").first).to_have_text("18层1801180218031804")
        expect(shown.get_by_role("row", name="House")).to_contain_text("72: 0101 to 1804")
        create = shown.get_by_role("button", name="Create 91 records")
        expect(create).to_be_disabled()
        check(shown)
        assert counts(register, "9887") == {"f": 0, "h": 0}
        create.click()
        expect(dialog(register)).to_have_count(0)
        assert counts(register, "9887") == {"f": 18, "h": 72}
        expect(register.node("海岸花园")).to_have_attribute("aria-expanded", "false")
        register.node("海岸花园").locator(".twisty").click()
        expect(register.node("18栋")).to_be_visible()


def test_what_is_there_already_stays(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9890") as register:
        shown = open_dialog(register, "Add houses")
        expect(shown.get_by_label("Name of the new building")).to_have_count(0)
        fill(shown, first="6", last="7", houses="2", floor="{n}层")
        rows = shown.get_by_role("region", name="Preview").get_by_role("row")
        expect(rows.nth(1)).to_have_text("6层 exists601602 exists")
        check(shown)
        shown.get_by_role("button", name="Create 4 records").click()
        expect(dialog(register)).to_have_count(0)
        assert counts(register, "9890") == {"f": 2, "h": 4}


def test_what_others_add_before_the_dialog_is_opened_again_stays(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9890") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, first="30", last="30", houses="1")
        row = shown.get_by_role("region", name="Preview").get_by_role("row")
        expect(row).to_have_text("Floor 303001")
        shown.get_by_role("button", name="Cancel").click()
        (floor,) = spaces(register, "9890", "FLOOR", "Floor 30")
        spaces(register, floor, "HOUSE", "3001")
        shown = open_dialog(register, "Add houses")
        fill(shown, first="30", last="30", houses="1")
        expect(row).to_have_text("Floor 30 exists3001 exists")


def test_an_error_names_its_record_and_nothing_is_written(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9886") as register:
        before = counts(register, "9886")
        shown = open_dialog(register, "Add houses")
        fill(shown, building="新栋", floor="名" * 300 + "{n}", last="1", houses="1")
        shown.get_by_role("button", name="Check").click()
        expect(shown.get_by_role("alert")).to_contain_text("名1:")
        expect(shown.get_by_role("button", name="Create 3 records")).to_be_disabled()
        fill(shown, floor="{n}")
        expect(shown.get_by_role("alert")).to_have_count(0)
        assert counts(register, "9886") == before


def test_more_than_the_program_takes_is_refused_before_it_is_sent(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "13910") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, building="大", last="100", houses="20")
        expect(shown.get_by_role("alert")).to_contain_text("the program takes 1,000 at once")
        expect(shown.get_by_role("button", name="Check")).to_be_disabled()
        assert mutations(register) == []


def test_a_building_whose_answer_is_lost_is_added_once(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "13430") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, building="一栋", last="2", houses="2")
        check(shown)
        with answers_lost(register):
            shown.get_by_role("button", name="Create 7 records").click()
            expect(shown.get_by_role("alert")).to_contain_text("has not answered")
        shown.get_by_role("button", name="Create 7 records").click()
        expect(dialog(register)).to_have_count(0)
        assert counts(register, "13430") == {"f": 2, "h": 4}
        assert value_of(register, "space", "13430", "childCount") == 1


def test_each_floor_has_a_name_of_its_own(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9890") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, first="11", last="12", houses="1", floor="Roof")
        expect(shown.get_by_role("alert")).to_contain_text("need {n}")
        expect(shown.get_by_role("button", name="Check")).to_be_disabled()
        fill(shown, floor="{n} ({n})")
        rows = shown.get_by_role("region", name="Preview").get_by_role("row")
        expect(rows).to_have_text(["12 (12)1201", "11 (11)1101"])
        fill(shown, last="11", floor="Roof")
        expect(rows).to_have_text(["Roof1101"])
        expect(shown.get_by_role("alert")).to_have_count(0)


def test_too_many_houses_are_not_drawn(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "13910") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, building="大", last="200", houses="99")
        expect(shown.get_by_role("alert")).to_contain_text("are too many")
        expect(shown.get_by_role("region", name="Preview")).to_have_count(0)
        assert register.page.locator("dialog td").count() == 0


def test_each_limit_of_houses_is_named(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "13910") as register:
        shown = open_dialog(register, "Add houses")
        fill(shown, building="大")
        said = shown.get_by_role("alert")
        expect(said).to_have_count(0)
        fill(shown, houses="100")
        expect(said).to_have_text("A floor has 1 to 99 houses.")
        fill(shown, houses="2", last="201")
        expect(said).to_have_text("Floors are whole numbers from 1 to 200.")
        fill(shown, first="-1", last="2")
        expect(said).to_have_text("Floors are whole numbers from 1 to 200.")
        fill(shown, first="3")
        expect(said).to_have_text("The last floor is below the first one.")
        fill(shown, first="1", floor="层")
        expect(said).to_contain_text("need {n}")
        expect(shown.get_by_role("button", name="Check")).to_be_disabled()
        fill(shown, floor="{n}层")
        expect(said).to_have_count(0)
        expect(shown.get_by_role("button", name="Check")).to_be_enabled()
