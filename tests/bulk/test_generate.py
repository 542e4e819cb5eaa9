"""The generated data: exact sizes, the same for the same seed, and nothing twice."""

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.generate import generate
from app.db.embedded import EmbeddedServer
from app.errors import OperatorError
from tests.databases import copied

DRAWN = """
select space.full_name, space.code, space.area, customer.name, customer.phone
from property_relation relation join space on space.id = relation.space_id
join customer on customer.id = relation.customer_id order by space.code
"""


def drawn(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(DRAWN).fetchall()


OWNED = "select count(*), count(distinct space_id), count(distinct customer_id) from property_relation"


def test_a_community_has_14606_spaces_7500_property_relations_and_6250_customers(generated_url: str) -> None:
    with psycopg.connect(generated_url) as connection:
        counts = connection.execute("select type, count(*) from space group by type").fetchall()
        house = connection.execute(
            "select code, full_name, org_path = (select path from org) from space"
            " where full_name = '生成小区1/2区/3栋/4单元/5层/502'"
        ).fetchall()
        owned = connection.execute(OWNED).fetchall()
    assert dict(counts) == {"COMMUNITY": 1, "ZONE": 5, "BUILDING": 40, "UNIT": 160, "FLOOR": 2_880, "HOUSE": 11_520}
    assert house == [
        ("100000000100000001100000002100000003100000004100000001", "生成小区1/2区/3栋/4单元/5层/502", True)
    ]
    assert owned == [(7_500, 7_500, 6_250)]
    assert check(generated_url) == []


def test_the_second_run_adds_nothing_and_a_larger_one_the_rest(
    server: EmbeddedServer, generated_template: str, worker_id: str, empty_url: str
) -> None:
    with copied(server, generated_template, worker_id) as url:
        assert set(generate(url, 1).values()) == {0}
        assert generate(url, 2) == {"org": 0, "space": 14_606, "customer": 6_250, "property_relation": 7_500}
        in_two_runs = drawn(url)
    assert generate(empty_url, 2) == {"org": 1, "space": 29_212, "customer": 12_500, "property_relation": 15_000}
    assert drawn(empty_url) == in_two_runs
    assert check(empty_url) == []


def test_the_seed_decides_what_is_random(generated_url: str, empty_url: str) -> None:
    generate(empty_url, 1, seed=2)
    one, two = drawn(generated_url), drawn(empty_url)
    assert one != two
    assert [row[0] for row in one] == [row[0] for row in two]


@pytest.mark.parametrize("communities", [0, -1, 10_001])
def test_a_senseless_number_is_refused(empty_url: str, communities: int) -> None:
    with pytest.raises(OperatorError, match="between 1 and 10000"):
        generate(empty_url, communities)
