"""How often PostgreSQL plans a list: for each value where the best plan depends on it, otherwise once."""

import asyncio
from typing import Any

import pytest

from app.db.pool import Pool
from app.db.scope import Scope
from app.declarations.resolvers import core_schema
from app.execution.execution import Execution
from app.execution.request import Request
from app.graphql.schema import schema
from app.settings import Settings

ORG = "100001"
PREPARED = "select generic_plans, custom_plans from pg_prepared_statements where statement ~ %(text)s"
SPACES = "query ($f: SpaceFilter) { spaces(filter: $f) { totalCount nodes { id } } }"
CUSTOMERS = "query ($f: CustomerFilter) { customers(filter: $f, first: 2) { totalCount nodes { id } } }"


async def plans_made(url: str, text: str, query: str, variables: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Ask on one connection. For each prepared statement that matches a text, give how often it ran by a plan for all
    values, and how often by a plan for its own values.
    """
    pool = Pool(url, 1, request_url=url)  # of its own connections, requests use one
    await pool.open()
    try:
        execution = Execution(core_schema(schema), pool, Settings(database_url=url))
        answers = [await execution.answer(Request(query, values), None) for values in variables]
        assert [answer.body for answer in answers if "errors" in answer.body] == []
        async with pool.reading(Scope.everything()) as reading:
            return await reading.run(PREPARED, {"text": text})
    finally:
        await pool.close()


def plans(url: str, text: str, query: str, *variables: dict[str, Any]) -> list[tuple[Any, ...]]:
    return asyncio.run(plans_made(url, text, query, list(variables)))


def test_a_plan_for_one_value_of_a_filter_serves_no_other(generated_url: str) -> None:
    """PostgreSQL prefers a generic plan after some executions, even where the next value needs another."""
    one_for_each = [{"f": {"name": {"contains": f"区{number}"}}} for number in range(7)]
    of_spaces = "FROM (space|kept_spaces)"
    assert plans(generated_url, of_spaces, SPACES, *one_for_each) == []
    assert len(plans(generated_url, of_spaces, SPACES, *[{"f": {}}] * 7)) == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ changes(first: 2) { totalCount nodes { id } } }",
        "{ changes(first: 2, offset: 9) { nodes { id changedFields } } }",
        f'{{ org(id: "{ORG}") {{ history(first: 2) {{ nodes {{ id }} }} }} }}',
    ],
)
def test_a_list_of_changes_is_planned_once(generated_url: str, query: str) -> None:
    """Its policies take longer to plan than the list to run."""
    assert plans(generated_url, "FROM change", query, *[{}] * 3) == [(3, 0)]


def test_a_filter_of_changes_is_planned_for_its_values(generated_url: str) -> None:
    query = "query ($e: String) { changes(filter: { entity: { eq: $e } }, first: 2) { nodes { id } } }"
    assert plans(generated_url, "FROM change", query, {"e": "org"}, {"e": "space"}) == []


def test_other_statements_of_the_request_are_planned_as_before(generated_url: str) -> None:
    query = f'{{ changes(first: 2) {{ nodes {{ id }} }} org(id: "{ORG}") {{ name }} }}'
    assert plans(generated_url, "FROM org", query, *[{}] * 3) == [(0, 3)]


@pytest.mark.parametrize("status", ["ENABLED", "DISABLED"])
def test_customers_of_an_organisation_are_planned_once_for_all_organisations(generated_url: str, status: str) -> None:
    """The statement counts them when it runs. Each status has its own plan, because few customers are disabled."""
    of = [{"f": {"scopeOrgs": {"some": {"under": id_}}, "status": {"eq": status}}} for id_ in (ORG, "1", "2")]
    made = plans(generated_url, f"FROM customer.*'{status}'", CUSTOMERS, *of)
    assert (sum(generic for generic, _ in made), sum(own for _, own in made)) == (3, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"name": {"contains": "王"}},
        {"externalId": {"eq": "1"}},
        {"type": {"in": ["ENTERPRISE"]}},
        {"status": {"ne": "ENABLED"}},
        {"or": [{"status": {"eq": "ENABLED"}}]},
        {"scopeOrgs": {"some": {"name": {"eq": "王"}}}},
    ],
)
def test_other_conditions_are_planned_for_their_values(generated_url: str, other: dict[str, Any]) -> None:
    of = [{"f": {"scopeOrgs": {"some": {"under": org}}} | other} for org in (ORG, "1")]
    assert plans(generated_url, "FROM customer", CUSTOMERS, *of) == []
