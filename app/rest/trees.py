"""Trees: answers that nest a list of rows, which is in the order of a tree, in one pass."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from app.rest.answers import NO_PAGE, Answer, Row, existing, value_at
from app.rest.url import Data, Members, Variables

OF_ORG = {"parent_code": "org_code"}
OF_MENU = {"parent_code": "menu_code", "parent_name": "menu_name"}
OF_SPACE = {"parent_code": "space_code"}
"""The members that a row has from its parent, each with the name that it has there."""


def nested(rows: Iterable[Row], carried: Mapping[str, str] | None = None) -> list[Row]:
    """Nest rows in the order of a tree and return the tops: those whose parents are not among the rows.

    A row that has children gets them as `children`. `carried` are members that a row takes from its parent.
    """
    by_id: dict[object, Row] = {}
    parent_of = by_id.get
    tops, pairs = [], [*(carried or {}).items()]
    for row in rows:
        by_id[row["id"]] = row
        parent = parent_of(row["parentid"])
        if parent is None:
            tops.append(row)
            continue
        for own, of_parent in pairs:
            row[own] = parent[of_parent]
        children = parent["children"]
        if children:
            children.append(row)
        else:
            parent["children"] = [row]
    return tops


def trees_of(rows: Sequence[Row], carried: Mapping[str, str] | None = None) -> list[Row]:
    """Nest rows, and put each top into an object of its own, as the documents print lists of trees."""
    return [{"tree": [top]} for top in nested(rows, carried)]


def tree(top: str, below: str, carried: Mapping[str, str] | None = None) -> Answer:
    """Answer a record and all rows below it as a list of one tree; NotFoundError when there is none."""

    def answer(data: Data, variables: Variables) -> Members:
        record = existing(data, top, variables)
        return {"result": nested(chain([record], value_at(data, below)), carried)[:1], **NO_PAGE}

    return answer


def trees(path: str, carried: Mapping[str, str], **around: object) -> Answer:
    """Answer a list of rows as trees, one for each top, below `result`; `around` are its members before them.

    NotFoundError when the record that the list belongs to does not exist.
    """
    return lambda data, variables: {"result": {**around, "trees": trees_of(existing(data, path, variables), carried)}}


def menu_trees(path: str) -> Answer:
    """Answer trees of menus, in a second envelope below `result` (5.2)."""
    return trees(path, OF_MENU, code=None, message=None, version=None)


def forest(owner: str, tops: str, below: str, carried: Mapping[str, str], **around: object) -> Answer:
    """Answer the records at `tops`, each with its rows in `below`, as trees of the envelope itself (4.15).

    A top that lies below an earlier one is part of its tree. NotFoundError when there is no owner.
    """

    def answer(data: Data, variables: Variables) -> Members:
        existing(data, owner, variables)
        pairs = zip(value_at(data, tops), value_at(data, below), strict=True)
        rows = [row for top, rest in pairs for row in (top, *rest["descendants"]["nodes"])]
        if len(value_at(data, tops)) > 1:
            rows = [*{row["id"]: row for row in rows}.values()]
        return {"trees": trees_of(rows, carried), **around}

    return answer
