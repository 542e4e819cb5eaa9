"""The checker sees every wrong derived value and changes none."""

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.trees import derive, number_children
from app.errors import OperatorError
from app.services.tree import RULES

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
    "depth": "update space set depth = 7 where type = 'ZONE' and name = '2区'",
    "full_name": "update space set full_name = '2区' where type = 'ZONE' and name = '2区'",
    "community_id": "update space set community_id = null where type = 'ZONE' and name = '2区'",
    "org_id": "update space set org_id = null, org_path = null where type = 'ZONE' and name = '2区'",
    "org_path": "update space set org_path = '2/' where type = 'ZONE' and name = '2区'",
    "last_child_number": "update space set last_child_number = 100000000 where type = 'ZONE' and name = '2区'",
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
    assert {(each.tree, each.id) for each in found} == {("space", 13)}
    assert column in {each.column for each in found}
    assert check(empty_url) == found


def test_no_database_is_one_clear_line() -> None:
    with pytest.raises(OperatorError, match="cannot be reached"):
        check("postgresql:///cadastre?host=/nowhere")
