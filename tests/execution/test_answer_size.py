"""How many values and bytes an answer may have: aliases and shared records multiply what is loaded once."""

from typing import Any

import pytest

from app.encoding import to_json
from app.web.pieces import PIECE, pieces_of
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy, refused

SPACES = "spaces { nodes { id name code } }"
SHARED = '{ org(id: "6419") { children { parent { children { parent { children { id name } } } } } } }'


def aliased(selection: str, number: int) -> str:
    return "{ " + " ".join(f"a{index}: {selection}" for index in range(number)) + " }"


def cost(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["extensions"]["cost"]
    return found


@pytest.mark.parametrize("compiled", [True, False])
def test_aliases_of_one_list_count_each_time(demo_url: str, *, compiled: bool) -> None:
    with open_api(demo_url, compiled=compiled, max_answer_values=1_000) as api:
        one = cost(api.post(aliased(SPACES, 1)).json())
        assert 0 < one["values"] < one["valuesLimit"] == 1_000
        body = api.post(aliased(SPACES, 50)).json()
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "ANSWER_VALUES_EXCEEDED"
        assert error["extensions"]["found"] > error["extensions"]["allowed"] == 1_000
        assert "data" not in body


def test_an_answer_with_too_many_values_is_refused_before_its_rows_are_read(demo_url: str) -> None:
    with open_api(demo_url, max_answer_values=200) as api:
        body = api.post(aliased(SPACES, 50)).json()
        assert body["errors"][0]["extensions"]["code"] == "ANSWER_VALUES_EXCEEDED"
        assert cost(body)["actual"] <= 200 // (50 * 3) + 1


@pytest.mark.parametrize("compiled", [True, False])
def test_records_that_many_parents_share_count_each_time_they_are_shown(demo_url: str, *, compiled: bool) -> None:
    with open_api(demo_url, compiled=compiled) as api:
        body = api.post(SHARED).json()
        shown = sum(
            len(third["children"])
            for first in body["data"]["org"]["children"]
            for second in first["parent"]["children"]
            for third in [second["parent"]]
        )
        assert cost(body)["values"] >= 2 * shown
        assert cost(body)["values"] > cost(body)["actual"] * 2
    with open_api(demo_url, compiled=compiled, max_answer_values=2 * shown) as api:
        assert api.error(SHARED)["extensions"]["code"] == "ANSWER_VALUES_EXCEEDED"


def test_a_record_whose_id_is_repeated_counts_each_time(api: Api) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Org { children { id name code } } } }"
    once, often = (cost(api.post(query, {"ids": ["6419"] * number}).json())["values"] for number in (1, 100))
    assert often == 100 * once


def test_an_answer_with_too_many_bytes_is_refused_and_told(demo_url: str) -> None:
    with open_api(demo_url, max_answer_bytes=2_000) as api:
        body = api.post('{ org(id: "6419") { id } }').json()
        assert cost(body)["bytes"] == len('{"org":{"id":"6419"}}')
        assert cost(body)["bytesLimit"] == 2_000
        body = api.post(aliased(SPACES, 20)).json()
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "ANSWER_TOO_LARGE"
        assert error["extensions"]["found"] > error["extensions"]["allowed"] == 2_000
        assert "data" not in body
        assert cost(body)["values"] > 0


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"a": []},
        {"a": [{"b": index, "c": "文" * index} for index in range(3_000)], "d": None},
        [{"children": [{"n": list(range(20))} for _ in range(100)]}],
        [["x" * PIECE] * 12, 1, "é", {"k": [[]]}],
        {"half": "\ud800", "list": ["\ud800"] * 20},
    ],
)
def test_pieces_are_the_same_json(value: Any) -> None:
    pieces = list(pieces_of(value))
    assert b"".join(pieces).replace(b", ", b",").replace(b": ", b":") == to_json(value).replace(b", ", b",").replace(
        b": ", b":"
    )
    assert max(map(len, pieces)) <= 2 * PIECE + 100


def test_a_large_answer_is_sent_in_pieces(generated_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = generated_api.post("{ " + SPACES + " }").json()
    monkeypatch.setattr("app.execution.query.MANY_VALUES", 10)
    response = generated_api.post("{ " + SPACES + " }")
    assert response.json()["data"] == whole["data"]
    assert cost(response.json())["bytes"] == cost(whole)["bytes"]


def test_a_legacy_list_is_held_to_the_same_budgets(demo_url: str) -> None:
    with open_api(demo_url) as api:
        rows = Legacy(api, "supperadm").result("space/list", {"pageSize": 50})
        assert len(rows) == 50
    with open_api(demo_url, max_answer_values=100) as api:
        assert "100" in refused(Legacy(api, "supperadm"), "space/list", {"pageSize": 50}, "400")
    with open_api(demo_url, max_answer_bytes=5_000) as api:
        assert "5000" in refused(Legacy(api, "supperadm"), "space/list", {"pageSize": 50}, "400")
