"""The checker sees every wrong derived value and every shared id, and changes none."""

import re
from pathlib import Path

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.shared_ids import shared_by_examples
from app.bulk.trees import Difference, derive, number_children
from app.errors import OperatorError
from app.services.tree import RULES
from tests.worlds.schema import CORE

NODES = """
insert into org (id, path, depth, code, name, full_name, type) values (1, '', 0, '100000000', '组织', '', 'BUSINESS');
insert into space (id, parent_id, path, depth, code, name, full_name, type, org_id, org_path) values
(11, null, 'a', 0, '100000000', '小区', '', 'COMMUNITY', 1, ''),
(12, 11, 'b', 0, '100000000100000000', '1区', '', 'ZONE', null, null),
(13, 11, 'c', 0, '100000000100000001', '2区', '', 'ZONE', null, null),
(14, 13, 'd', 0, '100000000100000001100000004', '1栋', '', 'BUILDING', null, null)
"""
DAMAGES = {
    "path": "update space set path = 'wrong/' where type = 'ZONE' and name = '2区'",
    "sort_key": "update space set sort_key = 'za1' where type = 'ZONE' and name = '2区'",
    "depth": "update space set depth = 7 where type = 'ZONE' and name = '2区'",
    "full_name": "update space set full_name = '2区' where type = 'ZONE' and name = '2区'",
    "community_id": "update space set community_id = null where type = 'ZONE' and name = '2区'",
    "org_id": "update space set org_id = null, org_path = null where type = 'ZONE' and name = '2区'",
    "org_path": "update space set org_path = '2/' where type = 'ZONE' and name = '2区'",
    "numbering": "update numbering set last_number = 100000000 where parent_id = 13",
}


@pytest.mark.parametrize("column", DAMAGES)
def test_each_damage_is_found_where_it_is(empty_url: str, column: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute(NODES)
        for tree in RULES:
            derive(connection, tree)
            number_children(connection, tree)
    assert check(empty_url) == []
    with psycopg.connect(empty_url) as connection:
        connection.execute(DAMAGES[column])
    found = check(empty_url)
    assert {(each.table, each.id) for each in found} == {("space", 13)}
    assert column in {each.column for each in found}
    assert check(empty_url) == found


SHARED = """
insert into org (id, path, depth, code, name, full_name, type)
  values (100007, '100007/', 0, '100000500', '甲', '甲', 'BUSINESS');
insert into role (id, name) values (100007, '乙'), (100008, '丙');
insert into client (id, client_id, description) values (100008, 'c', 'c');
update numbering set last_number = 100000999 where parent_id = 0 and tree = 'org';
"""


def test_an_id_of_several_records_is_found_and_those_of_the_demo_world_are_not(own_url: str) -> None:
    assert check(own_url) == []
    with psycopg.connect(own_url) as connection:
        connection.execute(SHARED)
        connection.execute("insert into role (id, name) values (8829, '丁')")
    assert [each for each in check(own_url) if each.column == "id"] == [
        Difference("admin_group", 8829, "id", "shared with org, role", "unique over all tables"),
        Difference("org", 100007, "id", "shared with role", "unique over all tables"),
        Difference("client", 100008, "id", "shared with role", "unique over all tables"),
    ]


def test_the_promise_names_the_exceptions_of_the_demo_world() -> None:
    promise = Path("docs/demo-world.md").read_text("utf-8")
    table = promise.split("| id | records |")[1].split("\n\n")[0]
    named = {int(id_) for ids in re.findall(r"^\| ([0-9, ]+) \|", table, re.MULTILINE) for id_ in ids.split(", ")}
    shared = shared_by_examples()
    assert named == set(shared)
    assert [id_ for id_ in shared if not re.search(rf"\b{id_}\b", CORE.type_map["Node"].description or "")] == []


def test_no_database_is_one_clear_line() -> None:
    with pytest.raises(OperatorError, match="cannot be reached"):
        check("postgresql:///cadastre?host=/nowhere")
