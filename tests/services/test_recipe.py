"""The recipe of docs/writing.md, run as it is printed."""

import asyncio
import re
from textwrap import dedent
from typing import Any

import psycopg
import strawberry
from strawberry.schema.config import StrawberryConfig

from app import models
from app.access.caller import Caller
from app.access.capabilities import capabilities_of
from app.db.pool import Pool
from app.declarations.entity import Node
from app.declarations.mutations import Writes, make_mutation
from app.declarations.query import make_query, record
from app.declarations.resolvers import core_schema, resolve_by_reads
from app.declarations.scalars import SCALARS
from app.execution.execution import Execution
from app.execution.request import Request
from app.graphql.schema import NOUNS
from app.settings import Settings
from tests.databases import ROOT

IMPORTS = """
from collections.abc import Sequence
from dataclasses import dataclass
from app.access.caller import Caller
from app.db.transaction import Writing
from app.services import nodes
from app.services.org import CAPABILITY, ORG
from app.services.org_inputs import UpdateOrg
from app.services.targets import check_capability, outcomes, target_errors
from app.services.write import Outcome, refers
"""


def recipe() -> dict[str, Any]:
    """Run the Python of the page and give what it defines."""
    blocks = re.findall(
        r"^ +```python\n(.*?)^ +```$", (ROOT / "docs" / "writing.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    namespace: dict[str, Any] = {"models": models, "Writes": Writes, "__name__": __name__}
    exec(IMPORTS + "\n".join(map(dedent, blocks)), namespace)  # noqa: S102 - our own page
    return namespace


def test_the_recipe_for_a_mutation_works(own_url: str, monkeypatch: Any) -> None:
    defined = recipe()
    monkeypatch.setitem(globals(), "MarkOrg", defined["MarkOrg"])  # where annotations are looked up
    schema = strawberry.Schema(
        query=make_query({"org": record(models.Org)}),
        mutation=make_mutation(defined["MUTATIONS"]),
        types=[Node, *(type_ for type_, _, _ in NOUNS.values())],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    resolve_by_reads(schema)
    caller = Caller(1, "x", "x", True, (), (), capabilities_of(True, [], []))  # noqa: FBT003 - facts of a row

    async def run() -> list[Any]:
        pool = Pool(own_url, 1)
        await pool.open()
        execution = Execution(core_schema(schema), pool, Settings(database_url=own_url))
        one = 'mutation { markOrg(input: {id: 8830, mark: "一"}) { org { fullName } errors { code } } }'
        many = 'mutation { markOrgs(input: {orgs: [{id: 8829, mark: "★"}, {id: 1, mark: "x"}]}) { errors { path } } }'
        answers = [(await execution.answer(Request(query), caller)).body["data"] for query in (one, many)]
        await pool.close()
        return answers

    one, many = asyncio.run(run())
    assert one == {"markOrg": {"org": {"fullName": "美的集团-业务组织/一美的物业"}, "errors": []}}
    assert many == {"markOrgs": {"errors": [{"path": ["input", "orgs", "1", "id"]}]}}
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select name from org where id = 8829").fetchone() == ("美的集团-业务组织",)
