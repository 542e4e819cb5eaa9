"""The revisions that `alembic revision` writes: numbered, and made of calls of the functions in `frozen`.

The condition of a table's policy is copied from app/access/policies.py, so that the revision stays the same when the
policy changes.
"""

import re
from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from app import models
from app.access.change_policies import CHANGES
from app.access.policies import POLICIES, RESERVED, SECRET_COLUMNS
from migrations.frozen.columns import bookkeeping, record_id
from migrations.rendering import COLUMN_FUNCTIONS, render_call, render_column, render_items

IMPORTS = {
    "import sqlalchemy as sa",
    "from alembic import op",
    "from migrations.frozen.access import held, let_requests_change, let_requests_create_and_delete",
    "from migrations.frozen.tables import add, drop, entity, table",
    f"from migrations.frozen.columns import {', '.join(COLUMN_FUNCTIONS)}",
}
"""What a revision may need; ruff removes the rest."""

NOTHING_DIFFERS = "No revision is written: the revisions agree with the models that app/models/__init__.py imports."

ID_LENGTH = 32
"""Characters that fit the column of alembic_version."""


class CallOp(ops.MigrateOperation):
    """A call of a function in `frozen`."""

    def __init__(self, function: str, *arguments: str) -> None:
        """Take the arguments as source."""
        self.source = render_call(function, *arguments)


@renderers.dispatch_for(CallOp)
def _render(context: AutogenContext, operation: CallOp) -> str:
    context.imports |= IMPORTS
    return operation.source


def complete(context: MigrationContext, _revision: object, scripts: list[ops.MigrationScript]) -> None:
    """Give the revision that Alembic is about to write its id and its calls; remove it when nothing differs."""
    environment = context.environment_context
    if environment is None:
        return
    (script,) = scripts
    is_generated = getattr(environment.config.cmd_opts, "autogenerate", False)
    if is_generated and all(changes.is_empty() for changes in script.upgrade_ops_list):
        environment.config.print_stdout(NOTHING_DIFFERS)
        scripts.clear()
        return
    script.rev_id = next_id(environment.script.get_current_head(), script.message or "")
    for changes in (*script.upgrade_ops_list, *script.downgrade_ops_list):
        changes.ops = [*as_calls(changes.ops)]


def next_id(head: str | None, message: str) -> str:
    """Return the id of the revision after `head`: its number and the message, such as 0013_add_lease."""
    number = int((head or "0").split("_")[0]) + 1
    words = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    return f"{number:04}_{words}"[:ID_LENGTH]


def as_calls(operations: Iterable[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """Replace the operations that create, drop and extend tables by calls."""
    operations = [*operations]
    whole = {each.table_name for each in operations if isinstance(each, ops.CreateTableOp | ops.DropTableOp)}
    for each in operations:
        if isinstance(each, ops.CreateTableOp) and each.table_name in models.Base.metadata.tables:
            yield from creating(models.Base.metadata.tables[each.table_name])
        elif isinstance(each, ops.DropTableOp):
            yield CallOp("drop", repr(each.table_name))
        elif isinstance(each, ops.ModifyTableOps):
            if each.table_name not in whole:  # a table is created and dropped with its indexes
                yield ops.ModifyTableOps(each.table_name, [*modifying(each)])
        else:
            yield each


def creating(table: sa.Table) -> Iterator[ops.MigrateOperation]:
    """Create a table; CommandError while app/access/policies.py does not say which of its rows requests read."""
    name, implied, readers = table.name, list[sa.schema.SchemaItem](), list[str]()
    if name in POLICIES:
        implied = [*record_id(name), *bookkeeping(name)]
        policy = POLICIES[name]
        readers = [f"owner={policy.owner!r}", f"visible={policy.condition!r}", *secret(SECRET_COLUMNS.get(name, ()))]
    elif name not in RESERVED:
        message = f"{name} has no policy: say in app/access/policies.py who sees its rows, or why no request reads it"
        raise CommandError(message)
    items = render_items(table, implied)
    yield CallOp("entity" if readers else "table", repr(name), repr(table.comment), *items.source, *readers)
    if name in CHANGES:
        change = CHANGES[name]
        held = (
            repr(change.condition)
            if change.condition
            else render_call("held", repr(change.capability), repr(change.path))
        )
        if change.columns:
            yield CallOp("let_requests_change", repr(name), repr([*change.columns]), held)
        if CHANGES[name].created:
            yield CallOp("let_requests_create_and_delete", repr(name), repr([*CHANGES[name].created]), held)
    for part in items.rest:
        make = ops.CreateIndexOp.from_index if isinstance(part, sa.Index) else ops.AddConstraintOp.from_constraint
        yield make(part)


def modifying(changes: ops.ModifyTableOps) -> Iterator[ops.MigrateOperation]:
    """Add columns together with their constraints and indexes, and drop them without."""
    table = models.Base.metadata.tables[changes.table_name]
    columns = [each.column.name for each in changes.ops if isinstance(each, ops.AddColumnOp)]
    columns += [each.column_name for each in changes.ops if isinstance(each, ops.DropColumnOp)]
    implied = {f"{table.name}_{column}_{kind}" for column in columns for kind in ("idx", "key", "fkey")}
    for each in changes.ops:
        if isinstance(each, ops.AddColumnOp):
            yield adding(table.c[each.column.name])
        elif getattr(each, "index_name", getattr(each, "constraint_name", None)) not in implied:
            yield each


def adding(column: sa.Column[object]) -> CallOp:
    """Add a column, which requests read unless app/access/policies.py says otherwise."""
    table, name = column.table.name, column.name
    is_secret = table in RESERVED or name in SECRET_COLUMNS.get(table, ())
    return CallOp("add", repr(table), render_column(column), *secret([name] if is_secret else ()))


def secret(columns: Collection[str]) -> list[str]:
    """Render the argument that names the columns that no request reads."""
    return [f"secret={[*columns]!r}"] if columns else []
