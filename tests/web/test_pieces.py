"""A large answer is encoded in pieces that are neither so small nor so large that others wait for them."""

import asyncio
from typing import Any

import pytest

from app.encoding import to_json
from app.web.pieces import PIECE, SMALLEST, encoded

ROW = {f"column_{number}": "a value of the record" for number in range(14)}


def tree(*children: int) -> dict[str, Any]:
    """Make a record with records below it, so many at each level."""
    return {**ROW, "children": [tree(*children[1:]) for _ in range(children[0])] if children else []}


WIDE = {f"column_{number}": "a value of the record" for number in range(100)}

ANSWERS = {
    "a community with all its spaces": {"code": "200", "result": [tree(5, 8, 4, 18, 4)]},
    "a record with a long list": {"result": [{**ROW, "children": [tree()] * 20_000}]},
    "a record with a long list of texts": {"result": [{**ROW, "names": ["a name"] * 1_000_000}]},
    "few records with long lists of wide ones": {"result": [{**ROW, "children": [WIDE] * 3_900}] * 3},
    "a page": {"data": {"page": {"nodes": [tree()] * 20_000, "totalCount": 20_000}}},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_the_pieces_of_a_large_answer_are_large_and_not_too_large(answer: dict[str, Any]) -> None:
    """A piece for each member of each record took longer to send than the records to read."""
    whole = to_json(answer)
    pieces = asyncio.run(encoded(answer, len(whole), is_large=True))
    assert b"".join(pieces) == whole
    assert all(len(piece) >= SMALLEST for piece in pieces[:-1])
    assert max(map(len, pieces)) <= 2 * PIECE + SMALLEST
    assert len(pieces) > 1
