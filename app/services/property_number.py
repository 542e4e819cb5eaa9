"""Property number: finds the house that people write as its full code, or as names joined with '-' (document 000, 4.3).

The names are those of the spaces from below the community down to the house, such as A11-a-a-02-01. The search starts
at the communities that the caller sees and follows the names, one index lookup a level: `offset 0` keeps the planner,
which does not know how few spaces are left, from reading the whole table for each level. A customer finds only the own
houses.
"""

from collections.abc import Collection, Mapping

from psycopg.sql import SQL

from app.access.holdings import PROPERTIES
from app.db.rendering import statement_of
from app.db.transaction import Writing

# ruff: noqa: S608 - the query is put together from our own names

FIND = statement_of(
    SQL(
        f"""
with recursive asked as (select distinct number from unnest(%(numbers)s::text[]) number),
walk as (
  select asked.number, space.id, asked.number as rest
  from asked cross join space where space.type = 'COMMUNITY'
  union all
  select walk.number, child.id, substr(walk.rest, length(child.name) + 2)
  from walk cross join lateral (
    select space.id, space.name from space
    where space.parent_id = walk.id and (walk.rest = space.name or starts_with(walk.rest, space.name || '-')) offset 0
  ) child
)
select walk.number, walk.id from walk join space on space.id = walk.id and space.type = 'HOUSE' where walk.rest = ''
union
select asked.number, space.id from asked join space on space.code = asked.number and space.type = 'HOUSE'
union
select asked.number, space.id from asked join space on space.id = {PROPERTIES} and space.type = 'HOUSE'
where right(replace(space.full_name, '/', '-'), length(asked.number) + 1) = '-' || asked.number
"""
    )
)


async def find_houses(writing: Writing, numbers: Collection[str]) -> Mapping[str, list[int]]:
    """Return the ids of the visible houses that each number may mean; several communities may have the same names."""
    found: dict[str, list[int]] = {}
    if numbers:
        (rows,) = await writing.fetch_all([(FIND, {"numbers": [*numbers]})])
        for number, id_ in rows:
            found.setdefault(number, []).append(id_)
    return found
