"""Policies: which rows of each table a caller may see, in words and in SQL; or why a table has none.

Policies hide rows. `SECRET_COLUMNS` are columns that no request may read: the role has no privilege on them.

Requests run as the role `cadastre_app`, which owns nothing and sees only what the policies let through (row-level
security). The migrations create the policies; tests compare the database and docs/access.md with this table.

Row-level security is enabled and not forced, so it does not apply to the owner of the tables. Only the program's own
work runs as the owner (migrations, import, demo data, the checker, log-in, finding the caller): it must see every
tenant. To force it would protect nothing, because an owner may drop a policy, and the checker and `pg_dump` would
silently lose rows.

A policy reads other tables under their own policies, so "visible" means the same at every step. It does so by a scalar
subselect with `limit 1`, which PostgreSQL answers by an index for each row. For `exists` or `in` PostgreSQL may hash a
whole table first, because it does not know that the list ends after a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.access.holdings import (
    ACTOR,
    ADMINISTRATIVE_SETTING,
    BUSINESS_PATHS,
    BUSINESS_SETTING,
    CHANGES,
    CUSTOMERS,
    FIRST_TOP,
    GROUPS,
    ORGS,
    PROPERTIES,
    RELATIONS,
    ROLES,
    SPACES,
    STAFF,
    TOPS,
    TOPS_IN_SCOPE,
    WORK_ORDERS,
    Reach,
    patterns_in,
)
from app.access.holdings import MENUS as MENUS_IN_SCOPE

POLICY = "visible"
"""The name of the policy for reading a table."""

IS_SUPER = "(select current_setting('app.super', true) = 'on')"
"""Whether the caller is the super administrator. As a subselect it is evaluated once for each statement."""

BELOW_BUSINESS = f"like any((select {patterns_in(BUSINESS_SETTING)})::text[])"
"""How a path is compared with those of the caller's organisations. `like` takes a third of the time of `^@` and of a
range, which matters where 300,000 rows are counted. A path has no letter that is special in a pattern."""

BELOW_FIRST_BUSINESS = f"like (select ({BUSINESS_PATHS})[1] || '%')"
"""BELOW_BUSINESS for the first path, for most callers the only one: comparing it before the array saves a sixth."""

BELOW_ADMINISTRATIVE = f"like any((select {patterns_in(ADMINISTRATIVE_SETTING)})::text[])"
MENUS = "any((select menus_in_scope())::bigint[])"


@dataclass(frozen=True)
class Policy:
    """Who sees a row of a table: in words, and as a condition on the row. The super administrator sees every row."""

    words: str
    """The caller's organisations are the business organisations in which the caller holds a role, and those below."""

    condition: str

    reach_from_scope: Reach
    """A second condition, true of every visible row and answered by indexes: lists of a small scope start there.

    It makes lists fast and hides nothing (app/access/holdings.py).
    """

    owner: str
    """The column that leads to the organisation of a row, behind the table that it refers to; empty where none does.

    The change of a record keeps the organisation: requests then see the changes of deleted records.
    """

    org_column: str = ""
    """A column with the business organisation of the row, indexed with the id: pages of a large scope start there."""

    @property
    def using(self) -> str:
        """Return the whole condition."""
        return f"{IS_SUPER} or {self.condition}"


def of_org(column: str) -> str:
    """Return the condition that the organisation in a column is visible."""
    return f"(select true from org where org.id = {column})"  # noqa: S608 - our own names


def of_space(column: str) -> str:
    """Return the condition that the space in a column is visible."""
    return f"(select true from space where space.id = {column})"  # noqa: S608 - our own names


def some(table: str, column: str, key: str) -> str:
    """Return the condition that a table has a visible row whose column equals a key of this row."""
    return f"(select true from {table} where {table}.{column} = {key} limit 1)"  # noqa: S608 - our own names


def by_org(column: str, words: str = "those of a visible organisation") -> Policy:
    """Show the rows of visible organisations."""
    return Policy(words, of_org(column), Reach(column, ORGS), owned("org", column))


def by_space(column: str) -> Policy:
    """Show the rows of visible spaces."""
    return Policy("those of a visible space", of_space(column), Reach(column, SPACES), owned("space", column))


def owned(table: str, column: str) -> str:
    """Return the owner of a row, whose column is written with its table."""
    return f"{table}.{column.partition('.')[2]}"


HOLDER = "case when customer.merged_into_id is null then customer.id else customer.merged_into_id end"
"""The customer who has what a customer has: itself, or the one that it was merged into.

It is not written as `coalesce`, which PostgreSQL takes for leaky: below a policy no index would be searched for it.
"""

OWN_TOPS = (
    f"select split_part(space.org_path, '/', 1)::bigint from space where space.id = {PROPERTIES}"  # noqa: S608
    " and space.org_path is not null"
)
"""The top organisations above the property of a customer who calls."""

POLICIES: Mapping[str, Policy] = {
    "org": Policy(
        "the caller's organisations; the administrative organisations that serve one of them, and those below these; "
        "of an organisation above, only the name in `full_name` and the id in `path` and `parent_id`",
        f"org.path {BELOW_BUSINESS} or org.path {BELOW_ADMINISTRATIVE}",
        Reach("org.id", ORGS),
        "org.id",
    ),
    "org_relation": by_org("org_relation.business_org_id", "those of a visible business organisation"),
    "space": Policy(
        "spaces of the caller's organisations; a customer's own houses and parking places; only the super "
        "administrator sees a space without an organisation",
        f"space.org_path {BELOW_BUSINESS} or space.id = {PROPERTIES}",
        Reach("space.id", SPACES),
        "org.org_id",
        org_column="org_id",
    ),
    "space_location": by_space("space_location.space_id"),
    "parking_detail": by_space("parking_detail.space_id"),
    "menu": Policy(
        "menus that one of the caller's organisations may use, and the menus above them",
        f"menu.id = {MENUS}",
        Reach("menu.id", MENUS_IN_SCOPE),
        "",
    ),
    "menu_guidance": Policy(
        "those of a visible menu",
        "(select true from menu where menu.id = menu_guidance.menu_id)",
        Reach("menu_guidance.menu_id", MENUS_IN_SCOPE),
        "",
    ),
    "role": Policy(
        "roles of a visible organisation",
        some("org_role", "role_id", "role.id"),
        Reach("role.id", ROLES),
        "",
    ),
    "org_menu": by_org("org_menu.org_id"),
    "org_role": by_org("org_role.org_id"),
    "org_role_menu": by_org("org_role_menu.org_id"),
    "admin_grant": by_org("admin_grant.org_id"),
    "client_grant": by_org("client_grant.org_id"),
    "admin": Policy(
        "the caller; staff of a visible organisation; staff who hold a role in a visible organisation",
        f"admin.id = {ACTOR} or {of_org('admin.org_id')} or {some('admin_grant', 'admin_id', 'admin.id')}",
        Reach("admin.id", STAFF),
        "org.org_id",
    ),
    "admin_group": by_org("admin_group.org_id"),
    "admin_group_member": Policy(
        "visible staff in a visible group",
        "(select true from admin_group where admin_group.id = admin_group_member.group_id)"
        " and (select true from admin where admin.id = admin_group_member.admin_id)",
        Reach("admin_group_member.group_id", GROUPS),
        "admin_group.group_id",
    ),
    "device": Policy(
        "those of visible staff",
        "(select true from admin where admin.id = device.admin_id)",
        Reach("device.admin_id", STAFF),
        "admin.admin_id",
    ),
    "customer": Policy(
        "customers of a visible top organisation; those known to a visible organisation; those who own or rent a "
        "visible space, or did; those merged into a visible customer",
        f"customer.top_org_id = {FIRST_TOP} or customer.top_org_id = any((select array({TOPS_IN_SCOPE}))::bigint[])"
        f" or {some('customer_org', 'customer_id', HOLDER)}"
        f" or {some('property_relation', 'customer_id', HOLDER)}",
        Reach("customer.id", CUSTOMERS),
        "org.top_org_id",
    ),
    "customer_org": by_org("customer_org.org_id"),
    "property_relation": Policy(
        "those of a visible space",
        f"property_relation.space_org_path {BELOW_FIRST_BUSINESS} or property_relation.space_org_path {BELOW_BUSINESS}",
        Reach("property_relation.id", RELATIONS),
        "space.space_id",
    ),
    "housing_record": by_space("housing_record.space_id"),
    "verification": Policy(
        "those of a visible space",
        f"verification.space_org_path {BELOW_BUSINESS}",
        Reach("verification.space_id", SPACES),
        "space.space_id",
    ),
    "work_order": Policy(
        "those of a visible space",
        f"work_order.space_org_path {BELOW_BUSINESS} or work_order.space_id = {PROPERTIES}",
        Reach("work_order.id", WORK_ORDERS),
        "space.space_id",
    ),
    "work_order_step": by_space("work_order_step.space_id"),
    "work_order_category": Policy(
        "those of the top organisations above the caller's organisations, or above a customer's own property",
        f"work_order_category.top_org_id = any((select array({TOPS} union {OWN_TOPS}))::bigint[])",
        Reach("work_order_category.top_org_id", TOPS),
        "org.top_org_id",
    ),
    "app_grant": Policy(
        "those of a visible organisation; those of the top organisations above the caller's organisations",
        f"{of_org('app_grant.org_id')} or app_grant.org_id = any((select array({TOPS}))::bigint[])",
        Reach("app_grant.org_id", f"{ORGS} union all {TOPS}"),
        "org.org_id",
    ),
    "change": Policy(
        "changes of visible records; changes of records that belonged to a visible organisation, or to one that was at "
        "that time below the caller's organisations or an administrative organisation that serves them",
        f"change.org_path {BELOW_BUSINESS} or change.org_path {BELOW_ADMINISTRATIVE} or {of_org('change.org_id')}",
        Reach("change.id", CHANGES, listing="changes_in_scope"),
        "",
    ),
}
"""The tables of the tenants."""

CHANGE = "change"
"""The record of changes. It has a second policy for each table whose changes it records."""

RECORDED: tuple[str, ...] = tuple(table for table in POLICIES if table != CHANGE)
"""The tables whose changes are recorded."""


def changes_of(table: str) -> tuple[str, str]:
    """Return the name and the condition of the policy that shows the changes of the visible records of a table.

    PostgreSQL tests the policies of a row in the reverse order of their names until one holds. POLICY is the last name,
    and so the first test: it reads no other table for the super administrator, and for most rows of other callers.
    """
    seen = f"(select true from {table} where {table}.id = change.entity_id)"  # noqa: S608 - our own names
    return f"of_{table}", f"change.entity = '{table}' and {seen}"


RESERVED: Mapping[str, str] = {
    "numbering": "counts the children of all nodes; requests only raise the numbers, by `take_numbers`",
    "client": "the programs that may ask for tokens, with the hashes of their secrets; read at log-in only",
    "login": "log-ins by account and client; read and written by the authorization server only",
    "login_source": "from where accounts log in, and failures; read and written by the authorization server only",
    "refresh_token": "the hashes of refresh tokens; read and written by the authorization server only",
    "authorization_code": "the hashes of authorization codes; read and written by the authorization server only",
    "stored_document": "documents that clients may run by their hash; read before the caller is known",
    "personal_read": "who was shown customers' personal data unmasked, and when; the program writes it for a request",
    "idempotency_key": "answers to mutations that were sent with a key; the program reads and writes it for a request",
    "space_total": "sums of the spaces of each community; requests read those in scope by `totals_of_orgs`, "
    "`totals_of_spaces` and `kept_spaces`",
    "house_occupancy": "the numbers of valid property relations that the sums are kept by; read by the same functions",
    "work_order_day": "counts the work orders of each day; requests only raise the numbers, by "
    "`take_work_order_numbers`",
    "person_try": "counts tries to tell who somebody is by a name and a phone number; the program reads and writes it",
    "push_task": "registrations and removals of devices that the push service has not confirmed yet, with their tokens",
    "published_event": "events of callers that no broker has yet; the program writes them for a request",
    "relay_position": "how far the record of changes has been sent; read and written by the relay",
    "parked_event": "which events the brokers refuse, without their values; read and written by the relay",
    "webhook": "addresses that are sent events, with the secrets that sign them; read and written by the program only",
    "webhook_delivery": "which events are sent to webhooks, without their values; read and written by the program only",
    "alembic_version": "the revision of the schema; read and written by migrations only",
}
"""The tables that a request can neither read nor write, and why. No table is public."""

SECRET_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "admin": {
        "password_hash": "verifies a password; read at log-in only",
        "token_version": "decides which access tokens are valid; compared when a token is verified",
    },
    "device": {
        "device_token": "allows to send messages to the device; for the push service only",
    },
}
"""Columns of the tenants' tables that no request can read, and why: the role has no privilege on them."""
