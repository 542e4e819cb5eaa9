"""The floor: the same rows level by level with psycopg and orjson, without GraphQL, HTTP or an event loop."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg

from app.db.pool import BEGIN
from app.db.scope import Scope
from benching.data import Data
from benching.works import Work

SELECT = "select id, name, full_name, code, type, status, depth, parent_id from space where"
BY_ID = f"{SELECT} id = any(%s)"
BY_PARENT = f"{SELECT} parent_id = any(%s) order by parent_id, sort_key"
Node = dict[str, Any]


class Floor:
    """A connection that reads trees."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._opening = opening(Scope.everything())

    def answer(self, work: Work, id_: str) -> bytes:
        """Read the tree of a work as the super administrator and return it as JSON."""
        self._connection.execute(self._opening, prepare=False)
        level = top = self._nodes(BY_ID, [int(id_)])
        for _ in range(work.levels - 1):
            children = defaultdict(list)
            parents, level = level, self._nodes(BY_PARENT, list(level))
            for node in level.values():
                children[node["parentId"]].append(node)
            for node in parents.values():
                node["children"] = children[node["id"]]
        self._connection.execute("commit")
        return orjson.dumps({"data": {"space": top[int(id_)]}})

    def _nodes(self, sql: str, keys: list[int]) -> dict[int, Node]:
        rows = self._connection.cursor(binary=True).execute(sql, [keys]).fetchall()
        return {
            id_: {
                "id": str(id_),
                "name": name,
                "fullName": full_name,
                "code": code,
                "type": type_,
                "status": status,
                "depth": depth,
                "parentId": None if parent is None else str(parent),
            }
            for id_, name, full_name, code, type_, status, depth, parent in rows
        }


def opening(scope: Scope) -> str:
    """Return the opening statements of a scope as one text, for one round trip without a pipeline."""
    calls = (f"set_config('{name}', '{value}', true)" for name, value in scope.settings.items())
    return f"{BEGIN.sql}; select {', '.join(calls)}"


@contextmanager
def floor(data: Data) -> Iterator[Floor]:
    """Connect to the data."""
    with psycopg.connect(data.url, autocommit=True) as connection:
        yield Floor(connection)
