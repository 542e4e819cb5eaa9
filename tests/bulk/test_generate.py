"""The generated data: exact sizes, the same for the same seed, and nothing twice."""

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.generate import generate
from app.errors import OperatorError

DRAWN = """
select space.full_name, space.code, space.area, customer.name, customer.phone
from property_relation relation join space on space.id = relation.space_id
join customer on customer.id = relation.customer_id order by space.code
"""


def drawn(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(DRAWN).fetchall()


def emptied(url: str) -> None:
    with psycopg.connect(url) as connection:
        for table in ("property_relation", "customer", "space", "org", "numbering"):
            connection.execute(f"delete from {table}")


def test_a_community_has_14606_spaces_and_every_second_house_an_owner(empty_url: str) -> None:
    assert generate(empty_url, 1) == {"org": 1, "space": 14_606, "customer": 2_880, "property_relation": 5_760}
    with psycopg.connect(empty_url) as connection:
        counts = connection.execute("select type, count(*) from space group by type").fetchall()
        house = connection.execute(
            "select code, full_name, org_path = (select path from org) from space"
            " where full_name = '生成小区1/2区/3栋/4单元/5层/502'"
        ).fetchall()
        doors = connection.execute(
            "select distinct right(space.name, 2) from property_relation join space on space.id = space_id"
        ).fetchall()
    assert dict(counts) == {"COMMUNITY": 1, "ZONE": 5, "BUILDING": 40, "UNIT": 160, "FLOOR": 2_880, "HOUSE": 11_520}
    assert house == [
        ("100000000100000001100000002100000003100000004100000001", "生成小区1/2区/3栋/4单元/5层/502", True)
    ]
    assert sorted(doors) == [("01",), ("03",)]
    assert check(empty_url) == []


def test_the_second_run_adds_nothing_and_a_larger_one_the_rest(empty_url: str) -> None:
    generate(empty_url, 1)
    assert set(generate(empty_url, 1).values()) == {0}
    assert generate(empty_url, 2) == {"org": 0, "space": 14_606, "customer": 2_880, "property_relation": 5_760}
    in_two_runs = drawn(empty_url)
    emptied(empty_url)
    generate(empty_url, 2)
    assert drawn(empty_url) == in_two_runs
    assert check(empty_url) == []


def test_the_seed_decides_what_is_random(empty_url: str) -> None:
    runs = []
    for seed in (1, 1, 2):
        emptied(empty_url)
        generate(empty_url, 1, seed)
        runs.append(drawn(empty_url))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert [row[0] for row in runs[0]] == [row[0] for row in runs[2]]


@pytest.mark.parametrize("communities", [0, -1, 10_001])
def test_a_senseless_number_is_refused(empty_url: str, communities: int) -> None:
    with pytest.raises(OperatorError, match="between 1 and 10000"):
        generate(empty_url, communities)
