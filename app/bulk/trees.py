"""Trees: whole trees locked, derived, numbered and checked on one connection; app/services/tree.py has the SQL."""

from dataclasses import dataclass

from psycopg import Connection

from app.services import tree as sql


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the rule says; `expected` is a sentence where no single value is right."""

    table: str
    id: int
    column: str
    stored: str | None
    expected: str | None


def lock_tree(connection: Connection, tree: str) -> None:
    """Wait until no other transaction changes the structure of a tree, and exclude others until the commit."""
    connection.execute(sql.lock(tree))


def derive(connection: Connection, tree: str) -> int:
    """Recompute the derived columns of a whole tree and give the number of rows that differed."""
    return connection.execute(sql.derive(tree)).rowcount


def number_children(connection: Connection, tree: str) -> None:
    """Raise the number of the last child of each node to the largest segment in use."""
    connection.execute(sql.number_children(tree))


def differences(connection: Connection, tree: str, limit: int | None = 100) -> list[Difference]:
    """List the stored values that the rule does not give, nodes that no root leads to, and numbers behind their use."""
    rows = connection.execute(sql.differences(tree, limit)).fetchall()
    return [Difference(tree, int(node), str(column), stored, right) for node, column, stored, right in rows]
