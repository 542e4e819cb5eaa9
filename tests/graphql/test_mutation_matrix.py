"""Every mutation, as every kind of caller: what is another tenant's is as absent as what does not exist."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.api import Api, open_api
from tests.clients.writes import Writer
from tests.databases import copied
from tests.worlds.inputs import Mutation, mutations
from tests.worlds.visibility import World, scope_of, seen_by, world_of

ABSENT = "999999999"
STAFF = ("zhangx", "lisi", "wangwu", "yanggc4")
"""The administrator of another tenant, two without capabilities, and the administrator of the first tenant."""


class Stage:
    """A demo world that no mutation of this module changes, and its callers."""

    def __init__(self, api: Api, url: str) -> None:
        self.api, self.url, self.world = api, url, world_of(url)
        self.callers = {account: Writer(api, url, account) for account in (*STAFF, "supperadm")}

    def visible(self, account: str) -> dict[str, str]:
        """Give a record of each table that a caller sees, or none."""
        seen = seen_by(self.world, scope_of(self.world, account))
        return {table: str(min(seen.get(table) or {int(ABSENT)})) for table in self.world}

    def foreign(self, account: str) -> dict[str, str]:
        """Give a record of each table that a caller does not see."""
        return first_of(self.world, seen_by(self.world, scope_of(self.world, account)))


def first_of(world: World, seen: dict[str, set[int]]) -> dict[str, str]:
    hidden = {table: sorted(rows.keys() - seen.get(table, set())) for table, rows in world.items()}
    return {table: str(ids[-1]) for table, ids in hidden.items() if ids}


@pytest.fixture(scope="module")
def stage(server: Any, demo_template: str, worker_id: str) -> Iterator[Stage]:
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield Stage(api, url)


def verdict(answer: dict[str, Any], *ids: str) -> str:
    """Write an answer without its cost, and without the ids that the request named."""
    text = json.dumps({key: answer.get(key) for key in ("data", "errors")}, ensure_ascii=False)
    for id_ in ids:
        text = text.replace(f" {id_} ", " ? ")
    return text


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.name)
@pytest.mark.parametrize("account", STAFF)
def test_another_tenants_records_are_as_absent_as_those_that_do_not_exist(
    stage: Stage, account: str, mutation: Mutation
) -> None:
    writer, hidden = stage.callers[account], stage.foreign(account)
    before = writer.everything()
    named = {table: hidden.get(table, ABSENT) for table in mutation.tables}
    foreign = writer.answer(mutation.name, "__typename", mutation.input(lambda table: named[table]))
    absent = writer.answer(mutation.name, "__typename", mutation.input(lambda _: ABSENT))
    assert verdict(foreign, *named.values()) == verdict(absent, ABSENT)
    assert writer.everything() == before
    assert "INTERNAL" not in verdict(foreign)
    if mutation.tables:
        refused = "errors" in foreign or foreign["data"][mutation.name]["errors"] != []
        assert refused, foreign


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.name)
def test_without_a_token_nothing_is_written(stage: Stage, mutation: Mutation) -> None:
    writer = stage.callers["supperadm"]
    before, query = (
        writer.everything(),
        f"mutation ($i: {mutation.type}!) {{ {mutation.name}(input: $i) {{ __typename }} }}",
    )
    response = stage.api.post(query, {"i": mutation.input(lambda table: str(next(iter(stage.world[table]))))})
    assert (response.status_code, writer.everything()) == (401, before)


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.name)
def test_staff_without_capabilities_write_nothing_of_what_they_see(stage: Stage, mutation: Mutation) -> None:
    if mutation.write.capability is None:
        pytest.skip("every member of staff may, for themselves")
    for account in ("lisi", "wangwu"):
        writer = stage.callers[account]
        before, visible = writer.everything(), stage.visible(account)
        own = mutation.input(visible.__getitem__)
        answer = writer.answer(mutation.name, "__typename", own)
        assert answer["data"] == {mutation.name: None}
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert writer.everything() == before


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.name)
def test_the_super_administrator_is_told_that_a_record_does_not_exist(stage: Stage, mutation: Mutation) -> None:
    if not mutation.tables:
        pytest.skip("names no record")
    writer = stage.callers["supperadm"]
    before = writer.everything()
    answer = writer.answer(mutation.name, "__typename", mutation.input(lambda _: ABSENT))
    codes = {error["code"] for error in answer["data"][mutation.name]["errors"]}
    assert codes & {"NOT_FOUND"} or codes == {"INVALID_INPUT"}, answer
    assert writer.everything() == before
