"""Integrity: what a violated constraint means to the person who filled in the form.

A service checks what it writes. Between its check and its write another request may take a value or delete a record;
then the database refuses the write. PostgreSQL's own message quotes the row, so it is never shown: it may be another
tenant's. A message names the kind of record and its fields.
"""

from collections.abc import Iterator, Mapping

import psycopg
from sqlalchemy import Constraint, ForeignKeyConstraint, Index, Table, UniqueConstraint

from app.error_codes import Message
from app.errors import ConflictError
from app.models import Base

INTEGRITY = (psycopg.errors.UniqueViolation, psycopg.errors.ForeignKeyViolation)
"""The errors that another request may cause at any time. Other violations are bugs."""

CHANGED = Message(
    "the records have been changed at the same time: read them again and repeat the change",
    "相关记录已被其他用户修改，请重新读取后再操作",
)
"""The message for a constraint that no model has."""


def term_of(thing: Table) -> Message:
    """Return the name of a kind of record: the table's name, and the Chinese term that its comment begins with."""
    return Message(thing.name.replace("_", " "), (thing.comment or thing.name).split(" ", 1)[0])


def taken(table: Table, rule: UniqueConstraint | Index) -> Message:
    """Return the message for a unique constraint: another record has the values."""
    noun, columns = term_of(table), list(rule.columns)
    if all(column.foreign_keys for column in columns):
        return Message(f"this {noun.en} exists already", f"该{noun.zh}已存在")
    fields = " and ".join(column.name.replace("_", " ") for column in columns)
    terms = "、".join((column.comment or column.name).split(" ", 1)[0] for column in columns)
    return Message(f"another {noun.en} has the same {fields}", f"已有{terms}相同的{noun.zh}")


def missing(table: Table, rule: ForeignKeyConstraint) -> Message:
    """Return the message for a foreign key: the other record is gone, or cannot go."""
    noun, other = term_of(table), term_of(rule.referred_table)
    return Message(
        f"{other.en}: the record has been deleted, or cannot be deleted while another one refers to it ({noun.en})",
        f"{noun.zh}引用的{other.zh}已被删除，或因仍被引用而不能删除",
    )


def messages_of(table: Table) -> Iterator[tuple[str, Message]]:
    """Return the message of each constraint of a table that another request may violate."""
    rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
    for rule in rules:
        if isinstance(rule, UniqueConstraint) or (isinstance(rule, Index) and rule.unique):
            yield str(rule.name), taken(table, rule)
        elif isinstance(rule, ForeignKeyConstraint):
            yield str(rule.name), missing(table, rule)


OWN: Mapping[str, Message] = {
    "property_relation_main_key": Message("the space has another main owner", "该空间已有其他主业主"),
    "property_relation_valid_key": Message(
        "the customer has another valid property relation with the space", "该客户与该空间已存在有效的产权关系"
    ),
}
"""The messages of constraints whose columns do not say what they mean."""

MESSAGES: Mapping[str, Message] = {
    **dict(pair for table in Base.metadata.sorted_tables for pair in messages_of(table)),
    **OWN,
}
"""The message of every unique constraint and foreign key, by its name."""


def conflict_of(error: psycopg.Error) -> ConflictError:
    """Return the user error for a violated constraint."""
    return ConflictError(detail=MESSAGES.get(error.diag.constraint_name or "", CHANGED))
