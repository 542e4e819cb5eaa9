"""Generated data for measurements: communities of the same plan below one business organisation.

Each community has 5 zones x 8 buildings x 4 units x 18 floors x 4 houses: 14,606 spaces. Of its 11,520 houses 7,500
have an owner. Its 6,250 customers own them: every fifth owns two. Areas and names are derived from the seed.
"""

from contextlib import ExitStack
from dataclasses import dataclass

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from app.bulk.index_rebuild import bulk_load, refresh_indexes
from app.bulk.progress import Progress, silent
from app.bulk.session import Note, ignore, lock_trees, session
from app.errors import OperatorError
from app.models.tree import FIRST_SEGMENT
from app.services.tree import RULES, derive, expected, raise_numbers

SOURCE = "generate"
ROOT_NAME = "生成数据"
MOST_COMMUNITIES = 10_000
ROWS_OF_A_COMMUNITY = {"space": 14_606, "customer": 6_250, "property_relation": 7_500}


@dataclass(frozen=True)
class Level:
    """A level of the plan: the type, the number of children of each node above, and their names as SQL."""

    type: str
    count: int
    name: str


LEVELS = (
    Level("ZONE", 5, "i || '区'"),
    Level("BUILDING", 8, "i || '栋'"),
    Level("UNIT", 4, "i || '单元'"),
    Level("FLOOR", 18, "i || '层'"),
    Level("HOUSE", 4, "parent.place || lpad(i::text, 2, '0')"),
)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN_NAMES = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉建文志国"


def generate(
    url: str, communities: int, seed: int = 1, progress: Progress = silent, note: Note = ignore
) -> dict[str, int]:
    """Add the communities that are missing up to `communities`; return the rows inserted per table.

    Running it again adds nothing, a larger number adds the rest. OperatorError: no database, or a number out of range.
    """
    if not 1 <= communities <= MOST_COMMUNITIES:
        message = f"the number of communities must be between 1 and {MOST_COMMUNITIES}, not {communities}"
        raise OperatorError(message)
    with session(url, "cadastre generate") as connection:
        lock_trees(connection, ("org", "space"), note=note)
        inserted = _generate(connection, communities, seed, progress)
        connection.commit()
        if sum(inserted.values()):
            for table in inserted:
                refresh_indexes(connection, table)
        return inserted


def _generate(connection: Connection, communities: int, seed: int, progress: Progress) -> dict[str, int]:
    inserted = {"org": 0, "space": 0, "customer": 0, "property_relation": 0}
    org, inserted["org"] = _root_org(connection)
    connection.execute(PLAN_TABLE)
    connection.execute(OWNER_TABLE)
    first = _number(connection, SQL(COMMUNITIES_THERE))
    with ExitStack() as stack:
        for table, rows in ROWS_OF_A_COMMUNITY.items():
            stack.enter_context(bulk_load(connection, table, rows * (communities - first)))
        for ordinal in range(first, communities):
            _community(connection, ordinal, org, seed, inserted)
            progress("communities", ordinal + 1 - first, communities - first)
        progress("indexes", 0)
    return inserted


def _community(connection: Connection, ordinal: int, org: int, seed: int, inserted: dict[str, int]) -> None:
    """Insert one community with its customers and their relations."""
    connection.execute("truncate generated, owner")
    _plan(connection, ordinal, org)
    inserted["space"] += connection.execute(_spaces(seed)).rowcount
    connection.execute(raise_numbers("space", SQL(NUMBERS)))
    connection.execute(OWNERS, [ordinal, ROWS_OF_A_COMMUNITY["customer"]])
    inserted["customer"] += connection.execute(_customers(seed, org)).rowcount
    inserted["property_relation"] += connection.execute(RELATIONS).rowcount


def _root_org(connection: Connection) -> tuple[int, int]:
    """Return the organisation that owns everything generated, and the number of inserted rows: 1 or 0."""
    statement = SQL("select coalesce((select id from org where source = {} and external_id = 'root'), 0)")
    there = _number(connection, statement.format(Literal(SOURCE)))
    if there:
        return there, 0
    parts = {"next_root": _next_root("org"), "name": Literal(ROOT_NAME), "source": Literal(SOURCE)}
    org = _number(connection, SQL(ROOT).format(**parts))
    connection.execute(derive("org", SQL("child.id = {}").format(Literal(org))))
    return org, 1


def _plan(connection: Connection, ordinal: int, org: int) -> None:
    """Fill `generated` with one community, level by level from the top."""
    connection.execute(SQL(COMMUNITY).format(next_root=_next_root("space"), ordinal=Literal(ordinal), org=Literal(org)))
    above = "COMMUNITY"
    for level in LEVELS:
        connection.execute(
            SQL(CHILDREN).format(
                name=SQL(level.name),
                type=Literal(level.type),
                count=Literal(level.count),
                above=Literal(above),
                first=Literal(FIRST_SEGMENT["space"]),
            )
        )
        above = level.type


def _spaces(seed: int) -> Composed:
    derived = SQL(", ").join(Identifier(name) for name in RULES["space"])
    values = SQL(", ").join(Identifier("tree", name) for name in RULES["space"])
    tree = expected("space", nodes=SQL("generated"), code=SQL("(coalesce(parent.code, '') || child.number)"))
    return SQL(SPACES).format(derived=derived, values=values, tree=tree, seed=Literal(seed), source=Literal(SOURCE))


def _customers(seed: int, org: int) -> Composed:
    return SQL(CUSTOMERS).format(
        seed=Literal(seed),
        org=Literal(org),
        source=Literal(SOURCE),
        surnames=Literal(SURNAMES),
        given=Literal(GIVEN_NAMES),
    )


def _next_root(tree: str) -> Composed:
    return SQL(NEXT_ROOT).format(tree=Literal(tree), first=Literal(FIRST_SEGMENT[tree]))


def _number(connection: Connection, statement: SQL | Composed) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


PLAN_TABLE = """
create temp table generated (
  id bigint primary key, parent_id bigint, ordinal bigint, place integer, name text, type text,
  org_id bigint, number bigint
) on commit drop;
create index on generated (parent_id)
"""

OWNER_TABLE = "create temp table owner (ordinal bigint, customer_id bigint) on commit drop"

COMMUNITIES_THERE = "select count(*) from space where source = 'generate' and type = 'COMMUNITY'"

NEXT_ROOT = """
with numbered as (
  select last_number from take_numbers({tree}, {first}, array[null]::bigint[])
)
"""

ROOT = """
{next_root}, node as (select nextval('register_id') as id, last_number as code from numbered)
insert into org (id, path, depth, code, name, full_name, type, source, external_id, created_by, updated_by)
select id, id || '/', 0, code, {name}, {name}, 'BUSINESS', {source}, 'root', {source}, {source} from node
returning id
"""

COMMUNITY = """
{next_root}
insert into generated (id, ordinal, place, name, type, org_id, number)
select nextval('register_id'), {ordinal}, {ordinal} + 1, '生成小区' || {ordinal} + 1, 'COMMUNITY', {org}, last_number
from numbered
"""

CHILDREN = """
insert into generated (id, parent_id, ordinal, place, name, type, number)
select nextval('register_id'), child.* from (
  select parent.id, parent.ordinal * {count} + i - 1, i, {name}, {type}, {first} + i - 1
  from generated parent cross join generate_series(1, {count}) i
  where parent.type = {above} order by parent.ordinal, i
) child
"""
"""`ordinal` numbers the nodes of a type over all communities; random values are derived from it and the seed."""

NUMBERS = "select parent_id, max(number) as number from generated where parent_id is not null group by parent_id"

SPACES = """
insert into space (id, parent_id, name, type, area, fee_area, code, {derived},
  source, external_id, created_by, updated_by)
select id, node.parent_id, node.name, node.type, drawn.area, drawn.area, code, {values},
  {source}, case when node.type = 'COMMUNITY' then 'community-' || node.place end, {source}, {source}
from ({tree}) tree join generated node using (id)
cross join lateral (
  select case when node.type = 'HOUSE'
    then 60 + (('x' || left(md5({seed} || '/area/' || node.ordinal), 7))::bit(28)::integer % 12000) / 100.0 end as area
) drawn
order by sort_key
"""

OWNERS = """
insert into owner select place.ordinal * customers + i, nextval('register_id')
from (select %s::bigint as ordinal, %s::bigint as customers) place, generate_series(0, customers - 1) i
"""

CUSTOMERS = """
insert into customer (id, top_org_id, type, name, phone, source, created_by, updated_by)
select customer_id, {org}, 'PERSON',
  substr({surnames}, 1 + drawn % length({surnames}), 1)
  || substr({given}, 1 + drawn / 100 % length({given}), 1) || substr({given}, 1 + drawn / 10000 % length({given}), 1),
  '199' || lpad(ordinal::text, 8, '0'), {source}, {source}, {source}
from owner cross join lateral (
  select ('x' || left(md5({seed} || '/name/' || ordinal), 7))::bit(28)::integer as drawn
) random
"""

RELATIONS = """
insert into property_relation (type, space_id, customer_id, tenure, is_main, source, created_by, updated_by)
select 'HOUSE', house.id, owner.customer_id, 'OWNER', true, 'generate', 'generate', 'generate'
from (
  select id, ordinal * 125 / 192 as number from generated where type = 'HOUSE' and ordinal * 125 % 192 >= 67
) house join owner on owner.ordinal = house.number * 5 / 6 order by house.id
"""
"""Of 192 houses 125 have an owner, evenly spread; `number` numbers those. Of six in a row, one customer owns the first
two."""
