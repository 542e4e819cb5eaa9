"""What `reach_from_scope` finds for a caller below a top organisation."""

import psycopg

from app.access.policies import CHANGE, POLICIES
from app.db.scope import Scope
from tests.databases import run_call

GRANT = """
insert into app_grant (app_id, app_type, org_id)
select 'reach', 'COMMUNITY', top.id from org top join org on org.parent_id = top.id and org.type = 'BUSINESS'
where top.parent_id is null and top.id not in (select org_id from app_grant where app_type = 'COMMUNITY')
order by top.id limit 1 returning org_id
"""
BELOW = "select path from org where parent_id = %s and type = 'BUSINESS' order by path limit 1"
VISIBLE = "select id from change where entity = 'app_grant' and {condition} order by id"


def test_a_caller_below_a_top_organisation_lists_the_changes_of_its_apps(demo_url: str) -> None:
    """The apps of the top organisation are visible below it; lists from a small scope left their changes out."""
    reach = POLICIES[CHANGE].reach_from_scope.condition
    with psycopg.connect(demo_url) as connection:
        (top,) = connection.execute(GRANT).fetchone() or (0,)
        (path,) = connection.execute(BELOW, [top]).fetchone() or ("",)
        run_call(connection, Scope(None, is_super=False, scopes=(path,), admin_scopes=()).opening)
        visible = connection.execute(VISIBLE.format(condition="true")).fetchall()
        assert visible
        assert connection.execute(VISIBLE.format(condition=reach)).fetchall() == visible
        connection.rollback()
