"""Access: the policies and privileges of `cadastre_app`, the role that requests run as, and common conditions.

The settings of a transaction say who calls and what the caller may see: see docs/access.md.
"""

from collections.abc import Iterable

from alembic import op

SUPER = "(select current_setting('app.super', true) = 'on')"
BUSINESS = "any((select array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))::text[])"
ADMINISTRATIVE = (
    "any((select array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), ''))::text[])"
)
BELOW_BUSINESS = (
    "like any((select array_remove(string_to_array("
    "replace(current_setting('app.scopes', true), ',', '%,') || '%', ','), '%'))::text[])"
)
"""How the path of each row of a table is compared with those of the caller's organisations: faster than with `^@`."""
BELOW_ADMINISTRATIVE = (
    "like any((select array_remove(string_to_array("
    "replace(current_setting('app.admin_scopes', true), ',', '%,') || '%', ','), '%'))::text[])"
)
ACTOR = "(select nullif(current_setting('app.actor', true), '')::bigint)"
PROPERTIES = "any((select string_to_array(current_setting('app.properties', true), ','))::bigint[])"
"""The houses and parking places of a customer who calls."""
MENUS = "any((select menus_in_scope())::bigint[])"

CHANGED = ("version", "updated_at", "updated_by")
"""Columns that every change sets."""
CREATED = ("created_by", "updated_by")
"""Columns that every new record sets."""
NODE = ("parent_id", "code", "path", "sort_key", "depth", "name", "full_name")
"""Columns of every tree."""
KEYS = ("source", "external_id")
"""Columns of the key of an imported record."""


def of(table: str, column: str) -> str:
    """Return the condition that a column refers to a visible record of `table`."""
    return f"(select true from {table} where {table}.id = {column})"  # noqa: S608 - a revision's own names, here and below


def some(table: str, column: str, key: str) -> str:
    """Return the condition that the column of a visible row of `table` refers to `key`."""
    return f"(select true from {table} where {table}.{column} = {key} limit 1)"  # noqa: S608


def held(capability: str, path: str) -> str:
    """Return the condition that the caller holds a capability in the organisation with a path, or above it."""
    setting = f"app.may_{capability.replace('.', '_')}"
    return f"{path} ^@ any((select array_remove(string_to_array(current_setting('{setting}', true), ','), ''))::text[])"


def let_requests_read(table: str, columns: Iterable[str]) -> None:
    """Let requests read columns of a table, but no rows yet: `show` adds the rows."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"grant select ({_quoted(columns)}) on {table} to cadastre_app")


def show(table: str, condition: str) -> None:
    """Let requests read the rows for which a condition holds; the super administrator reads every row."""
    op.execute(f"create policy visible on {table} for select to cadastre_app using ({SUPER} or {condition})")


def let_requests_change(table: str, columns: Iterable[str], condition: str | None = None) -> None:
    """Let requests set columns where a condition holds before and after; the super administrator may in every row."""
    allowed = _super_or(condition)
    op.execute(
        f"create policy changeable on {table} for update to cadastre_app using ({allowed}) with check ({allowed})"
    )
    op.execute(f"grant update ({_quoted(columns)}) on {table} to cadastre_app")


def let_requests_create(table: str, columns: Iterable[str], condition: str | None = None) -> None:
    """Let requests insert rows with these columns, for which a condition holds."""
    op.execute(f"create policy creatable on {table} for insert to cadastre_app with check ({_super_or(condition)})")
    op.execute(f"grant insert ({_quoted(columns)}) on {table} to cadastre_app")


def let_requests_create_and_delete(
    table: str, columns: Iterable[str], condition: str | None = None, creating: str | None = None
) -> None:
    """Let requests insert rows with these columns, and delete rows, for which a condition holds.

    `creating` is the condition for new rows, where it is another one.
    """
    let_requests_create(table, columns, creating or condition)
    op.execute(f"create policy deletable on {table} for delete to cadastre_app using ({_super_or(condition)})")
    op.execute(f"grant delete on {table} to cadastre_app")


def let_requests_grant(
    table: str, capability: str, columns: Iterable[str], changed: Iterable[str] = (), condition: str = "true"
) -> None:
    """Let requests create and delete grants of organisations where a capability is held, save those of the super.

    The `condition` holds for the rows of others than the super administrator.
    """
    path = (
        f"(select org.path from org where org.id = {table}.org_id and not {table}.is_granted_by_super"  # noqa: S608
        f" and {condition})"
    )
    let_requests_change(table, [*changed, *CHANGED], held(capability, path))
    let_requests_create_and_delete(table, [*columns, "is_granted_by_super", *CREATED], held(capability, path))


def let_requests_call(function: str) -> None:
    """Let only requests call a function; `function` includes the types of its parameters."""
    op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function {function} to cadastre_app")


def _super_or(condition: str | None) -> str:
    return SUPER if condition is None else f"{SUPER} or {condition}"


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
