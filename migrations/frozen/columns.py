"""Columns: a function for each type, and one for each group of columns that several tables share.

The functions for types take the name of the column and its comment. `default` is an SQL expression. The functions for
groups take the name of the table and return its items: columns, indexes and checks.
"""

from functools import partial
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine


class Flags(TypedDict, total=False):
    """What else a column may be."""

    primary_key: bool
    autoincrement: bool
    index: bool
    unique: bool
    info: dict[str, float]
    """`n_distinct`: the number of distinct values that the planner assumes, negative as a share of the rows."""


def column(
    type_: TypeEngine[Any],
    name: str,
    comment: str,
    *items: SchemaItem,
    nullable: bool = False,
    default: str | None = None,
    **flags: Unpack[Flags],
) -> sa.Column[Any]:
    """Return a column; `items` are a foreign key or an identity."""
    value = None if default is None else sa.text(default)
    return sa.Column(name, type_, *items, nullable=nullable, server_default=value, comment=comment, **flags)


text = partial(column, sa.Text())
bytewise = partial(column, sa.Text(collation="C"))
"""A text that is compared byte by byte: all texts with one prefix are a range of a B-tree index."""
texts = partial(column, ARRAY(sa.Text()))
integer = partial(column, sa.Integer())
bigint = partial(column, sa.BigInteger())
two_decimals = partial(column, sa.Numeric(14, 2))
"""A number with two decimals, such as an area or a sum of money."""
double = partial(column, sa.Double())
boolean = partial(column, sa.Boolean())
date = partial(column, sa.Date())
timestamp = partial(column, TIMESTAMP(timezone=True))
uuid = partial(column, sa.Uuid())
binary = partial(column, sa.LargeBinary())
json = partial(column, JSONB())


def choice(name: str, comment: str, values: str, **options: Any) -> sa.Column[Any]:
    """Return a column for one of several values, which are names separated by blanks."""
    names = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)
    return column(names, name, comment, **options)


def reference(name: str, table: str, comment: str, **options: Any) -> sa.Column[Any]:
    """Return a column for the id of a record of `table`."""
    return bigint(name, comment, sa.ForeignKey(f"{table}.id"), **options)


def record_id(_table: str) -> list[SchemaItem]:
    """Return the first column of every entity."""
    return [bigint("id", "编号 Global id, unique over all tables", default="nextval('register_id')", primary_key=True)]


def bookkeeping(table: str) -> list[SchemaItem]:
    """Return the last columns of every entity, and the indexes of its times."""
    return [
        integer("version", "版本 Grows by one with every change", default="1"),
        text(
            "source",
            "数据来源 The system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
            default="'own'",
        ),
        timestamp("created_at", "创建时间 Created at", default="now()"),
        text("created_by", "创建人 Created by: account or process", nullable=True),
        timestamp("updated_at", "修改时间 Updated at", default="now()"),
        text("updated_by", "修改人 Updated by: account or process", nullable=True),
        *(sa.Index(f"{table}_{name}_idx", name, "id") for name in ("created_at", "updated_at")),
    ]


def imported(table: str, *tenant: str | sa.TextClause) -> list[SchemaItem]:
    """Return the items of a table whose records other systems may own; it has a column `fourgrid_id`.

    A key is unique for each source and `tenant`, which is a column or an expression.
    """
    own = sa.text("external_id is not null")
    return [
        text(
            "external_id",
            "外部编号 Key of the record in the system that `source` names, unique in the tenant",
            nullable=True,
        ),
        sa.Index(f"{table}_external_key", "external_id", "source", *tenant, unique=True, postgresql_where=own),
        sa.Index(f"{table}_fourgrid_id_idx", "fourgrid_id", postgresql_where=sa.text("fourgrid_id is not null")),
    ]


def name_search(table: str) -> list[SchemaItem]:
    """Return what orders by name, by code point or by pinyin, and finds a part of it: by trigrams or by letters."""
    pinyin = sa.Column(
        "name_pinyin",
        sa.Text(collation="C"),
        sa.Computed("pinyin_key(name)", persisted=True),
        nullable=False,
        comment="拼音 The name as Chinese readers order it: by pinyin, after digits and Latin letters",
    )
    ordering = [sa.Index(f"{table}_{name}_idx", name, "id") for name in ("name", "name_pinyin")]
    return [pinyin, *ordering, trigrams(table, "name"), letters(table, "name")]


def trigrams(table: str, name: str) -> sa.Index:
    """Return the index that finds parts of at least three characters in a column."""
    trigram = {name: "gin_trgm_ops"}
    return sa.Index(f"{table}_{name}_trgm_idx", name, postgresql_using="gin", postgresql_ops=trigram)


def letters(table: str, name: str) -> sa.Index:
    """Return the index that finds shorter parts in a column of texts with many different characters."""
    each = sa.text(f"string_to_array(lower({name}), null::text)")
    return sa.Index(f"{table}_{name}_letters_idx", each, postgresql_using="gin")


def tree(table: str) -> list[SchemaItem]:
    """Return the items of a tree; `parent_id` is the truth, the other columns are derived."""
    return [
        bytewise("path", "路径 Ids from the root to the node, each ended by '/': a subtree is a range of it"),
        bytewise(
            "sort_key",
            "order of the tree, derived: for each node from the root its number in its parent and its id; a node comes "
            "before those below it, and siblings in the order of their numbers",
            default="'~'",
        ),
        integer("depth", "层级 Number of ancestors; 0 at the top"),
        bytewise("code", "编码 The parent's code followed by one segment of fixed width, given once and never reused"),
        text("name", "名称 Name"),
        text("full_name", "全路径名称 Names from the root, joined with '/'"),
        # A tree is walked by one lookup for each node. Most have no child, so one row is the average. The planner would
        # assume the average of the parents; with one parent of very many it would read the whole table for each node.
        reference("parent_id", table, "上级 Parent; null at the top", nullable=True, info={"n_distinct": -1}),
        sa.Index(f"{table}_parent_id_idx", "parent_id", "sort_key"),
        sa.Index(f"{table}_sort_key_idx", "sort_key"),
        sa.Index(f"{table}_path_key", "path", unique=True),
        sa.Index(f"{table}_code_idx", "code"),
        sa.CheckConstraint("name <> ''", name="name_given"),
        *name_search(table),
    ]


def granted(_table: str) -> list[SchemaItem]:
    """Return the items of a table of rights that business organisations are given."""
    comment = "平台超级管理员授予 Given by the super administrator, who alone takes it back"
    return [boolean("is_granted_by_super", comment, default="false")]
