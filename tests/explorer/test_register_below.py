"""Everything below a record of /explorer/register as a table: narrowed, ordered, page by page, and as files."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, expect
from python_calamine import CalamineWorkbook

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER
from tests.explorer.histories import change

COMMUNITY = "15641"


@pytest.fixture
def register(chromium: Browser, program: str) -> Iterator[Explorer]:
    """Open the table of a community with twenty-one structures."""
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record={COMMUNITY}&view=below") as register:
        register.log_in_to_register("zhangx")
        expect(rows(register)).to_have_count(21)
        yield register


def rows(register: Explorer) -> Locator:
    """Return the rows of the table that are in the page, without its head."""
    return register.page.get_by_role("region", name="Rows").locator("tbody tr[aria-rowindex]")


def names(register: Explorer) -> list[str]:
    return [row.locator("td").first.inner_text() for row in rows(register).all()]


def test_the_table_has_all_below(register: Explorer) -> None:
    expect(register.page.get_by_text("21 of 21 rows loaded")).to_be_visible()
    assert names(register)[:2] == ["建筑物1", "建筑物2"]
    assert rows(register).first.locator("td").all_inner_texts()[1:3] == ["Structure", "Enabled"]
    rows(register).first.get_by_role("link").click()
    expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物1")


def test_headings_order_it(register: Explorer) -> None:
    heading = register.page.get_by_role("columnheader", name="Name", exact=True)
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(rows(register).nth(1)).to_contain_text("建筑物10")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(rows(register).first).to_contain_text("建筑物9")
    heading.get_by_role("button").click()
    expect(heading).not_to_have_attribute("aria-sort", "ascending")
    expect(rows(register).nth(1).locator("td").first).to_have_text("建筑物2")


def test_conditions_narrow_it(register: Explorer) -> None:
    register.page.get_by_label("Name contains").fill("2")
    expect(register.page.get_by_text("4 of 4 rows loaded")).to_be_visible()
    assert names(register) == ["建筑物2", "建筑物12", "建筑物20", "建筑物21"]
    register.page.get_by_label("Status").select_option("Disabled")
    expect(register.page.get_by_text("0 of 0 rows loaded")).to_be_visible()
    register.page.get_by_label("Status").select_option("any")
    register.page.get_by_label("Type").select_option("House or flat")
    expect(register.page.get_by_text("0 of 0 rows loaded")).to_be_visible()


def test_the_program_writes_files_of_what_is_shown(register: Explorer, tmp_path: Path) -> None:
    register.page.get_by_label("Name contains").fill("2")
    register.page.get_by_role("columnheader", name="Name", exact=True).get_by_role("button").click()
    expect(register.page.get_by_text("4 of 4 rows loaded")).to_be_visible()
    expect(rows(register).first).to_contain_text("建筑物12")
    shown = names(register)
    table = [*csv.DictReader(io.StringIO(register.download("CSV", tmp_path).removeprefix("\ufeff")))]
    assert [row["name"] for row in table] == shown
    assert list(table[0])[:5] == ["id", "name", "type", "status", "businessType"]
    with register.page.expect_download() as download:
        register.page.get_by_role("button", name="XLSX").click()
    assert download.value.suggested_filename == "美的置业小区1.xlsx"
    download.value.save_as(tmp_path / "rows.xlsx")
    (sheet,) = CalamineWorkbook.from_path(str(tmp_path / "rows.xlsx")).sheet_names
    cells = CalamineWorkbook.from_path(str(tmp_path / "rows.xlsx")).get_sheet_by_name(sheet).to_python()
    assert [row[1] for row in cells[1:]] == shown


def test_an_organisation_has_organisations_and_spaces_below_it(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=org&record=15264&view=below") as register:
        register.log_in_to_register("zhangx")
        expect(rows(register)).to_have_count(2)
        expect(register.page.get_by_role("columnheader", name="Area")).to_have_count(0)
        register.page.get_by_role("button", name="Spaces").click()
        expect(register.page.get_by_text("28 of 28 rows loaded")).to_be_visible()


def test_pages_follow_as_they_are_scrolled_to(chromium: Browser, community: str) -> None:
    with Explorer.opened(chromium, community, REGISTER) as register:
        register.node("生成小区1").click()
        register.page.get_by_role("link", name="Everything below").click()
        expect(register.page.get_by_text("100 of 14,605 rows loaded")).to_be_visible()
        table = register.page.get_by_role("table")
        expect(table).to_have_attribute("aria-rowcount", "14606")
        register.page.get_by_role("region", name="Rows").evaluate("each => each.scrollTo(0, each.scrollHeight)")
        expect(register.page.get_by_text("200 of 14,605 rows loaded")).to_be_visible()
        assert rows(register).count() < 100


def test_full_names_follow_a_new_name_above(chromium: Browser, settings: Settings) -> None:
    place = f"{REGISTER}?tree=space&record={COMMUNITY}&view=below"
    with serving(settings) as address, Explorer.opened(chromium, address, place) as register:
        register.log_in_to_register("zhangx")
        expect(rows(register).first).to_contain_text("美的置业小区1/建筑物1")
        change(register, "updateSpace", id=COMMUNITY, name="新名小区")
        expect(rows(register).first).to_contain_text("新名小区/建筑物1")


def test_rows_that_come_to_match_the_conditions_are_shown(chromium: Browser, settings: Settings) -> None:
    place = f"{REGISTER}?tree=space&record={COMMUNITY}&view=below"
    with serving(settings) as address, Explorer.opened(chromium, address, place) as register:
        register.log_in_to_register("zhangx")
        link = rows(register).filter(has_text="建筑物3").get_by_role("link")
        _, _, id_ = (link.get_attribute("href") or "").rpartition("record=")
        register.page.get_by_label("Status").select_option("Disabled")
        expect(register.page.get_by_text("0 of 0 rows loaded")).to_be_visible()
        change(register, "setSpaceStatus", id=id_.partition("&")[0], status="DISABLED")
        expect(register.page.get_by_text("1 of 1 rows loaded")).to_be_visible()
        expect(rows(register)).to_contain_text("建筑物3")


def test_the_conditions_of_one_list_are_not_asked_of_another(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=org&record=15264&view=below") as register:
        register.log_in_to_register("zhangx")
        register.page.get_by_role("button", name="Spaces").click()
        expect(register.page.get_by_text("28 of 28 rows loaded")).to_be_visible()
        with register.page.expect_response(lambda answer: '"HOUSE"' in (answer.request.post_data or "")):
            register.page.get_by_label("Type").select_option("House or flat")
        register.page.get_by_role("button", name="Organisations").click()
        expect(rows(register)).to_have_count(2)
        asked = [each.post_data or "" for each in register.sent if '"HOUSE"' in (each.post_data or "")]
        assert all('"org":{"under":' in each for each in asked)


def test_changes_of_others_are_shown_and_files_are_written_where_only_stored_documents_run(
    chromium: Browser, settings: Settings, tmp_path: Path
) -> None:
    trusted = settings.model_copy(update={"trusted_only": True})
    place = f"{REGISTER}?tree=space&record={COMMUNITY}&view=below"
    with serving(trusted) as address, Explorer.opened(chromium, address, place) as register:
        register.log_in_to_register("zhangx")
        expect(rows(register)).to_have_count(21)
        assert "建筑物21" in register.download("CSV", tmp_path)
        with psycopg.connect(settings.database_url or "") as connection:
            connection.execute("update space set name = '改名', version = version + 1 where name = '建筑物3'")
        expect(register.page.get_by_role("link", name="改名")).to_be_visible()
