"""Base: what all tables have in common. Ids are unique over all tables (document 003, 6.5)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Enum,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    Table,
    Text,
    TextClause,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from app.models.choice import Choice

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    },
)

LARGEST_ID = 2**63 - 1
"""The largest id: the largest value of PostgreSQL's type bigint."""

OWN_SOURCE = "own"
"""The source of records that are entered in the register itself."""

REGISTER_ID = Sequence("register_id", start=100_000, metadata=METADATA)
"""The ids of all tables. The ids in the documents are lower than its start."""

TwoDecimals = Annotated[Decimal, mapped_column(Numeric(14, 2))]
"""A number with two decimals, such as an area in square metres or a sum of money (document 003, 4.6)."""

Small = Annotated[int, mapped_column(Integer)]
"""A number of 32 bits. A column typed `int` has 64 bits, as ids do."""


class Base(DeclarativeBase):
    """The declarative base. A column's comment documents it in the code, in the database and in GraphQL."""

    metadata = METADATA
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        int: BigInteger(),
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        Choice: Enum(Choice, native_enum=False, create_constraint=True, length=32),
    }


def column_of(attribute: InstrumentedAttribute[Any]) -> Column[Any]:
    """Return the column behind an attribute of a model, for statements that are written for each request.

    A statement of columns is compiled in three fifths of the time of a statement of attributes, which SQLAlchemy
    prepares for loading objects.
    """
    table: Table = attribute.class_.__table__
    return table.c[attribute.key]


class Entity(Base):
    """A record with a global id."""

    __abstract__ = True

    most_counted: ClassVar[int | None] = None
    """The rows that the total of a list is counted up to, where counting them all takes too long (decision 18)."""

    is_planned_once: ClassVar[bool] = False
    """Whether PostgreSQL keeps one plan of a list, because its policies take longer to plan than the list to run."""

    id: Mapped[int] = mapped_column(
        REGISTER_ID,
        server_default=REGISTER_ID.next_value(),
        primary_key=True,
        comment="编号 Global id, unique over all tables",
        sort_order=-1,
    )


class Versioned(Entity):
    """A record of the register: it has a version, a source, and the times and the authors of its changes."""

    __abstract__ = True

    def __init_subclass__(cls, **options: Any) -> None:
        """Index the times of every table: lists are filtered and ordered by them."""
        super().__init_subclass__(**options)
        if "__tablename__" in vars(cls):
            columns = cls.__table__.c
            for name in ("created_at", "updated_at"):
                Index(f"{cls.__tablename__}_{name}_idx", columns[name], columns["id"])

    version: Mapped[Small] = mapped_column(
        server_default=text("1"), comment="版本 Grows by one with every change", sort_order=90
    )
    source: Mapped[str] = mapped_column(
        server_default=text(f"'{OWN_SOURCE}'"),
        comment="数据来源 The system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        sort_order=91,
    )
    created_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="创建时间 Created at", sort_order=93
    )
    created_by: Mapped[str | None] = mapped_column(comment="创建人 Created by: account or process", sort_order=94)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="修改时间 Updated at", sort_order=95
    )
    updated_by: Mapped[str | None] = mapped_column(comment="修改人 Updated by: account or process", sort_order=96)


class Granted(Versioned):
    """A right that a business organisation has, such as a role or a menu."""

    __abstract__ = True

    is_granted_by_super: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="平台超级管理员授予 Given by the super administrator, who alone takes it back",
    )


class Imported:
    """A record that another system may own, with its key there."""

    external_id: Mapped[str | None] = mapped_column(
        comment="外部编号 Key of the record in the system that `source` names, unique in the tenant", sort_order=92
    )


def imported_indexes(table: str, *tenant: str | TextClause) -> tuple[SchemaItem, ...]:
    """Return the indexes that find an imported record by its key in the source, and by its 4g id.

    The key is unique for each source and `tenant`; without a tenant it is unique for each source.
    """
    return (
        Index(
            f"{table}_external_key",
            "external_id",
            "source",
            *tenant,
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        Index(f"{table}_fourgrid_id_idx", "fourgrid_id", postgresql_where=text("fourgrid_id is not null")),
    )


class Named:
    """A record that lists are ordered by the name of: by code point, or by pinyin (decision 13)."""

    name_pinyin: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed("pinyin_key(name)", persisted=True),
        comment="拼音 The name as Chinese readers order it: by pinyin, after digits and Latin letters",
        sort_order=97,
    )


def name_indexes(table: str) -> tuple[SchemaItem, ...]:
    """Return the indexes that order by name, and find a part of it: by trigrams, or by letters where it is short."""
    ordering = (Index(f"{table}_name_idx", "name", "id"), Index(f"{table}_name_pinyin_idx", "name_pinyin", "id"))
    return (*ordering, trigrams(table, "name"), letters(table, "name"))


def trigrams(table: str, name: str) -> Index:
    """Return the index that finds parts of at least three characters in a column."""
    trigram = {name: "gin_trgm_ops"}
    return Index(f"{table}_{name}_trgm_idx", name, postgresql_using="gin", postgresql_ops=trigram)


def letters(table: str, name: str) -> Index:
    """Return the index that finds shorter parts in a column of texts with many different characters.

    Numbers have ten, so that nearly every row has those of a part: the table itself is read faster.
    """
    each = text(f"string_to_array(lower({name}), NULL::text)")
    return Index(f"{table}_{name}_letters_idx", each, postgresql_using="gin")
