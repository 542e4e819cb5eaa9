"""What a page and its total both list is read once, by one statement."""

import psycopg

from app import models
from app.db.rendering import render
from app.db.scope import Extent, Scope
from app.loaders.filtering import Filter
from app.loaders.links import KEYS
from app.loaders.lists import all_rows, starting_for
from app.loaders.page import Slice
from app.loaders.reads import Page
from app.loaders.window import Window
from tests.databases import opened, run_call

GIVEN = {"customer": {"name": {"contains": "王五"}}, "space": {"fullName": {"contains": "1栋"}}}
PATHS = "select path from org where parent_id is null and type = 'BUSINESS'"
CHANGE_PAGE = 2


def test_reading_a_page_of_changes_ends_with_the_page(demo_url: str) -> None:
    """The changes in reach are read one by one in the order of their ids; before, all were read and then sorted."""
    edge = starting_for(all_rows(models.Change), Extent.SMALL)
    page = Slice.of(models.Change, edge.order, {"first": CHANGE_PAGE}).window(Window())
    statement = render(edge.rows(("id", "entity"), page))
    with psycopg.connect(demo_url) as connection:
        paths = tuple(path for (path,) in connection.execute(PATHS))
    with opened(demo_url, Scope(None, is_super=False, scopes=paths, admin_scopes=()).opening) as connection:
        plan = run_call(connection, statement.call({KEYS: [0]}), "explain (analyze, costs off, timing off)")
    (looked_up,) = [line for line in plan if "_pkey on change_2" in line and "rows=1.00" in line]
    assert f"loops={CHANGE_PAGE + 1}" in looked_up


def test_a_later_page_of_changes_looks_up_only_its_own_rows(demo_url: str) -> None:
    """The database lists the ids in reach; the total counts them, and the page looks up what it shows."""
    with psycopg.connect(demo_url) as connection:
        paths = tuple(path for (path,) in connection.execute(PATHS))
    read = Page(starting_for(all_rows(models.Change), Extent.SMALL), searched=True)
    given = {"first": CHANGE_PAGE, "offset": 40}
    whole = read.matching(given, sees_personal=False)
    statement = render(read.edge.rows(("id", "entity"), read.slice(given).window(whole).with_total_of(whole)))
    with opened(demo_url, Scope(None, is_super=False, scopes=paths, admin_scopes=()).opening) as connection:
        plan = run_call(connection, statement.call({KEYS: [0]}), "explain (analyze, costs off, timing off)")
    (looked_up,) = [line for line in plan if "_pkey on change_2" in line and "rows=1.00" in line]
    assert f"loops={CHANGE_PAGE + 1}" in looked_up
    assert not [line for line in plan if "Seq Scan on change" in line and "rows=0.00" not in line], "\n".join(plan)


def test_a_page_and_its_total_read_once_what_they_both_list(demo_url: str) -> None:
    """The caller's rows, the customers with a name and the spaces with one are listed for both."""
    with psycopg.connect(demo_url) as connection:
        paths = tuple(path for (path,) in connection.execute(PATHS))
    edge = starting_for(all_rows(models.PropertyRelation), Extent.SMALL)
    whole = Window((Filter(models.PropertyRelation, sees_personal=True).condition(GIVEN),))
    page = Slice.of(models.PropertyRelation, edge.order, {"first": 2, "offset": 1}).window(whole)
    statement = render(edge.rows(("id", "type"), page.with_total_of(whole)))
    scope = Scope(None, is_super=False, scopes=paths, admin_scopes=())
    with opened(demo_url, scope.opening) as connection:
        plan = run_call(connection, statement.call({KEYS: [0]}), "explain (analyze, costs off, timing off)")
    listed = [line for line in plan if line.strip().startswith("CTE ") and "Scan" not in line]
    read = [line for line in plan if "CTE Scan" in line]
    assert (len(listed), len(read)) == (3, 6), "\n".join(plan)
