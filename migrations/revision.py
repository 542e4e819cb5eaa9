"""What `alembic revision` writes: the next number as id, and new tables and columns in the words of `frozen`.

The condition of a table's policy is copied from app/access/policies.py, so that the revision stays the same when the
policy changes.
"""

import re
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from app import models
from app.access.policies import CHANGES, POLICIES, RESERVED, SECRET_COLUMNS
from migrations.frozen.columns import bookkeeping, record_id
from migrations.wording import COLUMN_WORDS, call, items_of, names_of, parts, word_of

IMPORTS = {
    "import sqlalchemy as sa",
    "from alembic import op",
    "from migrations.frozen.access import held, let_requests_change",
    "from migrations.frozen.tables import add, drop, entity, table",
    f"from migrations.frozen.columns import {', '.join(COLUMN_WORDS)}",
}
"""What a revision may need; ruff removes the rest."""

NOTHING = "No revision is written: the revisions agree with the models that app/models/__init__.py imports."

ID_LENGTH = 32
"""Characters that fit the column of alembic_version."""


class WordOp(ops.MigrateOperation):
    """The call of a word of `frozen`."""

    def __init__(self, word: str, *arguments: str) -> None:
        """Take the arguments as Python."""
        self.call = call(word, *arguments)


@renderers.dispatch_for(WordOp)
def _render(context: AutogenContext, operation: WordOp) -> str:
    context.imports |= IMPORTS
    return operation.call


def complete(context: MigrationContext, _revision: object, scripts: list[ops.MigrationScript]) -> None:
    """Give the revision that Alembic is about to write its number and its words; drop it when nothing differs."""
    environment = context.environment_context
    if environment is None:
        return
    (script,) = scripts
    is_generated = getattr(environment.config.cmd_opts, "autogenerate", False)
    if is_generated and all(changes.is_empty() for changes in script.upgrade_ops_list):
        environment.config.print_stdout(NOTHING)
        scripts.clear()
        return
    script.rev_id = next_id(environment.script.get_current_head(), script.message or "")
    for changes in (*script.upgrade_ops_list, *script.downgrade_ops_list):
        changes.ops = [*in_words(changes.ops)]


def next_id(head: str | None, message: str) -> str:
    """Give the id of the revision behind `head`: its number and the message, such as 0013_add_lease."""
    number = int((head or "0").split("_")[0]) + 1
    words = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    return f"{number:04}_{words}"[:ID_LENGTH]


def in_words(operations: Iterable[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """Say in words what creates, drops and extends tables; leave all other operations to Alembic."""
    operations = [*operations]
    whole = {each.table_name for each in operations if isinstance(each, ops.CreateTableOp | ops.DropTableOp)}
    for each in operations:
        if isinstance(each, ops.CreateTableOp) and each.table_name in models.Base.metadata.tables:
            yield from created(models.Base.metadata.tables[each.table_name])
        elif isinstance(each, ops.DropTableOp):
            yield WordOp("drop", repr(each.table_name))
        elif isinstance(each, ops.ModifyTableOps):
            if each.table_name not in whole:  # a new table is created with its indexes, an old one dropped with them
                yield ops.ModifyTableOps(each.table_name, [*modified(each)])
        else:
            yield each


def created(table: sa.Table) -> Iterator[ops.MigrateOperation]:
    """Say that a table is created; CommandError when it is not decided which of its rows requests read."""
    name, rest = table.name, parts(table)
    if name in POLICIES:
        for said in names_of(name, (*record_id(name), *bookkeeping(name))):
            del rest[said]
        hidden = [f"secret={[*SECRET_COLUMNS[name]]!r}"] if name in SECRET_COLUMNS else []
        word, readers = "entity", [f"visible={POLICIES[name].condition!r}", *hidden]
    elif name in RESERVED:
        word, readers = "table", []
    else:
        message = f"{name} has no policy: say in app/access/policies.py who sees its rows, or why no request reads it"
        raise CommandError(message)
    yield WordOp(word, repr(name), repr(table.comment), *items_of(table, rest), *readers)
    if name in CHANGES:
        change = CHANGES[name]
        may_change = call("held", repr(change.capability), repr(change.path))
        yield WordOp("let_requests_change", repr(name), repr([*change.columns]), may_change)
    for part in rest.values():
        make = ops.CreateIndexOp.from_index if isinstance(part, sa.Index) else ops.AddConstraintOp.from_constraint
        yield make(part)


def modified(changes: ops.ModifyTableOps) -> Iterator[ops.MigrateOperation]:
    """Say that columns are added with their constraints and indexes, and leave out what is dropped with a column."""
    table = changes.table_name
    columns = [each.column.name for each in changes.ops if isinstance(each, ops.AddColumnOp)]
    columns += [each.column_name for each in changes.ops if isinstance(each, ops.DropColumnOp)]
    said = {f"{table}_{column}_{kind}" for column in columns for kind in ("idx", "key", "fkey")}
    for each in changes.ops:
        if isinstance(each, ops.AddColumnOp):
            hidden = [f"secret={[each.column.name]!r}"] if each.column.name in SECRET_COLUMNS.get(table, ()) else []
            yield WordOp("add", repr(table), word_of(models.Base.metadata.tables[table].c[each.column.name]), *hidden)
        elif getattr(each, "index_name", getattr(each, "constraint_name", None)) not in said:
            yield each
