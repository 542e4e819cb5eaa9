"""Summaries: what spaces add up to is right after every kind of change, however the transactions overlap."""

import threading
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from app.bulk.check import check
from tests.clients.api import Api, open_api

SUMMARY = """summary { spaceCount spaces { type status count area feeArea } houses { occupancy count }
  parking { status count } }"""
ALL = f"{{ orgs(first: 100) {{ nodes {{ id {SUMMARY} }} }} spaces(first: 100) {{ nodes {{ id {SUMMARY} }} }} }}"

BELOW = """
select below.type, below.status, below.area, below.fee_area, place.status,
  array(select housing_status from property_relation where space_id = below.id)
from space below left join parking_detail place on place.space_id = below.id
where {} ^@ %s
"""


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


@pytest.fixture
def changed(own_url: str) -> Iterator[Api]:
    """Give the API over a register that the test changes."""
    with open_api(own_url) as api:
        yield api


def expected(connection: psycopg.Connection, column: str, path: str) -> dict[str, Any]:
    """Count spaces one by one."""
    rows = connection.execute(BELOW.format(column).encode(), [path]).fetchall()
    houses, parking = Counter(EMPTY=0, LIVED_IN=0, AWAY=0), Counter[str | None]()
    for type_, _, _, _, place, relations in rows:
        if type_ == "HOUSE":
            lived_in, away = "LIVING_IN" in relations, "AWAY" in relations
            houses["LIVED_IN" if lived_in else "AWAY" if away else "EMPTY"] += 1
        if type_ == "PARK_SPACE":
            parking[place] += 1
    return {
        "spaceCount": len(rows),
        "spaces": Counter((type_, status) for type_, status, *_ in rows),
        "area": sum((row[2] or 0 for row in rows), Decimal()),
        "feeArea": sum((row[3] or 0 for row in rows), Decimal()),
        "houses": houses,
        "parking": parking,
    }


def counted(summary: Any) -> dict[str, Any]:
    """Read a summary."""
    return {
        "spaceCount": summary["spaceCount"],
        "spaces": {(each["type"], each["status"]): each["count"] for each in summary["spaces"]},
        "area": sum((Decimal(each["area"]) for each in summary["spaces"]), Decimal()),
        "feeArea": sum((Decimal(each["feeArea"]) for each in summary["spaces"]), Decimal()),
        "houses": {each["occupancy"]: each["count"] for each in summary["houses"]},
        "parking": {each["status"]: each["count"] for each in summary["parking"] if each["count"]},
    }


def assert_right(api: Api, url: str) -> None:
    """Compare every summary with the spaces, and let the checker compare the totals."""
    answer = api.data(ALL)
    with psycopg.connect(url) as connection:
        for noun, column in (("org", "org_path"), ("space", "path")):
            paths: dict[int, str] = dict(connection.execute(f"select id, path from {noun}").fetchall())
            for node in answer[f"{noun}s"]["nodes"]:
                assert counted(node["summary"]) == expected(connection, column, paths[int(node["id"])]), node
    assert [each for each in check(url) if each.table == "space_total"] == []


def test_summaries_add_up_with_one_statement_for_a_level(either: Api, demo_url: str) -> None:
    assert_right(either, demo_url)
    assert len(either.statements) == 4


CHANGES = [
    """insert into property_relation (type, space_id, customer_id, housing_status)
    select 'HOUSE', space.id, customer.id, 'AWAY' from space, customer where space.type = 'HOUSE'
    on conflict do nothing""",
    "update property_relation set housing_status = 'MOVED_OUT' where housing_status = 'LIVING_IN'",
    "update property_relation set housing_status = 'LIVING_IN' where id = (select max(id) from property_relation)",
    "update space set status = 'DISABLED', area = coalesce(area, 0) + 1.25, fee_area = null where type = 'HOUSE'",
    "update space set type = 'PARK_SPACE' where id = (select min(id) from space where type = 'HOUSE')",
    """insert into parking_detail (space_id, status) select id, 'SOLD' from space where type in ('PARK_SPACE', 'HOUSE')
    on conflict (space_id) do update set status = 'VACANT'""",
    "update parking_detail set status = null where id = (select max(id) from parking_detail)",
    """update space set org_id = other.id, org_path = other.path
    from (select * from org where type = 'BUSINESS' order by id desc limit 1) other
    where space.type in ('HOUSE', 'PARK_SPACE', 'COMMUNITY')""",
    "with gone as (delete from verification), log as (delete from housing_record) delete from property_relation",
    "truncate parking_detail",
]


def test_summaries_are_right_after_every_change(changed: Api, own_url: str) -> None:
    for change in CHANGES:
        with psycopg.connect(own_url) as connection:
            connection.execute(change.encode())
        assert [each for each in check(own_url) if each.table == "space_total"] == [], change
    assert_right(changed, own_url)


def test_two_who_leave_one_house_at_once_leave_it_empty(changed: Api, own_url: str) -> None:
    with psycopg.connect(own_url) as setup:
        (house,) = setup.execute("select min(id) from space where type = 'HOUSE'").fetchone() or ()
        setup.execute("update property_relation set housing_status = 'MOVED_OUT' where space_id = %s", [house])
        setup.execute(
            "insert into property_relation (type, space_id, customer_id) select 'HOUSE', %s, id from customer limit 2",
            [house],
        )
    query = f'{{ space(id: "{house}") {{ summary {{ houses {{ occupancy count }} }} }} }}'
    assert changed.data(query)["space"]["summary"]["houses"][0] == {"occupancy": "LIVED_IN", "count": 1}
    leave = """update property_relation set housing_status = 'MOVED_OUT' where id = (
      select {}(id) from property_relation where space_id = %s and housing_status = 'LIVING_IN')"""
    with psycopg.connect(own_url) as one, psycopg.connect(own_url) as other:
        one.execute(leave.format("min").encode(), [house])
        waiting = threading.Thread(target=lambda: other.execute(leave.format("max").encode(), [house]))
        waiting.start()
        waiting.join(0.2)
        one.commit()
        waiting.join()
        other.commit()
    assert changed.data(query)["space"]["summary"]["houses"][2] == {"occupancy": "EMPTY", "count": 1}
    assert_right(changed, own_url)


def test_many_changes_of_one_community_leave_few_rows(changed: Api, own_url: str) -> None:
    with psycopg.connect(own_url, autocommit=True) as connection:
        (house,) = connection.execute("select min(id) from space where type = 'HOUSE'").fetchone() or ()
        for number in range(250):
            connection.execute("update space set area = %s where id = %s", [number, house])
        ((most,),) = connection.execute(
            "select max(count) from (select count(*) from space_total group by community_id) counted"
        ).fetchall()
    assert most <= 101 + 2
    assert_right(changed, own_url)


def test_the_checker_finds_a_wrong_total(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute(
            "insert into space_total (org_id, community_id, kind, value, status, count)"
            " values (0, 5, 'SPACE', 'ZONE', 'ENABLED', 2)"
        )
    (wrong,) = [each for each in check(own_url) if each.table == "space_total"]
    assert (wrong.id, wrong.column, wrong.stored, wrong.expected) == (5, "SPACE ZONE ENABLED", "2 / 0 / 0", "0")
    with psycopg.connect(own_url) as connection:
        connection.execute("select rebuild_space_totals()")
    assert [each for each in check(own_url) if each.table == "space_total"] == []
