"""The one rule of the trees: derived, repaired and proven."""

import threading

import psycopg
import pytest

from app.bulk.trees import Difference, derive, differences, lock_tree, number_children
from app.services.tree import RULES

ORGS = """
insert into org (id, parent_id, path, depth, code, name, full_name, type) values
(1, null, 'x', 9, '100000000', '甲', '?', 'BUSINESS'),
(2, 1, 'y', 9, '100000000100000007', '乙', '?', 'BUSINESS')
"""
SPACES = """
insert into space (id, parent_id, path, depth, code, name, full_name, type, org_id, org_path) values
(11, null, 'a', 9, '1000', '区', '?', 'ZONE', null, null),
(12, 11, 'b', 9, '10001000', '园', '?', 'COMMUNITY', 2, '?'),
(13, 12, 'c', 9, '100010001001', '栋', '?', 'BUILDING', null, null),
(14, 13, 'd', 9, '9', '园中园', '?', 'COMMUNITY', null, null),
(15, 14, 'e', 9, '8', '房', '?', 'HOUSE', 2, '?')
"""


def filled(url: str) -> psycopg.Connection:
    connection = psycopg.connect(url)
    connection.execute(ORGS)
    connection.execute(SPACES)
    return connection


def test_derive_fills_path_depth_and_full_name(empty_url: str) -> None:
    with filled(empty_url) as connection:
        assert derive(connection, "org") == 2
        rows = connection.execute("select path, depth, full_name from org order by id").fetchall()
    assert rows == [("1/", 0, "甲"), ("1/2/", 1, "甲/乙")]


def test_spaces_inherit_community_and_owner_from_the_nearest_community(empty_url: str) -> None:
    with filled(empty_url) as connection:
        derive(connection, "org")
        derive(connection, "space")
        rows = connection.execute("select path, community_id, org_id, org_path from space order by id").fetchall()
    assert rows == [
        ("11/", None, None, None),
        ("11/12/", 12, 2, "1/2/"),
        ("11/12/13/", 12, 2, "1/2/"),
        ("11/12/13/14/", 14, None, None),
        ("11/12/13/14/15/", 14, None, None),
    ]


def test_derive_writes_only_what_differs(empty_url: str) -> None:
    with filled(empty_url) as connection:
        for tree in RULES:
            derive(connection, tree)
        before = connection.execute("select ctid::text, version, updated_at from space order by id").fetchall()
        assert [derive(connection, tree) for tree in RULES] == [0, 0, 0]
        connection.execute("update space set name = '层' where id = 13")
        assert derive(connection, "space") == 3
        after = connection.execute("select ctid::text, version, updated_at from space order by id").fetchall()
    assert before[:2] == after[:2]
    assert {row[1] for row in after} == {1}


def test_numbers_follow_from_codes_of_current_width_and_never_fall(empty_url: str) -> None:
    with filled(empty_url) as connection:
        number_children(connection, "org")
        number_children(connection, "space")
        connection.execute("update numbering set last_number = 100000009 where parent_id = 1")
        number_children(connection, "org")
        numbers = connection.execute("select tree, parent_id, last_number from numbering order by 2").fetchall()
    assert numbers == [("org", 0, 100_000_000), ("org", 1, 100_000_009)], "four-digit segments of spaces do not count"


def test_differences_name_row_column_stored_and_expected(empty_url: str) -> None:
    with filled(empty_url) as connection:
        found = differences(connection, "org")
        assert Difference("org", 2, "full_name", "?", "甲/乙") in found
        assert Difference("org", 2, "path", "y", "1/2/") in found
        assert Difference("org", 1, "numbering", "0", "at least 100000007") in found
        assert Difference("org", 0, "numbering", "0", "at least 100000000") in found
        assert differences(connection, "org", limit=1) == found[:1]
        derive(connection, "org")
        number_children(connection, "org")
        assert differences(connection, "org") == []


@pytest.mark.parametrize("tree", ["org", "space"])
def test_a_cycle_is_reported_and_hangs_nothing(empty_url: str, tree: str) -> None:
    with filled(empty_url) as connection:
        derive(connection, tree)
        first, second = (1, 2) if tree == "org" else (11, 12)
        connection.execute(f"update {tree} set parent_id = {second} where id = {first}")
        derive(connection, tree)
        found = [each for each in differences(connection, tree) if each.column == "parent_id"]
    assert found[0] == Difference(tree, first, "parent_id", str(second), "a parent that a root leads to")
    assert len(found) == (2 if tree == "org" else 5)


def test_a_stale_owner_path_is_found(empty_url: str) -> None:
    with filled(empty_url) as connection:
        derive(connection, "org")
        derive(connection, "space")
        connection.execute("update org set path = '2/' where id = 2")
        assert Difference("space", 13, "org_path", "1/2/", "2/") in differences(connection, "space")


def test_a_tree_is_locked_until_the_commit(empty_url: str) -> None:
    got = threading.Event()

    def second() -> None:
        with psycopg.connect(empty_url) as connection:
            lock_tree(connection, "org")
            got.set()

    with psycopg.connect(empty_url) as first:
        lock_tree(first, "org")
        with psycopg.connect(empty_url) as other:
            lock_tree(other, "space")
        thread = threading.Thread(target=second)
        thread.start()
        assert not got.wait(0.2)
    assert got.wait(10)
    thread.join()
