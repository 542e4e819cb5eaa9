"""Making: functions by which requests do what their own rows and privileges do not allow, each one thing.

They run as the owner of the tables. Each checks the settings of the transaction, which say who calls, and refuses
what the caller may not do. Only the role of requests may call them. The search path is fixed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from alembic import op

from migrations.frozen.access import ADMINISTRATIVE, BUSINESS, SUPER, held, let_requests_call
from migrations.frozen.changes import PIN

WRITER = (
    "coalesce(nullif(current_setting('app.account', true), ''),"
    " 'client:' || nullif(current_setting('app.client', true), ''))"
)
"""Who is recorded as the author of a row."""

CHANGED = f"version = node.version + 1, updated_at = now(), updated_by = {WRITER}"
"""The assignments that every change of a row has."""

CALLER = "nullif(current_setting('app.actor', true), '')::bigint"
"""The id of the caller."""

VALID = "housing_status in ('LIVING_IN', 'AWAY')"
"""The condition of a property relation that has not ended."""

CREATE = """
create function {name}({arguments}) returns {returns}
language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
#variable_conflict use_column
{declares}begin
{body}
end $body$
"""
"""Where a name is that of a column and of an argument, it means the column."""


class Function(NamedTuple):
    """A function: its name, its arguments with their types, what it returns, and its statements."""

    name: str
    arguments: str
    returns: str
    body: str
    declares: str = ""
    is_inner: bool = False
    """Only other functions call it."""


def make(functions: Sequence[Function]) -> None:
    """Create functions, each of which only requests may call."""
    for function in functions:
        declares = f"declare\n{function.declares}\n" if function.declares else ""
        op.execute(CREATE.format(**{**function._asdict(), "declares": declares}))
        op.execute(PIN.format(function.name))
        if function.is_inner:
            op.execute(f"revoke all on function {function.name} from public")
        else:
            let_requests_call(function.name)


def drop(functions: Sequence[Function]) -> None:
    """Drop functions."""
    op.execute(f"drop function {', '.join(function.name for function in functions)}")


def may(capability: str, path: str) -> str:
    """Return the condition that the caller holds a capability at a path, or is the super administrator."""
    return f"coalesce({SUPER} or {held(capability, path)}, false)"


def sees(path: str) -> str:
    """Return the condition that the organisation with a path is one of the caller's."""
    return f"coalesce({SUPER} or {path} ^@ {BUSINESS} or {path} ^@ {ADMINISTRATIVE}, false)"


def holds_somewhere(capability: str) -> str:
    """Return the condition that the caller holds a capability in any organisation."""
    setting = f"app.may_{capability.replace('.', '_')}"
    return f"({SUPER} or coalesce(current_setting('{setting}', true), '') <> '')"


def require(condition: str) -> str:
    """Return the statement that refuses a call unless a condition holds."""
    return f"""  if not ({condition}) then
    raise exception 'the caller may not do this' using errcode = 'insufficient_privilege';
  end if;
"""


def require_all(table: str, condition: str, ids: str = "ids") -> str:
    """Return the statement that refuses a call unless a condition holds for all rows with some ids."""
    return require(f"not exists (select from {table} node where node.id = any({ids}) and not {condition})")
