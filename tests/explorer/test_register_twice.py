"""A record that goes from one list to another while both are read is shown once."""

from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import asks, await_query, held, record_opened, title
from tests.explorer.buildings import show
from tests.explorer.histories import COMMUNITY, change, organisation

PARENT, OTHER_PARENT = "8830", "8831"
"""美的物业, and 产业发展事业部 below it."""


CREATED = """mutation ($spaces: [CreateSpaceInput!]!) {
  createSpaces(input: {spaces: $spaces}) { spaces { id } errors { message } }
}"""


def structures(register: Explorer, names: list[str]) -> list[str]:
    """Create structures of the community in the order of their names, and return their ids."""
    spaces = [{"name": name, "parentId": COMMUNITY, "type": "BUILDING"} for name in names]
    answer = register.ask(CREATED, {"spaces": spaces})["createSpaces"]
    assert answer["errors"] == []
    return [each["id"] for each in answer["spaces"]]


def children_of(id_: str) -> str:
    return f'{{"filter":{{"parentId":{{"eq":"{id_}"}}}}'


def test_a_moved_node_is_in_the_tree_once_and_leaves_it_when_it_is_deleted(
    chromium: Browser, settings: Settings
) -> None:
    with serving(settings) as address, record_opened(chromium, address, "org", PARENT) as register:
        moved = organisation(register, "物业三部", PARENT)
        show(register, moved, "overview", "org")
        expect(register.node("物业三部")).to_have_attribute("aria-level", "3")
        with held(register, asks(children_of(PARENT))) as old:
            change(register, "moveOrg", id=moved, parentId=OTHER_PARENT)
            await_query(register, old)
            expect(register.node("产业发展事业部")).to_have_attribute("aria-expanded", "true")
            expect(register.node("物业三部")).to_have_count(1)
        expect(register.node("物业三部")).to_have_attribute("aria-level", "4")
        change(register, "deleteOrg", id=moved)
        expect(register.node("物业三部")).to_have_count(0)


def test_nodes_that_change_places_are_in_the_tree_once(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "org", PARENT) as register:
        upper = organisation(register, "上", PARENT)
        lower = organisation(register, "下", upper)
        for parent in (upper, lower):
            organisation(register, f"{parent}的下级", parent)
        show(register, lower, "overview", "org")
        expect(register.node("下")).to_have_attribute("aria-level", "4")
        with held(register, asks(children_of(upper))) as old:
            change(register, "moveOrg", id=lower, parentId=PARENT)
            await_query(register, old)
            change(register, "moveOrg", id=upper, parentId=lower)
            show(register, upper, "overview", "org")
            expect(title(register)).to_have_text("上")
            expect(register.node(f"{lower}的下级")).to_have_count(1)
            expect(register.node("下")).to_have_count(1)
        expect(register.node("下")).to_have_attribute("aria-level", "3")
        expect(register.node("上")).to_have_attribute("aria-level", "4")


def test_a_row_that_goes_to_the_next_page_is_in_the_table_once(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", COMMUNITY) as register:
        ids = structures(register, [f"N{number:03}" for number in range(150)])
        show(register, COMMUNITY, "below")
        register.page.get_by_label("Name contains").fill("N")
        register.page.get_by_role("columnheader", name="Name", exact=True).get_by_role("button").click()
        table = register.page.get_by_role("region", name="Rows")
        expect(register.page.get_by_text("100 of 150 rows loaded")).to_be_visible()
        table.evaluate("each => each.scrollTo(0, each.scrollHeight)")
        expect(register.page.get_by_text("150 of 150 rows loaded")).to_be_visible()
        table.evaluate("each => each.scrollTo(0, each.scrollHeight * 2 / 3)")
        with held(register, lambda request: '"after":"' in (request.post_data or "")) as second:
            change(register, "updateSpace", id=ids[149], name="N149 too")
            await_query(register, second)
            change(register, "updateSpace", id=ids[95], name="N105 too")
        expect(table.get_by_role("link", name="N105 too")).to_have_count(1)
        expect(table.get_by_role("link", name="N095")).to_have_count(0)
