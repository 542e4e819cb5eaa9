"""What asks about the schema is measured by the schema's sizes, cached as a whole, and run beside other requests."""

import asyncio
import threading
from typing import Any

import pytest
from graphql import get_introspection_query

from app.execution.background import Background
from tests.clients.api import Api, open_api

STANDARD = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
WIDE = "__schema { types { fields { type { name fields { name } } } } }"
NESTED = (
    "fragment T on __Type { possibleTypes { ...U } interfaces { ...U } }"
    " fragment U on __Type { fields { args { name } } }"
)


def aliased(selection: str, number: int) -> str:
    return "{ " + " ".join(f"a{index}: {selection}" for index in range(number)) + " }"


def objects_in(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(objects_in, value.values()))
    return sum(map(objects_in, value)) if isinstance(value, list) else 0


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        "{ __schema { types { fields { name args { name } } inputFields { name } enumValues { name } } } }",
        "{ __schema { queryType { fields { name } } directives { args { name type { name } } } } }",
        '{ __type(name: "Org") { fields { name args { type { ofType { name } } } } } }',
        "{ __schema { types { ...T } } } " + NESTED,
    ],
)
def test_the_told_cost_is_ten_for_each_object_of_the_answer(api: Api, query: str) -> None:
    body = api.post(query).json()
    told = body["extensions"]["cost"]["estimated"]
    found = 10 * sum(map(objects_in, body["data"].values()))
    assert found <= told <= 1.2 * found  # deprecated members are counted, and may not be shown


def test_aliased_introspection_is_refused_before_it_runs(api: Api) -> None:
    for query in (aliased(WIDE, 45), "{ x: " + WIDE + " ...F } fragment F on Query " + aliased(WIDE, 44)):
        error = api.error(query)
        assert error["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
        assert error["extensions"]["found"] > 5_000_000 - 250_000


def test_a_type_that_a_variable_names_counts_as_the_largest(api: Api) -> None:
    query = "query ($name: String!) { __type(name: $name) { fields { name } inputFields { name } } }"
    costs = {name: api.post(query, {"name": name}).json()["extensions"]["cost"]["estimated"] for name in ("Org", "Int")}
    assert costs["Org"] == costs["Int"]
    assert costs["Int"] > 10 * objects_in(api.data(query, {"name": "Org"}))


def test_the_standard_query_is_answered_from_the_cache_of_the_whole_answer(demo_url: str) -> None:
    with open_api(demo_url) as api:
        queries = api.client.app.state.execution.queries  # type: ignore[attr-defined]
        first = api.post(STANDARD)
        held = queries.introspected.held
        assert held > len(first.content) - 2_000
        runs: list[object] = []
        original = queries._background.run  # noqa: SLF001 - whether graphql-core runs is not told

        def run(function: Any, stop: Any) -> Any:
            runs.append(function)
            return original(function, stop)

        queries._background.run = run  # noqa: SLF001
        second = api.post(STANDARD)
        assert first.json() | {"extensions": {}} == second.json() | {"extensions": {}}
        assert (runs, queries.introspected.held, len(queries.introspected)) == ([], held, 1)
        api.post("{ x: __typename __schema { description } }")
        assert (len(runs), len(queries.introspected)) == (1, 2)


def test_graphql_core_runs_in_a_thread_and_ends_at_the_deadline(demo_url: str) -> None:
    with open_api(demo_url, deadline=0.3, max_cost=100_000_000) as api:
        error = api.error(aliased(WIDE, 45))
        assert error["extensions"]["code"] == "TIMEOUT"
        query = '{ __schema { queryType { name } } org(id: "6419") { id } }'
        assert api.answers(query, {"__schema": {"queryType": {"name": "Query"}}, "org": {"id": "6419"}})


def test_a_cancelled_task_waits_until_its_thread_has_ended() -> None:
    stopping, ended = threading.Event(), threading.Event()

    def work() -> None:
        stopping.wait(5)
        ended.set()

    async def cancel() -> None:
        running = asyncio.create_task(Background(1, 5).run(work, stopping.set))
        await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert ended.is_set()

    asyncio.run(cancel())
