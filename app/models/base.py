"""Base: what every table has; one global id sequence, so that an id alone names a record (document 003, 6.5)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import BigInteger, Enum, Index, Integer, MetaData, Numeric, Sequence, Text, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
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

REGISTER_ID = Sequence("register_id", start=100_000, metadata=METADATA)
"""Ids of all tables. The documents' own ids lie below its start."""

Area = Annotated[Decimal, mapped_column(Numeric(14, 2))]
"""An area in square metres, two decimals (document 003, 4.6)."""


Small = Annotated[int, mapped_column(Integer)]
"""A number that fits 32 bits; a plain `int` is an id or a number of an id's size."""


class Base(DeclarativeBase):
    """The declarative base. A column's comment is its documentation in the code, in the database and in GraphQL."""

    metadata = METADATA
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        int: BigInteger(),
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        Choice: Enum(Choice, native_enum=False, create_constraint=True, length=32),
    }


class Entity(Base):
    """A record of the register: its global id, its version and where it came from."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(
        REGISTER_ID,
        server_default=REGISTER_ID.next_value(),
        primary_key=True,
        comment="global id, unique over all tables",
        sort_order=-1,
    )
    version: Mapped[Small] = mapped_column(
        server_default=text("1"), comment="grows by one with every change", sort_order=90
    )
    source: Mapped[str] = mapped_column(
        server_default=text("'own'"),
        comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        sort_order=91,
    )
    created_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="创建时间 created at", sort_order=93
    )
    created_by: Mapped[str | None] = mapped_column(comment="创建人 created by: account or process", sort_order=94)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="修改时间 updated at", sort_order=95
    )
    updated_by: Mapped[str | None] = mapped_column(comment="修改人 updated by: account or process", sort_order=96)


class Imported:
    """A record that other systems may own: their key for it, unique within a source."""

    external_id: Mapped[str | None] = mapped_column(
        comment="key of the record in the system that `source` names", sort_order=92
    )


def imported_indexes(table: str) -> tuple[SchemaItem, ...]:
    """Give the indexes that an imported record is found by: the source's key and the 4g id, where there is one."""
    return (
        Index(
            f"{table}_external_key",
            "external_id",
            "source",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        Index(f"{table}_fourgrid_id_idx", "fourgrid_id", postgresql_where=text("fourgrid_id is not null")),
    )


def name_indexes(table: str) -> tuple[SchemaItem, ...]:
    """Give the indexes that what is within a name is found by: its trigrams, or its letters if it is too short."""
    return (
        Index(f"{table}_name_trgm_idx", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
        Index(f"{table}_name_letters_idx", text("string_to_array(lower(name), NULL::text)"), postgresql_using="gin"),
    )
