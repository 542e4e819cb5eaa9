"""Every way into the register gives the same verdict: what is outside a caller's scope is not there.

The matrix is made from the schema: every field, every argument and every filter is asked for over HTTP, with tokens of
real log-ins. What a caller must be answered is what a register answers that holds only the
caller's rows and has no policies; which rows these are, `tests.worlds.visibility` works out from docs/access.md.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from graphql import (
    get_named_type,
    is_leaf_type,
)

from app import models
from app.access.capabilities import CAPABILITIES, SUPER_ONLY
from app.db.embedded import EmbeddedServer
from app.graphql.schema import NOUNS
from app.loaders.filtering import FILTERABLE
from app.loaders.reads import READ, Value
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute
from tests.restoring import Restorable
from tests.worlds.nouns import unseen
from tests.worlds.questions import LIMITS, Question, questions
from tests.worlds.schema import MODELS, PLURALS, TABLES, type_of
from tests.worlds.two_tenants import (
    APART,
    ONE,
    ORDINARY,
    ORDINARY_PROGRAM,
    OTHER,
    PROGRAM,
    SECRET,
    SUPER,
    add_twin,
    leave_only,
    show_everything,
)
from tests.worlds.visibility import Seen, World, scope_of, seen_by, world_of

STAFF, CLIENTS = (SUPER, ONE, ORDINARY), (PROGRAM, ORDINARY_PROGRAM)
CALLERS = (*STAFF, *CLIENTS)
POWERLESS = {ORDINARY, ORDINARY_PROGRAM}
"""Who asks: members of staff, and clients that call for themselves; two of them hold no capability.

The other tenant, whose administrator would find the same, is what must not be seen.
"""

KINDS = ("list", "by id", "node", "filters")

MAY_NAME_WHAT_IS_HIDDEN = {
    ("Org", "parentId"): "the organisation above a granted one, whose name `fullName` tells as well",
    ("Space", "parentId"): "the space above a community, which may belong to another organisation",
    ("Customer", "topOrgId"): "the top of the tree that the visible organisation stands in",
    ("Admin", "orgId"): "the department of somebody who holds a role in a visible organisation",
    ("Verification", "reviewerId"): "who decided on a claim",
    ("WorkOrderCategory", "topOrgId"): "the top of the tree that the caller's organisations stand in",
}
"""Columns of visible rows that name rows that may be hidden: policies hide rows, not columns."""


OWN_DEPARTMENT = ("orgCode", "orgFullName")
"""What `me` tells callers of their own department even where they do not see it (document 003, 2.1)."""


def without_department(answer: Any) -> Any:
    """Leave out what `me` tells of the caller's department."""
    me = answer.get("me")
    return answer if me is None else {"me": {name: me[name] for name in me if name not in OWN_DEPARTMENT}}


@dataclass
class Register:
    """A running register, and how to ask it as somebody."""

    api: Api
    authorization: str | None = None

    def answers(self, question: Question) -> list[Any]:
        """Ask a question, page by page to its end."""
        variables, found = dict(question.variables), [self.answer(question.query, question.variables)]
        while "after" in variables and found[-1]["page"]["pageInfo"]["hasNextPage"]:
            variables["after"] = found[-1]["page"]["pageInfo"]["endCursor"]
            found.append(self.answer(question.query, variables))
        return found

    def answer(self, query: str, variables: dict[str, Any]) -> Any:
        answer = self.api.post(query, variables, self.authorization).json()
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]


@dataclass
class Stage:
    """Two tenants with the same names in a running register, and everybody's token, which is good in copies as well."""

    server: EmbeddedServer
    name: str
    settings: dict[str, Any]
    tokens: dict[str, str]
    api: Api
    world: World
    asked: dict[str, Question]


@dataclass
class Asking:
    """A caller: the rows that are theirs, the register of all, and one that holds only theirs."""

    account: str
    seen: Seen
    asked: dict[str, Question]
    whole: Register
    own: Register
    known: dict[str, list[Any]] = field(default_factory=dict)

    def answers(self, name: str) -> list[Any]:
        """Ask the register of all a question, once."""
        if name not in self.known:
            self.known[name] = self.whole.answers(self.asked[name])
        return self.known[name]

    def records(self, name: str) -> list[dict[str, Any]]:
        """Give the records of a type that the caller is shown, with all their fields."""
        return [node for page in self.answers(f"{name}: list") for node in page["page"]["nodes"]]


@contextmanager
def copied(server: EmbeddedServer, template: str, name: str) -> Iterator[str]:
    """Copy a database for a while."""
    copy_of(server, template, name)
    yield name
    execute(server, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def stage(
    server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Run the register of all; everybody logs in before it is copied."""
    settings = {**LIMITS, "require_login": True, "keys_dir": tmp_path_factory.mktemp("keys")}
    with copied(server, demo_template, f"twins_{worker_id}_{os.getpid()}") as name:
        add_twin(server.url_of(name, "postgres"))
        with open_api(server.url_of(name), **settings) as api:
            tokens = {account: api.bearer(account) for account in STAFF}
            tokens |= {client: api.client_bearer(client, SECRET) for client in CLIENTS}
        with copied(server, name, f"{name}_all") as whole, open_api(server.url_of(whole), **settings) as api:
            world = world_of(server.url_of(whole))
            if unseen(world):
                pytest.skip("; ".join(unseen(world)))
            yield Stage(server, name, settings, tokens, api, world, questions(world))


class Own(NamedTuple):
    """A register in which nothing is hidden, for as long as a caller's rows alone are left."""

    copy: Restorable
    api: Api


@pytest.fixture(scope="module")
def own(stage: Stage) -> Iterator[Own]:
    """Run one register for all callers in turn, so that each query is compiled once."""
    with copied(stage.server, stage.name, f"{stage.name}_own") as name:
        show_everything(stage.server.url_of(name, "postgres"))
        url = stage.server.url_of(name)
        with open_api(url, **stage.settings) as api, closing(Restorable(url)) as copy:
            yield Own(copy, api)


@pytest.fixture(scope="module", params=CALLERS)
def asking(request: pytest.FixtureRequest, stage: Stage, own: Own) -> Iterator[Asking]:
    """Ask as each caller in turn."""
    seen, token = seen_by(stage.world, scope_of(stage.world, request.param)), stage.tokens[request.param]
    leave_only(own.copy.url.replace("//cadastre@", "//postgres@"), seen)
    own.api.forget_callers()
    yield Asking(request.param, seen, stage.asked, Register(stage.api, token), Register(own.api, token))
    assert own.copy.restore()


@pytest.mark.parametrize("name", ["me", "values", *(f"{name}: {kind}" for name in PLURALS for kind in KINDS)])
def test_the_answer_is_that_of_a_register_without_foreign_rows(asking: Asking, name: str) -> None:
    answers = asking.answers(name), asking.own.answers(asking.asked[name])
    assert [*map(without_department, answers[0])] == [*map(without_department, answers[1])]


@pytest.mark.parametrize("name", [name for name in PLURALS if FILTERABLE[MODELS[name]].personal])
def test_personal_data_are_compared_for_administrators_alone(asking: Asking, name: str) -> None:
    question = asking.asked[f"{name}: personal"]
    answer = asking.whole.api.post(question.query, question.variables, asking.whole.authorization).json()
    if asking.account in POWERLESS:
        assert set(answer["data"].values()) == {None}
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
    else:
        assert [answer["data"]] == asking.own.answers(question)


@pytest.mark.parametrize("name", PLURALS)
def test_a_list_holds_what_is_visible(asking: Asking, name: str) -> None:
    pages = asking.answers(f"{name}: list")
    assert {int(record["id"]) for record in asking.records(name)} == asking.seen[TABLES[name]]
    assert {page["page"]["totalCount"] for page in pages} == {len(asking.seen[TABLES[name]])}


def hidden(value: str) -> str:
    """Mask a value: an e-mail address, a long number, or what is too short to show any of it."""
    if "@" in value:
        return f"{value[0]}****@{value.partition('@')[2]}"
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else "****"


@pytest.mark.parametrize("name", PLURALS)
def test_personal_data_are_plain_for_administrators_alone(asking: Asking, stage: Stage, name: str) -> None:
    filterable = FILTERABLE[MODELS[name]]
    for record in asking.records(name):
        for column in filterable.personal:
            value = stage.world[TABLES[name]][int(record["id"])][filterable.columns[column].key]
            is_plain = value is None or asking.account not in POWERLESS
            assert record[column] == (value if is_plain else hidden(value))


def references_of(name: str) -> Iterator[tuple[str, str]]:
    """Give the fields of a type that show a foreign key, each with the table that it names."""
    for shown, core in type_of(name).fields.items():
        read = core.extensions.get(READ)
        if isinstance(read, Value) and is_leaf_type(get_named_type(core.type)):
            for column in read.columns:
                keys = (key.column for key in MODELS[name].__table__.c[column].foreign_keys)
                yield from ((shown, key.table.name) for key in keys if key.name == "id")


@pytest.mark.parametrize("name", PLURALS)
def test_columns_name_nothing_foreign_but_where_it_is_said(asking: Asking, name: str) -> None:
    for shown, table in references_of(name):
        named = {int(record[shown]) for record in asking.records(name) if record[shown] is not None}
        assert (name, shown) in MAY_NAME_WHAT_IS_HIDDEN or named <= asking.seen[table], shown


def test_callers_hold_what_the_matrix_is_about(stage: Stage, asking: Asking) -> None:
    (me,) = asking.answers("me")
    ordinary = set() if asking.account in POWERLESS else CAPABILITIES.keys() - SUPER_ONLY
    expected = set(CAPABILITIES) if asking.account == SUPER else ordinary
    if asking.account in CLIENTS:
        assert (me["me"]["admin"], me["me"]["clientId"]) == (None, asking.account)
    else:
        assert stage.world["admin"][int(me["me"]["admin"]["id"])]["account"] == asking.account
    assert set(me["me"]["capabilities"]) == {name.upper().replace(".", "_") for name in expected}
    assert [table for table in TABLES.values() if not asking.seen[table]] == []


def test_tenants_share_names_and_no_records(stage: Stage) -> None:
    world = stage.world
    one, other = (seen_by(world, scope_of(world, account)) for account in (ONE, OTHER))
    for table in set(TABLES.values()) - {"menu", "menu_guidance", "change"}:
        twins = {id_ + APART for id_ in one[table]} & other[table]
        assert twins
        assert {key for key in one[table] & other[table] if not world[table][key].get("is_system_default")} == set()
        assert all(world[table][id_].get("name") == world[table][id_ - APART].get("name") for id_ in twins)
    shared = {world["change"][id_]["entity"] for id_ in one["change"] & other["change"]}
    assert shared <= {"menu", "menu_guidance", "role"}


@pytest.mark.parametrize("authorization", [None, "Bearer a.b.c"])
def test_nobody_is_answered_and_no_statement_is_run(stage: Stage, authorization: str | None) -> None:
    for question in stage.asked.values():
        response = stage.api.post(question.query, question.variables, authorization)
        assert (response.status_code, list(response.json())) == (401, ["errors"])
        assert stage.api.statements == []


@pytest.mark.parametrize(("account", "business"), [("yanggc4", {2, 8829}), ("zhangx", {15264}), ("lisi", set())])
def test_the_tenants_of_the_demo_world(demo_url: str, account: str, business: set[int]) -> None:
    world = world_of(demo_url)
    seen = seen_by(world, scope_of(world, account))["org"]
    tops = {org for org in seen if world["org"][org]["type"] == "BUSINESS" and world["org"][org]["parent_id"] is None}
    assert tops == business
    others = ({15264, 19872} if account != "zhangx" else {2, 8829, 19872}) & world["org"].keys()
    assert not others & seen


def test_every_noun_is_a_model_with_a_policy() -> None:
    assert {model.__tablename__ for model in NOUNS} <= models.Base.metadata.tables.keys()
