"""Naming: triggers that refuse what a request may not name beside its own row, such as a parent of another tenant.

A policy compares one row with the caller's scope. It cannot look for the parent in its own table, nor among the rows of
the same statement. So these triggers compare all rows of a statement at once. They fire for requests only: imports and
what follows from a move run as the owner of the tables. Where nothing else is said, they read as the caller, so a
hidden record is like an absent one.
"""

from collections.abc import Sequence

from alembic import op

from migrations.frozen.access import ACTOR, BUSINESS
from migrations.frozen.changes import PIN

REQUEST = "current_user = 'cadastre_app'"
ORDINARY = f"{REQUEST} and current_setting('app.super', true) is distinct from 'on'"

OTHERS = "other.id not in (select id from new_rows)"
"""The condition of a row of the table that the statement has not inserted."""

WRONG = """
select from ({changed}) node
left join lateral (select * from {table} where id = node.parent_id offset 0) parent on true
where {wrong}
"""
"""Select nodes for which a condition on the node and its visible parent holds."""

MISPLACED = (
    "node.path <> coalesce(parent.path, '') || node.id || '/' or node.parent_id is not null and parent.id is null"
)
"""The parent is hidden, or the path is not that of the parent and the id."""

OTHER_TYPE = "parent.type <> node.type"

MISOWNED = """case when node.type = 'COMMUNITY' then
    node.community_id is distinct from node.id
    or node.org_path is distinct from (select path from org where id = node.org_id)
    or split_part(node.org_path, '/', 1) <> split_part(parent.org_path, '/', 1)
  else
    (node.community_id, node.org_id, node.org_path)
      is distinct from (parent.community_id, parent.org_id, parent.org_path)
  end"""
"""A community has not the path of its organisation, or another space belongs to another community than its parent."""

MOVED_AWAY = """
select from (
  select id, split_part({path}, '/', 1) as tenant from new_rows where {path} is not null
  union select id, split_part({path}, '/', 1) from old_rows where {path} is not null
) node group by id having count(*) > 1
"""
"""Select the nodes that a statement takes from one tenant to another."""

HIDDEN_ROLE = f"""
select from new_rows made
where exists (select from org_role other where other.role_id = made.role_id and {OTHERS})
and not exists (
  select from org_role other join org on org.id = other.org_id
  where other.role_id = made.role_id and {OTHERS} and org.path ^@ {BUSINESS}
)
"""  # noqa: S608 - our own names, here and below
"""Select roles that organisations have, but none in scope. A role that no organisation has is a new one."""

HIDDEN_STAFF = f"""
select from new_rows made
where not exists (
  select from admin where admin.id = made.admin_id
  and (admin.id = {ACTOR} or (select true from org where org.id = admin.org_id))
) and not exists (select from admin_grant other where other.admin_id = made.admin_id and {OTHERS})
"""  # noqa: S608
"""Select staff who work for no visible organisation, and hold no other role in one."""

OUT_OF_RANGE = f"""
select from new_rows made
join org business on business.id = made.business_org_id
join org administrative on administrative.id = made.administrative_org_id
where not exists (
  select from org_relation other
  join org served on served.id = other.business_org_id
  join org serving on serving.id = other.administrative_org_id
  where {OTHERS} and split_part(served.path, '/', 1) = split_part(business.path, '/', 1)
    and administrative.path ^@ serving.path
)
"""  # noqa: S608
"""Select administrative organisations that are not, and are not below, one that serves the tenant (3.5A)."""

MISHELD = f"""
select from new_rows made
left join lateral (select type, org_path from space where id = made.space_id offset 0) space on true
left join lateral (select top_org_id from customer where id = made.customer_id offset 0) customer on true
where split_part(coalesce(space.org_path, ''), '/', 1) is distinct from customer.top_org_id::text
or case space.type when 'HOUSE' then made.type <> 'HOUSE' when 'PARK_SPACE' then made.type <> 'PARKING' else true end
or not exists (select from org where org.id = customer.top_org_id)
and not exists (select from customer_org known where known.customer_id = made.customer_id)
and not exists (select from property_relation other where other.customer_id = made.customer_id and {OTHERS})
"""  # noqa: S608
"""Select property relations of a hidden space or customer, of two tenants, or with a space of another type."""

MISCLAIMED = """
select from new_rows made
left join lateral (select type, org_path from space where id = made.space_id offset 0) space on true
left join lateral (select top_org_id from customer where id = made.customer_id offset 0) customer on true
where space.type is distinct from case made.type when 'HOUSE' then 'HOUSE' else 'PARK_SPACE' end
or made.customer_id is not null
  and split_part(coalesce(space.org_path, ''), '/', 1) is distinct from customer.top_org_id::text
"""
"""Select claims on a hidden space, or on one of another type, and those of a hidden customer or of another tenant."""

MISTAKEN = """
select from new_rows made join old_rows was on was.id = made.id
left join lateral (select top_org_id from customer where id = made.customer_id offset 0) customer on true
where made.customer_id is distinct from was.customer_id and (
  was.customer_id is not null or split_part(made.space_org_path, '/', 1) is distinct from customer.top_org_id::text
)
"""
"""Select claims that a change gives to another customer, or to a hidden one, or to one of another tenant."""

MISLINKED = """
select from new_rows made
left join lateral (
  select space_id, customer_id from property_relation where id = made.property_relation_id offset 0
) relation on true
where made.property_relation_id is not null
and (relation.space_id, relation.customer_id) is distinct from (made.space_id, made.customer_id)
"""
"""Select claims with a relation that is hidden, or of another customer or property."""

WRITES_CUSTOMERS = (
    "any((select array_remove(string_to_array(current_setting('app.may_customer_write', true), ','), ''))::text[])"
)
KNOWN_TO = """
select org.path from customer_org known join org on org.id = known.org_id where known.customer_id = customer.id {others}
union all
select space.org_path from property_relation relation join space on space.id = relation.space_id
where relation.customer_id = customer.id and relation.housing_status in ('LIVING_IN', 'AWAY')
  and space.org_path is not null
"""
"""Select the paths of the organisations that know a customer."""

OTHER_TENANTS_CUSTOMER = """
select from new_rows made join org on org.id = made.org_id join customer on customer.id = made.customer_id
where split_part(org.path, '/', 1) <> customer.top_org_id::text or customer.merged_into_id is not null
"""
"""Select relations to customers of another tenant, or to merged ones."""

OTHERS_CUSTOMER = f"""
select from new_rows made join customer on customer.id = made.customer_id
where current_setting('app.super', true) is distinct from 'on' and customer.created_at <> now()
and not (customer.top_org_id || '/') ^@ {WRITES_CUSTOMERS}
and not exists (
  select from ({KNOWN_TO.format(others="and known.id not in (select id from new_rows)")}) known
  where known.path ^@ {WRITES_CUSTOMERS}
)
"""  # noqa: S608
"""Select relations to customers that the caller may not change and that are older than the transaction."""

REPLACED = """
(was.type, was.name, was.status) is distinct from (customer.type, customer.name, customer.status)
or was.phone <> coalesce(customer.phone, '')
or was.identity_type <> coalesce(customer.identity_type, '')
or was.identity <> coalesce(customer.identity, '')
or was.sex <> 'UNKNOWN' and was.sex <> customer.sex
or was.face_picture <> coalesce(customer.face_picture, '')
or was.level is distinct from customer.level and was.level is not null
or was.fourgrid_id is distinct from customer.fourgrid_id and was.fourgrid_id is not null
"""
"""The condition that a change of a customer does more than fill empty columns."""

SHARED_CUSTOMER = f"""
select from new_rows customer join old_rows was on was.id = customer.id
where ({REPLACED}) and not (customer.top_org_id || '/') ^@ {WRITES_CUSTOMERS}
and exists (
  select from ({KNOWN_TO.format(others="")}) known where not known.path ^@ {WRITES_CUSTOMERS}
)
"""  # noqa: S608
"""Select changes of customers that organisations know in which the capability is not held."""


REFUSE = """
create function {name}() returns trigger language plpgsql{mode} set search_path = pg_catalog, pg_temp as $$
begin
  if {found} then
    raise exception 'a row of "{table}" names what its caller may not name' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$
"""
EVENTS = {
    "insert": "after insert on {table} referencing new table as new_rows",
    "update": "after update on {table} referencing old table as old_rows new table as new_rows",
}


def keep_org_places() -> None:
    """Refuse organisations below a hidden one, with a path that is not theirs, or of another tenant than before."""
    columns = ("type", "path")
    wrong = f"{MISPLACED} or {OTHER_TYPE}"
    inserted = WRONG.format(table="org", changed=_inserted(*columns), wrong=wrong)
    changed = WRONG.format(table="org", changed=_changed(*columns), wrong=wrong)
    refuse("org", "insert", [inserted], REQUEST)
    refuse("org", "update", [changed, MOVED_AWAY.format(path="path")], REQUEST)


def keep_space_places() -> None:
    """Refuse what `keep_org_places` refuses, and spaces that do not belong to the organisation of their community."""
    owner = ("type", "community_id", "org_id", "org_path")
    inserted = WRONG.format(table="space", changed=_inserted("path", *owner), wrong=f"{MISPLACED} or {MISOWNED}")
    placed = WRONG.format(table="space", changed=_changed("path"), wrong=MISPLACED)
    owned = WRONG.format(table="space", changed=_changed(*owner), wrong=MISOWNED)
    refuse("space", "insert", [inserted], REQUEST)
    refuse("space", "update", [placed, owned, MOVED_AWAY.format(path="org_path")], REQUEST)


def keep_relations_in_range() -> None:
    """Refuse relations of a business organisation to an administrative one that does not serve its tenant."""
    refuse("org_relation", "insert", [OUT_OF_RANGE], ORDINARY)


def keep_hidden_roles() -> None:
    """Refuse relations of organisations to hidden roles; the owner of the tables looks who has them."""
    refuse("org_role", "insert", [HIDDEN_ROLE], ORDINARY, " security definer")


def keep_hidden_staff() -> None:
    """Refuse roles for hidden staff."""
    refuse("admin_grant", "insert", [HIDDEN_STAFF], ORDINARY)


def keep_properties_in_tenant() -> None:
    """Refuse property relations of a hidden space or customer, of two tenants, or with a space of another type."""
    refuse("property_relation", "insert", [MISHELD], REQUEST)


def keep_claims_in_tenant() -> None:
    """Refuse claims on a hidden space, of a hidden customer, of two tenants, or with the relation of another claim."""
    refuse("verification", "insert", [MISCLAIMED, MISLINKED], REQUEST)
    refuse("verification", "update", [MISTAKEN, MISLINKED], REQUEST)


def keep_customers_of_others() -> None:
    """Refuse relations to customers that the caller may not change; the owner of the tables looks who knows them."""
    refuse("customer_org", "insert", [OTHER_TENANTS_CUSTOMER, OTHERS_CUSTOMER], REQUEST, " security definer")


def keep_shared_customers() -> None:
    """Refuse to replace what is stored of a customer whom others know too."""
    refuse("customer", "update", [SHARED_CUSTOMER], ORDINARY, " security definer")


def drop_refusals(*tables: str) -> None:
    """Drop the functions of the triggers of tables that are gone."""
    functions = (f"refuse_{event}_of_{table}()" for table in tables for event in EVENTS)
    op.execute(f"drop function if exists {', '.join(functions)}")


def _inserted(*columns: str) -> str:
    """Return the query for some columns of what a statement writes."""
    return f"select {', '.join(('id', 'parent_id', *columns))} from new_rows"  # noqa: S608


def _changed(*columns: str) -> str:
    """Return the query for the rows in which an update changes some columns.

    The parent of the uppermost node in scope is hidden, so a row that stays where it is is not compared.
    """
    listed = ", ".join(("id", "parent_id", *columns))
    return f"{_inserted(*columns)} except select {listed} from old_rows"  # noqa: S608


def refuse(table: str, event: str, queries: Sequence[str], when: str, mode: str = "") -> None:
    """Create the trigger that refuses a statement when one of some queries selects a row."""
    name, found = f"refuse_{event}_of_{table}", " or ".join(f"exists ({query})" for query in queries)
    op.execute(REFUSE.format(name=name, table=table, mode=mode, found=found))
    op.execute(PIN.format(f"{name}()"))
    op.execute(f"revoke all on function {name}() from public")
    op.execute(
        f"create trigger refuse_{event} {EVENTS[event].format(table=table)} for each statement when ({when})"
        f" execute function {name}()"
    )
