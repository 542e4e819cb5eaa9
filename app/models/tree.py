"""Tree: the columns of organisations, spaces and menus. Most of them are derived from `parent_id` and the names."""

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from app.models.base import Base, Named, Small, name_indexes

FIRST_SEGMENT = {"org": 100_000_000, "space": 100_000_000, "menu": 100_000}
"""The first child's segment of a code, for each tree: 9, 9 and 6 digits, as in all examples of document 003."""


class Tree(Named):
    """A node of a tree. The transaction that changes `parent_id` or a name also changes the derived columns."""

    __tablename__: str

    @declared_attr
    def parent_id(cls) -> Mapped[int | None]:  # noqa: N805 - a declared attribute belongs to the class
        """Refer to a node of the same tree."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"), comment="上级 Parent; null at the top")

    path: Mapped[str] = mapped_column(
        Text(collation="C"), comment="路径 Ids from the root to the node, each ended by '/': a subtree is a range of it"
    )
    sort_key: Mapped[str] = mapped_column(
        Text(collation="C"),
        server_default=text("'~'"),
        comment="order of the tree, derived: for each node from the root its number in its parent and its id; a node "
        "comes before those below it, and siblings in the order of their numbers",
    )
    depth: Mapped[Small] = mapped_column(comment="层级 Number of ancestors; 0 at the top")
    code: Mapped[str] = mapped_column(
        Text(collation="C"),
        comment="编码 The parent's code followed by one segment of fixed width, given once and never reused",
    )
    name: Mapped[str] = mapped_column(comment="名称 Name")
    full_name: Mapped[str] = mapped_column(comment="全路径名称 Names from the root, joined with '/'")


def tree_indexes(table: str) -> tuple[SchemaItem, ...]:
    """Return the indexes of a tree: for children, subtrees, codes and parts of names."""
    return (
        Index(f"{table}_parent_id_idx", "parent_id", "sort_key"),
        Index(f"{table}_sort_key_idx", "sort_key"),
        Index(f"{table}_path_key", "path", unique=True),
        Index(f"{table}_code_idx", "code"),
        *name_indexes(table),
    )


class Numbering(Base):
    """The number of the last child of each node; it outlives the node, so that no code is given twice.

    Both kinds of organisation share one series of roots (document 003, 3.1). A parent without children has no row.
    """

    __tablename__ = "numbering"
    __table_args__ = ({"comment": "编号 Number of the last child, by parent"},)

    parent_id: Mapped[int] = mapped_column(primary_key=True, comment="id of the parent; 0 for the top of a tree")
    tree: Mapped[str] = mapped_column(primary_key=True, comment="table of the tree: org, space or menu")
    last_number: Mapped[int] = mapped_column(comment="number of the last code segment given to a child")
