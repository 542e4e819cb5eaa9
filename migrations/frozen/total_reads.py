"""Total reads: what spaces count for in the totals, and the functions that read totals (decision 14)."""

from migrations.frozen.access import BUSINESS, SUPER

SUMS = "sum(count)::bigint as count, sum(area) as area, sum(fee_area) as fee_area"
KEY = "org_id, community_id, kind, value, status"
SOME = "having sum(count) <> 0 or sum(area) <> 0 or sum(fee_area) <> 0"
APPEND = f"insert into space_total ({KEY}, count, area, fee_area)"

OCCUPANCY = "case when {0}.living_in > 0 then 'LIVED_IN' when {0}.away > 0 then 'AWAY' end"


def space_rows(rows: str, sign: int) -> str:
    """Return what spaces add to the totals by type and status, or take away from them."""
    return (
        f"select coalesce(org_id, 0) as org_id, coalesce(community_id, 0) as community_id, 'SPACE' as kind,"
        f" type as value, status, {sign} as count, {sign} * coalesce(area, 0) as area,"
        f" {sign} * coalesce(fee_area, 0) as fee_area from {rows}"
    )


def held_rows(rows: str, sign: int) -> str:
    """Return what is counted of the houses and parking places among some rows of `space`."""
    own = f"coalesce(org_id, 0), coalesce(community_id, 0), held.kind, held.value, null::text, {sign}, 0.0, 0.0"
    return (
        f"select {own} from {rows} cross join lateral ("
        f" select 'OCCUPANCY' as kind, {OCCUPANCY.format('house')} as value from house_occupancy house"
        f" where house.space_id = {rows}.id and {rows}.type = 'HOUSE'"
        f" union all select 'PARKING', place.status from parking_detail place"
        f" where place.space_id = {rows}.id and {rows}.type = 'PARK_SPACE' offset 0"
        ") held where held.value is not null"
    )


def relation_rows(rows: str, sign: int) -> str:
    """Return how many valid relations of each space are among some rows."""
    return (
        f"select space_id, {sign} * (housing_status = 'LIVING_IN')::int as living_in,"
        f" {sign} * (housing_status = 'AWAY')::int as away from {rows} where housing_status in ('LIVING_IN', 'AWAY')"
    )


OCCUPIED = f"""
    select space_id, sum(living_in)::integer as living_in, sum(away)::integer as away
    from ({relation_rows("property_relation", 1)}) counted group by space_id
"""

# What the totals must be, and what `cadastre check` compares them with.
TRUE_TOTALS = f"""
#variable_conflict use_column
begin
  return query with house_occupancy as materialized ({OCCUPIED})
  select counted.org_id, counted.community_id, counted.kind, counted.value::text, counted.status::text,
    sum(counted.count)::bigint, sum(counted.area), sum(counted.fee_area)
  from (
    {space_rows("space", 1)}
    union all
    select coalesce(space.org_id, 0), coalesce(space.community_id, 0), 'OCCUPANCY',
      {OCCUPANCY.format("house")}, null, 1, 0.0, 0.0
    from house_occupancy house join space on space.id = house.space_id and space.type = 'HOUSE'
    union all
    select coalesce(space.org_id, 0), coalesce(space.community_id, 0), 'PARKING', place.status, null, 1, 0.0, 0.0
    from parking_detail place join space on space.id = place.space_id and space.type = 'PARK_SPACE'
    where place.status is not null
  ) counted group by 1, 2, 3, 4, 5;
end
"""

REBUILD = f"""
begin
  lock table space, property_relation, parking_detail in share row exclusive mode;
  delete from house_occupancy;
  insert into house_occupancy (space_id, living_in, away) {OCCUPIED};
  delete from space_total;
  {APPEND} select {KEY}, count, area, fee_area from true_space_totals();
end
"""

RECOUNT = "begin perform rebuild_space_totals(); return null; end"

# A caller sees of the totals what belongs to the business organisations of the scope, as of the spaces themselves.
OF_ORGS = f"""
#variable_conflict use_column
begin
  return query
  select asked.path, total.kind, total.value, total.status,
    sum(total.count)::bigint, sum(total.area), sum(total.fee_area)
  from unnest(paths) asked (path)
  cross join lateral (
    select org.id from org
    where org.path >= asked.path and org.path < rtrim(asked.path, '/') || '0' and ({SUPER} or org.path ^@ {BUSINESS})
    offset 0
  ) owner
  join space_total total on total.org_id = owner.id
  group by 1, 2, 3, 4 {SOME.replace("sum(", "sum(total.")};
end
"""

# The rows of the totals themselves; several may have the same key. Lists of spaces are counted by them.
OF_SCOPE = f"""
#variable_conflict use_column
begin
  return query
  select total.count, nullif(total.org_id, 0), nullif(total.community_id, 0), total.value, total.status
  from space_total total where total.kind = 'SPACE' and (
    {SUPER}
    or total.org_id = any(array(
      select org.id from unnest(array_remove(string_to_array(current_setting('app.scopes', true), ','), '')) top (path)
      join org on org.path >= top.path and org.path < rtrim(top.path, '/') || '0'
    ))
  );
end
"""

# The communities at or below a community have totals. Of other spaces, the spaces below are counted.
OF_SPACES = f"""
#variable_conflict use_column
begin
  return query
  with below as materialized (
    select asked.path as top, space.id, space.type, space.status,
      coalesce(space.area, 0) as area, coalesce(space.fee_area, 0) as fee_area
    from unnest(paths) asked (path)
    cross join lateral (select from space top where top.path = asked.path and top.type <> 'COMMUNITY' offset 0) top
    cross join lateral (
      select * from space
      where space.path >= asked.path and space.path < rtrim(asked.path, '/') || '0'
        and ({SUPER} or space.org_path ^@ {BUSINESS})
      offset 0
    ) space
  )
  select counted.path, counted.kind, counted.value::text, counted.status::text,
    sum(counted.count)::bigint, sum(counted.area), sum(counted.fee_area)
  from (
    select asked.path, total.kind, total.value, total.status, total.count, total.area, total.fee_area
    from unnest(paths) asked (path)
    cross join lateral (select from space top where top.path = asked.path and top.type = 'COMMUNITY' offset 0) top
    cross join lateral (
      select space.id from space where space.type = 'COMMUNITY'
        and space.path >= asked.path and space.path < rtrim(asked.path, '/') || '0'
        and ({SUPER} or space.org_path ^@ {BUSINESS})
      offset 0
    ) community
    join space_total total on total.community_id = community.id
    union all
    select below.top, 'SPACE', below.type, below.status, count(*), sum(below.area), sum(below.fee_area)
    from below group by 1, 3, 4
    union all
    select below.top, 'OCCUPANCY', {OCCUPANCY.format("house")}, null, count(*), 0, 0
    from below join house_occupancy house on house.space_id = below.id
    where below.type = 'HOUSE' and {OCCUPANCY.format("house")} is not null group by 1, 3
    union all
    select below.top, 'PARKING', place.status, null, count(*), 0, 0
    from below join parking_detail place on place.space_id = below.id
    where below.type = 'PARK_SPACE' and place.status is not null group by 1, 3
  ) counted group by 1, 2, 3, 4 {SOME.replace("sum(", "sum(counted.")};
end
"""
