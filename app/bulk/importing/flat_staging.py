"""Flat staging: the rows of a file that is no tree in `import_record`, with the values that their records will have.

`import_record` has the id, whether the record is known and whether it differs, and the problem that excludes the row:
null for none, and empty for one that is reported already.
"""

from collections.abc import Iterator, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.column import Noun
from app.bulk.importing.columns import COLUMNS
from app.bulk.importing.flat import FLAT, Flat, Reference, Unique
from app.bulk.importing.records import ErrorList
from app.bulk.importing.staging import known_by, problems
from app.models.base import OWN_SOURCE


def make_records(connection: Connection, batch: Batch) -> None:
    """Fill `import_record`: match rows with the register, find what they name, and apply the rules of single rows."""
    flat = FLAT[batch.noun]
    values = {column: final(batch, flat, column) for column in columns_of(batch)}
    statement = batch.sql(
        RECORDS,
        references=SQL(" ").join(_lookup(batch, each) for each in flat.references),
        key=known_by(batch, "node", "r.external_id"),
        known_as=SQL(flat.known_as),
        among=SQL(flat.among if batch.source != OWN_SOURCE else "true"),
        of_tenant=_of_tenant(batch),
        values=SQL(", ").join(SQL("{} as {}").format(value, Identifier(name)) for name, value in values.items()),
        named=SQL("").join(_named(batch, each) for each in flat.references),
        kept=SQL("").join(SQL(f", node.{name}_id as old_{name}_id") for name in flat.kept),
        problem=SQL(" ").join(_problems(batch, flat)),
        value=SQL(" ").join(_values(batch, flat)),
        differs=_differs(batch, list(values)),
        old_status=SQL(STATUS_OF.get(batch.noun, "null::text")),
    )
    connection.execute(statement)
    connection.execute("create unique index on import_record (line)")
    connection.execute("create index on import_record (id)")
    connection.execute("analyze import_record")


def refuse_conflicts(connection: Connection, batch: Batch, errors: ErrorList) -> None:
    """Mark rows whose values another record has, until no row is marked: a marked row claims and frees nothing."""
    errors.extend(*problems(connection, "import_record"))
    while True:
        connection.execute(TWICE)
        for unique in FLAT[batch.noun].uniques:
            connection.execute(_conflicts(batch, unique))
        found, count = problems(connection, "import_record")
        errors.extend(found, count)
        if not count:
            return


def columns_of(batch: Batch) -> list[str]:
    """Name the columns of the table that an import writes."""
    references = [f"{each.name}_id" for each in FLAT[batch.noun].references]
    own = [column.name for column in COLUMNS[batch.noun] if column.own and column.name != "external_id"]
    return [*references, *own]


def changed_columns(batch: Batch) -> list[str]:
    """Name those that the file has: the others stay as they are."""
    flat = FLAT[batch.noun]
    named = {f"{each.name}_id" for each in flat.references if has_reference(batch, each.name)}
    kept = {f"{name}_id" for name in flat.kept}
    return [name for name in columns_of(batch) if name in (batch.header | named) - kept]


def has_reference(batch: Batch, name: str) -> bool:
    """Return whether the file has a column that names a record."""
    return bool({f"{name}_id", f"{name}_external_id"} & batch.header)


def final(batch: Batch, flat: Flat, column: str) -> Composable:
    """Return the value that a record will have: of the file, else as it is stored, else by default."""
    reference = next((each for each in flat.references if column == f"{each.name}_id"), None)
    old = SQL("node.{}").format(Identifier(column))
    if reference is not None:
        under = SQL("{}::bigint").format(Literal(batch.under if column in DEFAULT_OF_UNDER else None))
        found = SQL("{}.id").format(Identifier(reference.name))
        return SQL("coalesce({}, {}, {})").format(found, old, under)
    given, default = SQL("r.{}").format(Identifier(column)), SQL(flat.defaults.get(column, "null"))
    if column not in batch.header:
        return SQL("case when node.id is null then {} else {} end").format(default, old)
    if column in flat.defaults or column == "name":
        return SQL("coalesce({}, {}, {})").format(given, old, default)
    return given


STATUS_OF: Mapping[Noun, str] = {"relations": "node.housing_status", "work-orders": "node.status"}
"""The column whose changes are logged."""

DEFAULT_OF_UNDER = {"org_id", "top_org_id"}
"""The references that `--under` gives a new record which names none."""


def _lookup(batch: Batch, reference: Reference) -> Composed:
    """Join the record that a row names, as `<name>.id`, `.kind`, `.tenant` and `.matches`."""
    by_key, by_id = f"{reference.name}_external_id", f"{reference.name}_id"
    ways: list[Composable] = []
    if by_key in batch.header:
        key = known_by(batch, "found", f"r.{by_key}")
        ways.append(SQL("select found.* from {table} found where {key} and {among}").format(
            table=Identifier(reference.table), key=key,
            among=SQL(reference.among if batch.source != OWN_SOURCE else "true"),
        ))  # fmt: skip
    if by_id in batch.header:
        ways.append(SQL("select found.* from {} found where found.id = r.{}").format(
            Identifier(reference.table), Identifier(by_id)
        ))  # fmt: skip
    if not ways:
        ways = [SQL("select found.* from {} found where false").format(Identifier(reference.table))]
    return SQL(
        "left join lateral (select min({shown}) as id, min(({kind})::text) as kind, min({tenant}) as tenant,"
        " count(*) as matches from ({ways}) found) {name} on true"
    ).format(
        shown=SQL(reference.shown), kind=SQL(reference.kind), tenant=SQL(reference.tenant),
        ways=SQL(" union all ").join(ways), name=Identifier(reference.name),
    )  # fmt: skip


def _of_tenant(batch: Batch) -> Composable:
    if batch.noun != "customers" or batch.under is None:
        return SQL("true")
    return SQL("node.top_org_id = {}").format(Literal(batch.under))


def _named(batch: Batch, reference: Reference) -> Composed:
    """Select what the rules ask about a record that a row names."""
    by_key, by_id = f"{reference.name}_external_id", f"{reference.name}_id"
    given: list[Composable] = [
        SQL("r.{}::text").format(Identifier(each)) for each in (by_key, by_id) if each in batch.header
    ]
    return SQL(", {0}.kind as {1}, {0}.tenant as {2}, {0}.matches as {3}, coalesce({4}, null) as {5}").format(
        Identifier(reference.name),
        *(Identifier(f"{reference.name}_{each}") for each in ("kind", "tenant", "matches")),
        SQL(", ").join(given or [SQL("null::text")]),
        Identifier(f"{reference.name}_given"),
    )


def _cases(batch: Batch, flat: Flat) -> Iterator[tuple[Composable, Composable, Composable]]:
    """Yield what is wrong with rows: the condition, the problem, and the value that it quotes."""
    key = SQL("q.external_id")
    yield SQL("not q.valid"), SQL("''"), SQL("null")
    yield SQL("q.line > q.first_line"), SQL("format('external_id {} is already in line %s', q.first_line)"), key
    yield (
        SQL("q.matches > 1"),
        SQL("'external_id {} is known in several tenants; import one tenant at a time, with --under'"),
        key,
    )
    if batch.source == OWN_SOURCE:
        unknown = f"'the register has no {flat.table} {{}}; its own records are known by their ids'"
        yield SQL("not q.known"), SQL(unknown), key
    for each in flat.references:
        given, matches = SQL(f"q.{each.name}_given"), f"q.{each.name}_matches"
        lost = SQL(f"q.{each.name}_given is not null and {matches} = 0")
        yield lost, SQL(f"'{each.name} {{}} is not in the register'"), given
        several = f"'{each.name} {{}} is known in several tenants; import one tenant at a time, or name it by its id'"
        yield SQL(f"{matches} > 1"), SQL(several), given
        if each.required:
            yield (
                SQL(f"not q.known and q.{each.name}_id is null"),
                SQL(f"'a new record needs {each.name}_external_id or {each.name}_id'"),
                SQL("null"),
            )
    for name in flat.kept:
        moved = SQL(f"q.known and q.old_{name}_id <> q.{name}_id")
        yield moved, SQL(f"'a record keeps its {name}; {{}} is another one'"), SQL(f"q.{name}_given")
    for rule in flat.rules:
        yield SQL(rule.when), SQL(rule.error), SQL(rule.value)


def _problems(batch: Batch, flat: Flat) -> Iterator[Composed]:
    for when, problem, _ in _cases(batch, flat):
        yield SQL("when {} then {}").format(when, problem)


def _values(batch: Batch, flat: Flat) -> Iterator[Composed]:
    for when, _, value in _cases(batch, flat):
        yield SQL("when {} then {}::text").format(when, value)


def _differs(batch: Batch, columns: list[str]) -> Composable:
    changed = [name for name in changed_columns(batch) if name in columns]
    if not changed:
        return SQL("not q.known")
    return SQL("not q.known or ({}) is distinct from ({})").format(
        SQL(", ").join(SQL("old.{}").format(Identifier(name)) for name in changed),
        SQL(", ").join(SQL("q.{}").format(Identifier(name)) for name in changed),
    )


def _conflicts(batch: Batch, unique: Unique) -> Composed:
    """Return the statement that marks rows whose unique values an earlier row, or a record beside the file, has."""
    flat = FLAT[batch.noun]
    live = "other.merged_into_id is null" if flat.table == "customer" else "true"
    return SQL(CONFLICTS).format(
        table=Identifier(flat.table),
        columns=SQL(", ").join(SQL("n.{}").format(Identifier(name)) for name in unique.columns),
        present=SQL(" and ").join(SQL("n.{} is not null").format(Identifier(name)) for name in unique.columns),
        where=SQL(unique.where),
        equal=SQL(" and ").join(SQL("other.{0} = n.{0}").format(Identifier(name)) for name in unique.columns),
        stored=SQL(unique.where.replace("n.", "other.")),
        live=SQL(live),
        label=Literal(unique.label),
    )


RECORDS = """
create temp table import_record on commit drop as
select q.*, {differs} as differs, case {problem} end as problem, case {value} end as problem_value
from (
  select r.line, r.valid, r.external_id, min(r.line) over (partition by r.external_id) as first_line,
    coalesce(node.id, nextval('register_id')) as id, node.id is not null as known, known.matches,
    {old_status} as old_status, {values}{named}{kept}
  from (select * from import_row order by line) r
  {references}
  left join lateral (
    select min({known_as}) as id, count(*) as matches from {table} node where {key} and {among} and {of_tenant}
  ) known on true
  left join {table} node on node.id = known.id
) q left join {table} old on q.known and old.id = q.id
"""

TWICE = """
update import_record n set problem = format('is the same record as line %s', earlier.line)
from (select id, min(line) as line from import_record where problem is null group by id having count(*) > 1) earlier
where n.id = earlier.id and n.line > earlier.line and n.problem is null
"""
"""Two external ids may stand for one record: that of a customer, and that of one who was merged into it."""

CONFLICTS = """
update import_record marked set problem = format(
  case when claim.first_line < claim.line then 'another row has the same %s: line %s'
    else 'another record has the same %s: %s' end,
  {label}, case when claim.first_line < claim.line then claim.first_line else claim.stored end
)
from (
  select n.line, min(n.line) over (partition by {columns}) as first_line, (
    select other.id from {table} other
    where n.differs and {equal} and other.id <> n.id and {stored} and {live}
    and not exists (select from import_record mine where mine.id = other.id and mine.problem is null)
    limit 1
  ) as stored
  from import_record n where n.problem is null and {present} and {where}
) claim
where marked.line = claim.line and (claim.first_line < claim.line or claim.stored is not null)
"""
