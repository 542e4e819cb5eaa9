"""Customer checks: identity numbers that are new to the register, and the organisations that know a customer."""

from collections.abc import Iterator
from datetime import UTC, datetime

from psycopg import Connection
from psycopg.sql import SQL, Composable, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.staging import own_id
from app.bulk.importing.writing import WRITER
from app.bulk.index_rebuild import bulk_load
from app.errors import InvalidInputError
from app.models.base import OWN_SOURCE
from app.models.org import OrgType
from app.models.property import IS_VALID
from app.services.identity import check_identity


def check_numbers(connection: Connection) -> None:
    """Mark rows whose number no identity card has. A number that is stored already is not checked again."""
    today = datetime.now(UTC).date()
    with connection.cursor() as cursor:
        found = list(_wrong(cursor.execute(NEW_NUMBERS), today))
        if found:
            cursor.executemany("update import_record set problem = %s where line = %s", found)


def _wrong(rows: object, today: object) -> Iterator[tuple[str, int]]:
    for line, number, type_ in rows:  # type: ignore[attr-defined]
        try:
            check_identity(number, type_, today)  # type: ignore[arg-type]
        except InvalidInputError as error:
            yield f"identity: {error.message_in('en')}", line


def stage_orgs(connection: Connection, batch: Batch) -> None:
    """Find the organisations that the file names for its customers, and mark the rows that name wrong ones."""
    if not has_orgs(batch):
        return
    by_id = batch.source == OWN_SOURCE
    key = SQL(f"org.id = {own_id('given.value')}")
    ways: list[Composable] = []
    if "org_external_ids" in batch.header:
        same = key if by_id else batch.sql("org.source = {source} and org.external_id = given.value")
        ways.append(batch.sql(GIVEN, names=SQL("r.org_external_ids"), same=same))
    if "org_ids" in batch.header:
        ways.append(batch.sql(GIVEN, names=SQL("r.org_ids"), same=key))
    connection.execute(SQL("create temp table import_org on commit drop as {}").format(SQL(" union all ").join(ways)))
    connection.execute("create index on import_org (customer_id)")
    connection.execute("analyze import_org")
    connection.execute(WRONG_ORGS)
    connection.execute(OTHER_ORGS)


def has_orgs(batch: Batch) -> bool:
    """Return whether the file says which organisations know its customers."""
    return batch.noun == "customers" and bool({"org_external_ids", "org_ids"} & batch.header)


def write_orgs(connection: Connection, batch: Batch, inserted: int) -> None:
    """Relate customers to the organisations of the file, and to no others but those where they hold property."""
    if has_orgs(batch):
        connection.execute(DELETE)
        with bulk_load(connection, "customer_org", inserted):
            connection.execute(SQL(INSERT).format(who=Literal(WRITER)))


NEW_NUMBERS = """
select n.line, n.identity, n.identity_type from import_record n left join customer old on n.known and old.id = n.id
where n.problem is null and n.differs and n.identity is not null and n.identity_type = 'IDENTITY_CARD'
and (old.identity_type, old.identity) is distinct from (n.identity_type, n.identity)
order by n.line
"""

GIVEN = """
select n.line, n.id as customer_id, given.value, org.id as org_id, org.matches, org.type, org.tenant
from import_record n join import_row r on r.line = n.line
cross join lateral unnest(string_to_array({names}, ';')) as given (value)
left join lateral (
  select min(org.id) as id, count(*) as matches, min(org.type) as type, min(split_part(org.path, '/', 1)) as tenant
  from org where {same} and split_part(org.path, '/', 1) = n.top_org_id::text
) org on true
where n.problem is null
"""

WRONG_ORGS = f"""
update import_record n set problem_value = wrong.value, problem = case
  when wrong.matches = 0 then 'the tenant has no organisation {{}}' else 'organisation {{}} is not a business one'
end
from import_org wrong
where wrong.line = n.line and n.problem is null and (wrong.matches = 0 or wrong.type <> '{OrgType.BUSINESS}')
"""  # noqa: S608

KEPT = f"""
exists (select from property_relation relation join space on space.id = relation.space_id
  where relation.customer_id = known.customer_id and space.org_id = known.org_id and relation.{IS_VALID})
"""
"""The condition that a customer holds property of an organisation, which therefore knows the customer."""

GONE = f"""
from customer_org known join import_record n on n.id = known.customer_id and n.known and n.problem is null
where not exists (select from import_org o where o.customer_id = known.customer_id and o.org_id = known.org_id)
and not {KEPT}
"""

OTHER_ORGS = f"""
update import_record set differs = true where problem is null and known and not differs and (
  id in (select known.customer_id {GONE})
  or exists (
    select from import_org o where o.customer_id = import_record.id
    and not exists (select from customer_org k where k.customer_id = o.customer_id and k.org_id = o.org_id)
  )
)
"""  # noqa: S608

DELETE = f"delete from customer_org where id in (select known.id {GONE})"  # noqa: S608

INSERT = """
insert into customer_org (customer_id, org_id, created_by, updated_by)
select o.customer_id, o.org_id, {who}, {who} from import_org o
join import_record n on n.line = o.line and n.problem is null
group by o.customer_id, o.org_id order by min(o.line) on conflict (customer_id, org_id) do nothing
"""
