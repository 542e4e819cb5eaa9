"""What requests may read, as revisions write it: policies, privileges, and the conditions that policies share.

Requests run as the role `cadastre_app`, which owns nothing. A transaction says in its settings who is calling.
"""

from collections.abc import Iterable

from alembic import op

SUPER = "(select current_setting('app.super', true) = 'on')"
BUSINESS = "any((select array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))::text[])"
ADMINISTRATIVE = (
    "any((select array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), ''))::text[])"
)
ACTOR = "(select nullif(current_setting('app.actor', true), '')::bigint)"
MENUS = "any((select menus_in_scope())::bigint[])"


def of(table: str, column: str) -> str:
    """Write the condition that the record of `table` is visible that a column refers to."""
    return f"(select true from {table} where {table}.id = {column})"  # noqa: S608 - a revision's own names, here and below


def some(table: str, column: str, key: str) -> str:
    """Write the condition that `table` has a visible row whose column refers to a key of the row in question."""
    return f"(select true from {table} where {table}.{column} = {key} limit 1)"  # noqa: S608


def held(capability: str, path: str) -> str:
    """Write the condition that the caller holds a capability in the organisation with a path, or above it."""
    setting = f"app.may_{capability.replace('.', '_')}"
    return f"{path} ^@ any((select array_remove(string_to_array(current_setting('{setting}', true), ','), ''))::text[])"


def let_requests_read(table: str, columns: Iterable[str]) -> None:
    """Let requests read columns of a table: no row until `show` says which."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"grant select ({_quoted(columns)}) on {table} to cadastre_app")


def show(table: str, condition: str) -> None:
    """Show requests the rows of a table for which a condition holds, and the super administrator every row."""
    op.execute(f"create policy visible on {table} for select to cadastre_app using ({SUPER} or {condition})")


def let_requests_change(table: str, columns: Iterable[str], condition: str) -> None:
    """Let requests set columns of the rows for which a condition holds before and after; of every row as super."""
    allowed = f"{SUPER} or {condition}"
    op.execute(
        f"create policy changeable on {table} for update to cadastre_app using ({allowed}) with check ({allowed})"
    )
    op.execute(f"grant update ({_quoted(columns)}) on {table} to cadastre_app")


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
