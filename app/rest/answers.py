"""Answers: from the data of an operation to the members of the envelope. The rows are already in their format.

Most answers put a record or a list below `result`. Pages get their numbers here.
"""

from collections.abc import Callable, Sequence
from typing import Any

from app.errors import NotFoundError
from app.rest.url import Data, Members, Variables

Row = dict[str, Any]
Answer = Callable[[Data, Variables], Members]

BARE = ""
"""The member of an answer that is the whole body, without an envelope."""

NO_PAGE = {"pageNo": 0, "pageSize": 0, "total": 0, "totalPage": 0}
"""The numbers of a page in the envelope of a list that is not paged."""


def value_at(data: Data, path: str) -> Any:
    """Return what lies at a path in the data, with dots between the levels; None when something on the way is null.

    A step after a list is a place in it, such as `orgs.nodes.0`.
    """
    value: Any = data
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = None if value is None else value[step]
    return value


def existing(data: Data, path: str, variables: Variables) -> Any:
    """Return what lies at a path in the data; NotFoundError, with the ids in the variables, when it does not exist.

    The variable `named` says what a request names that has no id.
    """
    value = value_at(data, path)
    if value is None:
        raise NotFoundError(variables.get("id") or variables.get("named") or "-".join(map(str, variables.values())))
    return value


def one(path: str) -> Answer:
    """Answer one record; NotFoundError when there is none."""
    return lambda data, variables: {"result": existing(data, path, variables)}


def value(path: str) -> Answer:
    """Answer a value, which may be null."""
    return lambda data, _: {"result": value_at(data, path)}


def bare(path: str) -> Answer:
    """Answer a list without an envelope; NotFoundError when the record that it belongs to does not exist (7.9)."""
    return lambda data, variables: {BARE: existing(data, path, variables)}


def one_of(owner: str, name: str) -> Answer:
    """Answer a record that another one may have, null without it; NotFoundError when the other does not exist."""
    return lambda data, variables: {"result": existing(data, owner, variables)[name]}


def batch(path: str) -> Answer:
    """Answer records that were written together, below `results` (3.1)."""
    return lambda data, _: {"result": None, "results": value_at(data, path)}


def listed(path: str) -> Answer:
    """Answer a list that is not paged; an empty one where something on the way is null."""
    return lambda data, _: {"result": value_at(data, path) or [], **NO_PAGE}


def constant(result: object, numbers: Members = NO_PAGE) -> Answer:
    """Answer what never changes."""
    return lambda _, __: {"result": result, **numbers}


def gathered(**paths: str) -> Answer:
    """Answer one record of members that lie at several paths; NotFoundError when the first of them is missing."""

    def answer(data: Data, variables: Variables) -> Members:
        existing(data, next(iter(paths.values())), variables)
        return {"result": {name: value_at(data, path) for name, path in paths.items()}}

    return answer


def in_order(member: str, records: str = "spaces", numbers: Members | None = None) -> Answer:
    """Answer the records that several root fields wrote, at their places in the request, the variable `places`."""

    def answer(data: Data, variables: Variables) -> Members:
        rows = {field: payload[records] for field, payload in data.items() if records in payload}
        places = variables.get("places", dict.fromkeys(rows, (0,)))
        placed = {place: row for field in rows for place, row in zip(places[field], rows[field], strict=True)}
        return {"result": None, member: [placed[place] for place in sorted(placed)], **(numbers or {})}

    return answer


def all_of(path: str) -> Answer:
    """Answer the list of a record that is not paged; NotFoundError when there is no record."""
    return lambda data, variables: {"result": existing(data, path, variables), **NO_PAGE}


def joined(path: str, member: str) -> Answer:
    """Answer the lists of some records as one list."""
    return lambda data, _: {"result": [row for record in value_at(data, path) for row in record[member]], **NO_PAGE}


def page(path: str, subject: str = "id") -> Answer:
    """Answer a page of a connection, whose operation selects `nodes` and `totalCount`.

    NotFoundError when there is no record that the connection belongs to; the variable `subject` is the id of it.
    """

    def answer(data: Data, variables: Variables) -> Members:
        connection = value_at(data, path)
        if connection is None:
            raise NotFoundError(value_at(variables, subject))
        return numbered(connection["nodes"], connection["totalCount"], variables)

    return answer


def page_if_asked(path: str) -> Answer:
    """Answer a connection as a page where the request asks for one, and as a list that is not paged otherwise."""
    whole, part = listed(f"{path}.nodes"), page(path)
    return lambda data, variables: (part if "first" in variables else whole)(data, variables)


def headed_page(head: str, rest: str) -> Answer:
    """Answer a page of the at most one row of a connection and all rows of another one behind it.

    The operation gets one row more of the rest than a page has, from the row before the page on.
    """

    def answer(data: Data, variables: Variables) -> Members:
        first, others = value_at(data, head), value_at(data, rest)
        is_later, size = variables["offset"] > 0, variables["first"]
        shown = others["nodes"][int(not first["nodes"]) :] if is_later else first["nodes"] + others["nodes"]
        return numbered(shown[:size], first["totalCount"] + others["totalCount"], variables)

    return answer


def numbered(rows: Sequence[Row], total: int, variables: Variables) -> Members:
    """Put the numbers of a page around its rows."""
    size = variables["first"]
    numbers = {"pageNo": variables["offset"] // size + 1, "pageSize": size, "total": total}
    return {"result": rows, **numbers, "totalPage": -(-total // size)}


def done(_: Data, __: Variables) -> Members:
    """Answer that it is done, without a result."""
    return {"result": None}


def confirmed(_: Data, __: Variables) -> Members:
    """Answer true."""
    return {"result": True}
