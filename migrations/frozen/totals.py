"""Totals: what the spaces of each community add up to, kept by triggers (decision 14).

`space_total` is a log of differences. A statement that changes spaces, parking places or property relations appends
what it adds to the totals of its communities, and changes no row that another statement may want. The sum of the rows
is the total. The statement that notices many rows of a community replaces them by their sum, except for those that
another one replaces at that moment.

`house_occupancy` has for each house the number of its valid property relations. Two transactions that change relations
of one house wait for each other there, so the second one knows whether the house was lived in before.

A kind of total has a name and the values that it counts by:

- SPACE: the type and the status of all spaces, with their areas;
- OCCUPANCY: houses that are LIVED_IN, or all of whose residents are AWAY; the others are empty;
- PARKING: the status of parking places that have one.
"""

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN
from migrations.frozen.total_reads import (
    APPEND,
    KEY,
    OCCUPANCY,
    OF_ORGS,
    OF_SCOPE,
    OF_SPACES,
    REBUILD,
    RECOUNT,
    SOME,
    SUMS,
    TRUE_TOTALS,
    held_rows,
    relation_rows,
    space_rows,
)

FOLD_FROM = 100
"""Rows of a community from which they are replaced by their sum; a community has about thirty different ones."""

FUNCTION = """
create function {name} returns {returns}
language plpgsql {options} set search_path = pg_catalog, pg_temp as $$
{body}
$$
"""

# Replaces the rows of communities that have many. Rows that another transaction replaces at this moment are left.
FOLD = f"""
declare
  crowded bigint;
begin
  for crowded in
    select id from unnest(communities) id
    where (select count(*) from (select from space_total where community_id = id limit {FOLD_FROM} + 1) present)
      > {FOLD_FROM}
  loop
    with gone as (
      delete from space_total where number = any(array(
        select number from space_total where community_id = crowded for update skip locked
      )) returning *
    )
    {APPEND} select {KEY}, {SUMS} from gone group by {KEY} {SOME};
  end loop;
end
"""


PLACE = "(n.org_id, n.community_id, n.type)"
COUNT_SPACES = f"""
declare
  touched bigint[];
begin
  if tg_op = 'INSERT' then
    with appended as ({APPEND}
      select {KEY}, {SUMS} from ({space_rows("new_rows", 1)}) counted group by {KEY} returning community_id
    ) select array_agg(distinct community_id) into touched from appended;
  elsif tg_op = 'DELETE' then
    with appended as ({APPEND}
      select {KEY}, {SUMS} from ({space_rows("old_rows", -1)}) counted group by {KEY} returning community_id
    ) select array_agg(distinct community_id) into touched from appended;
    delete from house_occupancy where space_id = any(array(select id from old_rows));
  else
    with pair as (
      select o as was, n as becomes, {PLACE} is distinct from {PLACE.replace("n.", "o.")} as moved
      from old_rows o full join new_rows n on n.id = o.id
      where (n.org_id, n.community_id, n.type, n.status, n.area, n.fee_area)
        is distinct from (o.org_id, o.community_id, o.type, o.status, o.area, o.fee_area)
    ),
    before as (select (was).* from pair where (was).id is not null),
    after as (select (becomes).* from pair where (becomes).id is not null),
    left_behind as (select (was).* from pair where moved and (was).id is not null),
    arrived as (select (becomes).* from pair where moved and (becomes).id is not null),
    appended as ({APPEND}
      select {KEY}, {SUMS} from (
        {space_rows("before", -1)} union all {space_rows("after", 1)}
        union all {held_rows("left_behind", -1)} union all {held_rows("arrived", 1)}
      ) counted group by {KEY} {SOME} returning community_id
    ) select array_agg(distinct community_id) into touched from appended;
  end if;
  perform fold_space_totals(touched);
  return null;
end
"""


def _summed(rows: str) -> str:
    """Return the statement that collects how many relations each house gets or loses."""
    return (
        "select array[array_agg(space_id), array_agg(living_in), array_agg(away)] into changed from ("
        f" select space_id, sum(living_in) as living_in, sum(away) as away from ({rows}) each_row"
        " group by space_id having sum(living_in) <> 0 or sum(away) <> 0) summed where space_id is not null"
    )


# Houses are locked in the order of their ids, so that two statements never wait for each other.
COUNT_RELATIONS = f"""
declare
  changed bigint[][];
begin
  if tg_op = 'INSERT' then
    {_summed(relation_rows("new_rows", 1))};
  elsif tg_op = 'DELETE' then
    {_summed(relation_rows("old_rows", -1))};
  else
    {_summed(relation_rows("new_rows", 1) + " union all " + relation_rows("old_rows", -1))};
  end if;
  insert into house_occupancy as house (space_id, living_in, away)
  select changed[1][i], changed[2][i], changed[3][i] from generate_subscripts(changed, 2) i order by 1
  on conflict (space_id) do update
  set living_in = house.living_in + excluded.living_in, away = house.away + excluded.away;
  return null;
end
"""


def _counted(kind: str, type_: str) -> str:
    """Return the end of a function that appends what `changed` (space_id, value, count) changes of a kind of total.

    The spaces are locked, so that none of them moves to another community meanwhile; the next statement sees where
    those are that have just moved.
    """
    return f"""
  perform from space where id = any(changed_ids) order by id for share;
  with appended as ({APPEND}
    select {KEY}, {SUMS} from (
      select coalesce(space.org_id, 0) as org_id, coalesce(space.community_id, 0) as community_id, '{kind}' as kind,
        changed.value, null::text as status, changed.count, 0.0 as area, 0.0 as fee_area
      from unnest(changed_ids, changed_values, changed_counts) changed (space_id, value, count)
      join lateral (select * from space where id = changed.space_id and type = '{type_}' offset 0) space on true
    ) counted group by {KEY} {SOME} returning community_id
  ) select array_agg(distinct community_id) into touched from appended;
  perform fold_space_totals(touched);
  return null;
end
"""


DECLARE = """
declare
  changed_ids bigint[]; changed_values text[]; changed_counts bigint[]; touched bigint[];
begin
"""


def _changed(new: str, old: str, own: str) -> str:
    """Return the start of a function that collects the values that rows get and lose, each with its number."""
    collected = ", ".join(f"array_agg({name})" for name in ("space_id", "value", "count"))
    into = f"select {collected} into changed_ids, changed_values, changed_counts"
    from_new = f"select space_id, {new} as value, 1::bigint as count from new_rows n"
    from_old = f"select space_id, {old} as value, -1::bigint as count from old_rows o"
    return f"""{DECLARE}
  if tg_op = 'INSERT' then
    {into} from ({from_new}) each_row where value is not null;
  elsif tg_op = 'DELETE' then
    {into} from ({from_old}) each_row where value is not null;
  else
    {into} from (
      select space_id, value, sum(count)::bigint as count from ({from_new} union all {from_old}) each_row
      where value is not null group by space_id, value having sum(count) <> 0
    ) each_row;
  end if;
  if changed_ids is null then return null; end if;
{own}"""


COUNT_OCCUPANCY = _changed(OCCUPANCY.format("n"), OCCUPANCY.format("o"), _counted("OCCUPANCY", "HOUSE"))
COUNT_PARKING = _changed("n.status", "o.status", _counted("PARKING", "PARK_SPACE"))

DEFINER = "security definer"
READING = "stable security definer rows 100"
EVENTS = {
    "insert": "after insert on {} referencing new table as new_rows",
    "update": "after update on {} referencing old table as old_rows new table as new_rows",
    "delete": "after delete on {} referencing old table as old_rows",
}
COUNTED = {
    "space": "count_spaces()",
    "property_relation": "count_relations()",
    "house_occupancy": "count_occupancy()",
    "parking_detail": "count_parking()",
}
"""The tables whose changes are counted, and by which function."""

KEY_COLUMNS = "org_id bigint, community_id bigint, kind text, value text, status text"
SUM_COLUMNS = "count bigint, area numeric, fee_area numeric"
TOTALS = f"table (key text, kind text, value text, status text, {SUM_COLUMNS})"
KEPT = "table (number bigint, org_id bigint, community_id bigint, type text, status text)"
FUNCTIONS = {
    "fold_space_totals(communities bigint[])": ("void", "", FOLD),
    "count_spaces()": ("trigger", DEFINER, COUNT_SPACES),
    "count_relations()": ("trigger", DEFINER, COUNT_RELATIONS),
    "count_occupancy()": ("trigger", DEFINER, COUNT_OCCUPANCY),
    "count_parking()": ("trigger", DEFINER, COUNT_PARKING),
    "true_space_totals()": (f"table ({KEY_COLUMNS}, {SUM_COLUMNS})", "stable", TRUE_TOTALS),
    "rebuild_space_totals()": ("void", "", REBUILD),
    "recount_spaces()": ("trigger", DEFINER, RECOUNT),
}
FOR_REQUESTS = {
    "totals_of_orgs(paths text[])": (TOTALS, READING, OF_ORGS),
    "totals_of_spaces(paths text[])": (TOTALS, READING, OF_SPACES),
    "kept_spaces()": (KEPT, READING, OF_SCOPE),
}
"""The functions that requests call. They answer no more than the policies show."""


def keep_totals() -> None:
    """Create the functions, and the triggers that count what changes."""
    for name, (returns, options, body) in {**FUNCTIONS, **FOR_REQUESTS}.items():
        signature = _signature(name)
        op.execute(FUNCTION.format(name=name, returns=returns, options=options, body=body))
        op.execute(PIN.format(signature))
        if name in FOR_REQUESTS:
            let_requests_call(signature)
        else:
            op.execute(f"revoke all on function {signature} from public")
    for table, function in COUNTED.items():
        for event, when in EVENTS.items():
            if (table, event) != ("house_occupancy", "delete"):  # goes with its space, and has no valid relation then
                op.execute(
                    f"create trigger count_{event} {when.format(table)} for each statement execute function {function}"
                )
        if table != "house_occupancy":
            op.execute(
                f"create trigger count_truncate after truncate on {table} for each statement"
                " execute function recount_spaces()"
            )


def drop_totals() -> None:
    """Drop the triggers and the functions."""
    for table in COUNTED:
        for event in (*EVENTS, "truncate"):
            op.execute(f"drop trigger if exists count_{event} on {table}")
    for name in {**FUNCTIONS, **FOR_REQUESTS}:
        op.execute(f"drop function {_signature(name)}")


def _signature(name: str) -> str:
    """Return the name of a function with the types of its parameters, without their names."""
    return name.replace("communities ", "").replace("paths ", "")
