"""The paths that property relations carry: triggers keep them right after every write."""

import psycopg
import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer

WRONG = """
select relation.id from property_relation relation join space on space.id = relation.space_id
where (relation.space_path, relation.space_org_path) is distinct from (space.path, space.org_path)
"""
BELOW = """
explain (costs off) select 1 from property_relation
where space_path >= '10264/' and space_path < '102640' and housing_status in ('LIVING_IN', 'AWAY') limit 1
"""


@pytest.fixture
def super_(own_api: Api, own_url: str) -> Writer:
    """Give the super administrator."""
    return Writer(own_api, own_url, "supperadm")


def test_the_paths_follow_moves_and_new_owners_and_are_not_recorded(super_: Writer) -> None:
    before = super_.sql("select count(*) from change where entity = 'property_relation'")
    super_.done("moveSpace", id="41061", parentId="20670")
    super_.done("setCommunityOrg", id="20670", orgId="40025")
    super_.done("moveSpace", id="41057", parentId="20670")
    assert (
        super_.sql("select space_path, space_org_path from property_relation where id = 48005")[0][0] == "20670/41057/"
    )
    assert super_.sql(WRONG) == []
    assert super_.sql("select count(*) from change where entity = 'property_relation'") == before


def test_no_statement_sets_another_path(demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        connection.execute("update property_relation set space_path = '1/', space_org_path = '2/'")
        connection.execute("update property_relation set space_id = 41018 where id = 48000")
        assert connection.execute(WRONG).fetchall() == []
        connection.rollback()


def test_whether_a_subtree_has_property_is_read_from_one_index(demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        connection.execute("set enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(BELOW))
    assert "Index Only Scan using property_relation_below_idx" in plan
