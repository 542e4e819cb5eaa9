"""Policies: which rows of each table a caller may see, in words and in SQL; or why a table has none.

Policies hide rows. Columns that no request may read are kept from the role by privileges: `SECRET_COLUMNS`.

Requests run as the role `cadastre_app`, which owns nothing and sees what the policies let through (row-level
security). The migrations put the policies in place; tests hold the database and docs/access.md equal to this table.

Row-level security is enabled and not forced: the tables' owner is not held by it. Only the program's own work runs as
the owner (migrations, import, demo data, the checker, log-in), which must see every tenant; what a caller asks never
does. To force it would protect from nobody, because an owner may drop a policy, and would take the checker and
`pg_dump` half of the rows without a word.

A policy looks into other tables under those tables' own policies, so "visible" means the same at every step. It does
so by a scalar sub-select with `limit 1`, which PostgreSQL answers by an index for each row; as `exists` or `in` it may
hash a whole table first, because it does not see that the list is cut to a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ROLE = "cadastre_app"
"""The role of every request: cannot log in, owns nothing, is held by the policies."""

POLICY = "visible"
"""The name of every table's policy."""

IS_SUPER = "(select current_setting('app.super', true) = 'on')"
"""Whether the caller is the super administrator. In a sub-select, so that it is worked out once a statement."""

ACTOR = "(select nullif(current_setting('app.actor', true), '')::bigint)"
"""The caller's id among the staff."""

BUSINESS = "any((select array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))::text[])"
"""Paths of the business organisations that the caller holds roles in. An empty path would begin every path."""

ADMINISTRATIVE = (
    "any((select array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), ''))::text[])"
)
"""Paths of the administrative organisations related to those."""


@dataclass(frozen=True)
class Policy:
    """Who sees a row of a table: in words, and as a condition on the row. The super administrator sees every row."""

    words: str
    condition: str

    @property
    def using(self) -> str:
        """Give the whole condition."""
        return f"{IS_SUPER} or {self.condition}"


def of_org(column: str) -> str:
    """Tell whether the organisation is visible that a column names."""
    return f"(select true from org where org.id = {column})"  # noqa: S608 - our own names


def of_space(column: str) -> str:
    """Tell whether the space is visible that a column names."""
    return f"(select true from space where space.id = {column})"  # noqa: S608 - our own names


def some(table: str, column: str, key: str) -> str:
    """Tell whether a table has a visible row whose column is a key of the row in question."""
    return f"(select true from {table} where {table}.{column} = {key} limit 1)"  # noqa: S608 - our own names


POLICIES: Mapping[str, Policy] = {
    "org": Policy(
        "business organisations that the caller holds a role in, and those below them; administrative organisations "
        "related to any of these, and those below them; of what lies above, nothing but the names in `full_name` and "
        "the ids in `path` and `parent_id`",
        f"org.path ^@ {BUSINESS} or org.path ^@ {ADMINISTRATIVE}",
    ),
    "org_relation": Policy("those of a visible business organisation", of_org("org_relation.business_org_id")),
    "space": Policy(
        "spaces that belong to a business organisation which the caller holds a role in, or to one below it; a space "
        "without an organisation only the super administrator",
        f"space.org_path ^@ {BUSINESS}",
    ),
    "space_location": Policy("those of a visible space", of_space("space_location.space_id")),
    "parking_detail": Policy("those of a visible space", of_space("parking_detail.space_id")),
    "menu": Policy(
        "menus that a business organisation may use which the caller holds a role in, or one below it; and the menus "
        "above these",
        "menu.id = any((select menus_in_scope())::bigint[])",
    ),
    "menu_guidance": Policy("those of a visible menu", "(select true from menu where menu.id = menu_guidance.menu_id)"),
    "role": Policy(
        "roles of a visible organisation",
        some("org_role", "role_id", "role.id"),
    ),
    "org_menu": Policy("those of a visible organisation", of_org("org_menu.org_id")),
    "org_role": Policy("those of a visible organisation", of_org("org_role.org_id")),
    "org_role_menu": Policy("those of a visible organisation", of_org("org_role_menu.org_id")),
    "org_role_admin": Policy("those of a visible organisation", of_org("org_role_admin.org_id")),
    "admin": Policy(
        "the caller; staff of a visible organisation; whoever holds a role in a visible organisation",
        f"admin.id = {ACTOR} or {of_org('admin.org_id')} or {some('org_role_admin', 'admin_id', 'admin.id')}",
    ),
    "admin_group": Policy("those of a visible organisation", of_org("admin_group.org_id")),
    "admin_group_member": Policy(
        "visible staff in a visible group",
        "(select true from admin_group where admin_group.id = admin_group_member.group_id)"
        " and (select true from admin where admin.id = admin_group_member.admin_id)",
    ),
    "device": Policy("those of visible staff", "(select true from admin where admin.id = device.admin_id)"),
    "customer": Policy(
        "customers of a visible top organisation; those known to a visible organisation; those who own or rent a "
        "visible space, or did",
        f"{of_org('customer.top_org_id')}"
        f" or {some('customer_org', 'customer_id', 'customer.id')}"
        f" or {some('property_relation', 'customer_id', 'customer.id')}",
    ),
    "customer_org": Policy("those of a visible organisation", of_org("customer_org.org_id")),
    "property_relation": Policy("those of a visible space", of_space("property_relation.space_id")),
    "housing_record": Policy("those of a visible space", of_space("housing_record.space_id")),
    "verification": Policy("those of a visible space", of_space("verification.space_id")),
    "app_grant": Policy("those of a visible organisation", of_org("app_grant.org_id")),
}
"""The tables of the tenants."""

RESERVED: Mapping[str, str] = {
    "root_numbering": "tells how many roots all tenants have; read and written only where a root is numbered",
    "client": "the programs that may ask for tokens, with the hashes of their secrets; read at log-in only",
    "login": "who is logged in with which program; read and written by the authorization server only",
    "refresh_token": "the hashes of refresh tokens; read and written by the authorization server only",
    "authorization_code": "the hashes of authorization codes; read and written by the authorization server only",
    "stored_document": "the documents that clients may run by a hash; read before it is known who asks",
    "personal_read": "who was shown customers' personal data in plain, and when; written for a request, never by one",
    "alembic_version": "belongs to the migrations",
}
"""The tables that a request can neither read nor write, and why. No table is public."""

SECRET_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "admin": {
        "password_hash": "proves a password; read at log-in only",
        "token_version": "decides which access tokens count; compared where a token is verified",
    },
    "device": {
        "device_token": "whoever has it sends messages to the device; for the push service only",
    },
}
"""Columns of the tenants' tables that no request can read, and why: the role has no privilege on them."""
