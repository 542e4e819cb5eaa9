"""Import of work orders (document 000)."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.bulk.importing.run import ImportOptions, ImportReport, import_file

HEADER = "external_id,space_id,category_three_id,number,description,status,created_at,received_at,completed_at\n"
DONE = (
    "a,41017,49505,01202001010001,灯泡坏了,已完结,2020-01-01T08:00:00+08:00,2020-01-01T09:00:00+08:00,"
    "2020-01-01T10:00:00+08:00\n"
)


def imported(url: str, folder: Path, content: str, **options: Any) -> ImportReport:
    path = folder / "orders.csv"
    path.write_text(content, "utf-8")
    return import_file(url, ImportOptions("work-orders", path, "crm", **options))


def asked(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_work_order_of_another_system_comes_with_its_steps(own_url: str, tmp_path: Path) -> None:
    report = imported(own_url, tmp_path, f"{HEADER}{DONE}b,41018,49505,,滴水,,,,\n")
    assert (report.inserted, report.errors) == (2, [])
    stored = (
        "select number, status, category_one_id, category_two_id, description, space_org_path is not null"
        " from work_order where source = 'crm' order by external_id"
    )
    first, second = asked(own_url, stored)
    assert first == ("01202001010001", "DONE", 49503, 49504, "灯泡坏了", True)
    assert second[1:] == ("NEW", 49503, 49504, "滴水", True)
    steps = (
        "select step.from_status, step.to_status, step.created_at - o.created_at = '0' from work_order_step step"
        " join work_order o on o.id = step.work_order_id where o.source = 'crm' order by o.external_id, step.id"
    )
    assert asked(own_url, steps) == [
        (None, "NEW", True), ("NEW", "RECEIVED", False), ("RECEIVED", "DONE", False), (None, "NEW", True),
    ]  # fmt: skip


def test_a_second_import_changes_nothing_and_another_status_is_a_step(own_url: str, tmp_path: Path) -> None:
    imported(own_url, tmp_path, HEADER + DONE)
    again = imported(own_url, tmp_path, HEADER + DONE)
    assert (again.unchanged, again.updated) == (1, 0)
    changed = imported(own_url, tmp_path, "external_id,status\na,已取消\n")
    assert (changed.updated, changed.errors) == (1, [])
    last = (
        "select step.from_status, step.to_status from work_order_step step"
        " join work_order o on o.id = step.work_order_id where o.source = 'crm' order by step.id desc limit 1"
    )
    assert asked(own_url, last) == [("DONE", "CANCELLED")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,13702,49505,,x,,,,", "repairs are reported for a HOUSE; the space is 'COMMUNITY'"),
        ("a,41017,49504,,x,,,,", "the category is not one of the third level"),
        ("a,41017,49502,,x,,,,", "the category belongs to another tenant than the house"),
        ("a,41017,49505,01201606161281,x,,,,", "another record has the same number"),
        ("a,41017,49505,,,,,,", "description"),
        ("a,41017,49505,,x,,2020-01-01 08:00,,", "is not a time with its offset"),
        ("a,41017,49505,,x,PAID,,,", "status is unknown"),
        ("a,999999999,49505,,x,,,,", "is not in the register"),
    ],
)
def test_a_wrong_row_keeps_the_file_out_and_says_why(own_url: str, tmp_path: Path, row: str, message: str) -> None:
    report = imported(own_url, tmp_path, f"{HEADER}{row}\n")
    assert [message in error.message for error in report.errors] == [True], report.errors
    assert asked(own_url, "select count(*) from work_order where source = 'crm'") == [(0,)]


def test_work_orders_without_numbers_get_one_each(own_url: str, tmp_path: Path) -> None:
    report = imported(own_url, tmp_path, f"{HEADER}a,41017,49505,,滴水,,,,\nb,41018,49505,,漏水,,,,\n")
    assert (report.inserted, report.errors) == (2, [])
    found = asked(own_url, "select number from work_order where source = 'crm' order by external_id")
    assert [number[-4:] for (number,) in found] == ["0001", "0002"]


def test_a_number_of_today_that_came_with_an_import_is_not_given_again(own_url: str, tmp_path: Path) -> None:
    ((first,),) = asked(own_url, "select '01' || to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD') || '0001'")
    report = imported(own_url, tmp_path, f"{HEADER}a,41017,49505,{first},滴水,,,,\nb,41018,49505,,漏水,,,,\n")
    assert (report.inserted, report.errors) == (2, [])
    with psycopg.connect(own_url) as connection:
        connection.execute("set local role cadastre_app")
        ((second,), (third,)) = connection.execute("select take_work_order_numbers(2)").fetchall()
        connection.rollback()
    ((stored,),) = asked(own_url, "select number from work_order where external_id = 'b'")
    assert [number[-4:] for number in (stored, second, third)] == ["0002", "0003", "0004"]


def test_a_category_that_two_tenants_know_by_one_key_is_that_of_the_house(own_url: str, tmp_path: Path) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute(
            "update work_order_category set external_id = 'k', source = 'crm' where id in (49502, 49505)"
        )
    header = "external_id,space_id,category_three_external_id,description\n"
    report = imported(own_url, tmp_path, f"{header}a,41017,k,滴水\nb,41089,k,漏水\n")
    assert (report.inserted, report.errors) == (2, [])
    stored = "select category_three_id from work_order where source = 'crm' order by external_id"
    assert asked(own_url, stored) == [(49505,), (49502,)]


def test_a_negative_amount_is_called_an_amount(own_url: str, tmp_path: Path) -> None:
    header = "external_id,space_id,category_three_id,description,settlement_party,settlement_amount\n"
    report = imported(own_url, tmp_path, f"{header}a,41017,49505,滴水,业主结算,-1\n")
    assert [error.message for error in report.errors] == ["settlement_amount is not an amount (such as 89.5): '-1'"]
