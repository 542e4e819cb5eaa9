"""Every mutation declares a capability, and a caller who does not hold it is refused before anything runs."""

import asyncio
from dataclasses import replace

import pytest
from graphql import GraphQLObjectType

from app.access.caller import Caller
from app.access.capabilities import CAPABILITIES, Held
from app.db.pool import Pool
from app.declarations.resolvers import core_schema
from app.execution.execution import Execution
from app.execution.request import Answer, Request
from app.graphql.schema import schema
from app.services.write import WRITE, Write
from app.settings import Settings

ROOT = core_schema(schema).mutation_type
assert isinstance(ROOT, GraphQLObjectType)
WRITES: dict[str, Write] = {name: field.extensions[WRITE] for name, field in ROOT.fields.items()}
GROUP = "8829/"
POWERLESS = Caller(1, "h5-client", "a", is_super=False, scopes=(GROUP,), admin_scopes=(), capabilities={})
QUERY = 'mutation { updateOrg(input: {id: "8829", expectedVersion: 1, name: "x"}) { errors { code } } }'


@pytest.mark.parametrize("name", WRITES)
def test_a_mutation_declares_a_capability_that_exists_unless_it_is_about_the_caller(name: str) -> None:
    own = {"registerDevice", "deleteDevices", "changeOwnPassword"}
    assert (WRITES[name].capability in CAPABILITIES) != (name in own)


def answer_to(url: str, caller: Caller | None) -> tuple[Answer, list[str]]:
    """Run the mutation as a caller; give the answer and the statements."""
    statements: list[str] = []

    async def ask() -> Answer:
        pool = Pool(url, 1, statements.append)
        await pool.open()
        try:
            return await Execution(core_schema(schema), pool, Settings(database_url=url)).answer(Request(QUERY), caller)
        finally:
            await pool.close()

    return asyncio.run(ask()), statements


@pytest.mark.parametrize(
    "held", [{}, {name: (GROUP,) for name in CAPABILITIES if name != "org.write"}], ids=["nothing", "all but this"]
)
def test_a_caller_who_holds_it_nowhere_is_refused_without_a_statement(demo_url: str, held: Held) -> None:
    answer, statements = answer_to(demo_url, replace(POWERLESS, capabilities=held))
    assert answer.body["data"] == {"updateOrg": None}
    (error,) = answer.body["errors"]
    assert error["extensions"] == {"code": "FORBIDDEN", "capability": "ORG_WRITE"}
    assert statements == []


def test_a_caller_who_is_not_known_is_refused_without_a_statement(demo_url: str) -> None:
    answer, statements = answer_to(demo_url, None)
    assert answer.body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert statements == []


@pytest.mark.parametrize("paths", [("2/",), ("8829/8830/",), ("15264/",)])
def test_the_organisation_in_question_decides(demo_url: str, paths: tuple[str, ...]) -> None:
    answer, statements = answer_to(demo_url, replace(POWERLESS, capabilities={"org.write": paths}))
    assert answer.body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert not any(sql.startswith("update") for sql in statements)
