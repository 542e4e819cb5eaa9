"""A mutation is one transaction: all of it is written once, or nothing is."""

import re
from typing import Any

import psycopg
import pytest

from app.execution import mutate
from tests.clients.api import Api, open_api

RENAME = 'updateOrg(input: {{id: "{id}", expectedVersion: {version}, name: "{name}"}})'
PAYLOAD = "{ org { name } errors { code } }"
FIRST, SECOND, FOREIGN_TO_NONE = "2", "8829", "6419"


def rename(id_: str, name: str, selection: str = PAYLOAD, version: int = 1) -> str:
    return f"{RENAME.format(id=id_, name=name, version=version)} {selection}"


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("select name from org where id in (2, 8829) order by id").fetchall()
    return [name for (name,) in rows]


BEFORE = ["测试顶级业务组织1", "美的集团-业务组织"]


def run(api: Api, *fields: str, account: str = "supperadm") -> dict[str, Any]:
    query = f"mutation {{ {' '.join(f'f{number}: {field}' for number, field in enumerate(fields))} }}"
    answer: dict[str, Any] = api.post(query, authorization=api.bearer(account)).json()
    return answer


def test_a_field_that_is_refused_does_not_undo_the_others(own_api: Api, own_url: str) -> None:
    answer = run(own_api, rename(FIRST, "a"), rename(SECOND, "b", version=7), rename(SECOND, "c"))
    assert [payload["errors"] for payload in answer["data"].values()] == [[], [{"code": "CONFLICT"}], []]
    assert names(own_url) == ["a", "c"]


def test_a_field_without_the_capability_is_null_and_does_not_undo_the_others(own_api: Api, own_url: str) -> None:
    answer = run(own_api, rename(FIRST, "a"), rename(FOREIGN_TO_NONE, "b"), rename(SECOND, "c"), account="yanggc4")
    assert answer["data"]["f1"] is None
    assert [error["path"] for error in answer["errors"]] == [["f1"]]
    assert names(own_url) == ["a", "c"]


def test_after_a_first_field_that_is_refused_the_others_still_run_as_the_caller(own_api: Api, own_url: str) -> None:
    """The refused field rolls the transaction back, so the role and the scope are set again for the others."""
    fields = rename(FIRST, "a", version=7), rename(FOREIGN_TO_NONE, "b"), rename(SECOND, "c")
    answer = run(own_api, *fields, account="yanggc4")
    assert [error["path"] for error in answer["errors"]] == [["f1"]]
    assert names(own_url) == [BEFORE[0], "c"]


def test_a_payload_that_cannot_be_read_undoes_its_field(own_api: Api, own_url: str) -> None:
    answer = run(own_api, rename(FIRST, "a", "{ org { children(first: -1) { id } } }"), rename(SECOND, "c"))
    assert answer["data"]["f0"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert names(own_url) == [BEFORE[0], "c"]


def test_too_many_rows_in_a_payload_undo_the_request(own_url: str) -> None:
    with open_api(own_url, require_login=True, max_nodes=1) as own_api:
        answer = run(own_api, rename(FIRST, "a"), rename(SECOND, "b", "{ org { children { id } } }"))
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"
    assert names(own_url) == BEFORE


def test_a_bug_undoes_the_request_and_nothing_runs_twice(
    own_api: Api, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mutate, "run", broken)
    answer = run(own_api, rename(FIRST, "a"), rename(SECOND, "b"))
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert len([sql for sql in own_api.statements if sql.startswith("update")]) == 1
    assert names(own_url) == BEFORE


def test_a_deadline_undoes_the_request(own_url: str) -> None:
    with psycopg.connect(own_url) as lock, open_api(own_url, require_login=True, deadline=0.5) as own_api:
        lock.execute("select pg_advisory_xact_lock(x'74726501'::int)")
        answer = run(own_api, rename(FIRST, "a"))
    assert answer["errors"][0]["extensions"]["code"] in {"TIMEOUT", "UNAVAILABLE"}
    assert names(own_url) == BEFORE


@pytest.mark.parametrize("selection", ["{ org { name } }", "{ errors { code } }", "{ __typename }"])
def test_the_payload_is_read_by_a_plan_in_the_transaction_of_the_write(
    own_api: Api, own_url: str, selection: str
) -> None:
    run(own_api, rename(FIRST, "a", selection))
    ends = [sql for sql in own_api._statements if sql.split()[0] in {"begin", "commit", "rollback"}]  # noqa: SLF001 - the transaction's own
    assert [sql.split()[0] for sql in ends] == ["begin", "commit"] * 2  # of finding out who calls, and of the mutation
    assert own_api._statements[-1] == "commit"  # noqa: SLF001 - the same
    assert names(own_url)[0] == "a"


def test_skipped_fields_and_type_names_are_as_in_a_query(own_api: Api, own_url: str) -> None:
    skipped = rename(SECOND, "b", f"@skip(if: $no) {PAYLOAD}")
    query = f"mutation ($no: Boolean!) {{ __typename a: {rename(FIRST, 'a')} b: {skipped} }}"
    answer = own_api.post(query, {"no": True}, own_api.bearer("supperadm")).json()
    assert answer["data"] == {"__typename": "Mutation", "a": {"org": {"name": "a"}, "errors": []}}
    assert names(own_url) == ["a", BEFORE[1]]


def test_a_mutation_by_get_is_refused(own_api: Api, own_url: str) -> None:
    headers = {"authorization": own_api.bearer("supperadm")}
    query = f"mutation {{ {rename(FIRST, 'a')} }}"
    response = own_api.client.get("/graphql", params={"query": query}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert names(own_url) == BEFORE


@pytest.mark.parametrize(
    ("variable", "input_"),
    [
        ("$null: ID = 2", '{id: $null, name: "a"}'),
        ('$null: UpdateOrgInput = {id: 2, name: "a", expectedVersion: 1}', "$null"),
    ],
)
def test_a_null_that_stands_for_a_default_is_an_error_of_its_field(
    own_api: Api, own_url: str, variable: str, input_: str
) -> None:
    query = f"mutation ({variable}) {{ f: updateOrg(input: {input_}) {PAYLOAD} }}"
    answer = own_api.post(query, {"null": None}, own_api.bearer("supperadm")).json()
    assert answer["data"] == {"f": None}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]) == (["f"], {"code": "GRAPHQL_VALIDATION_FAILED"})
    assert names(own_url) == BEFORE


def test_a_payload_may_load_as_many_rows_as_a_query(own_url: str) -> None:
    selection = "{ many: descendants(first: 14) { nodes { id } } few: children(first: 1) { id } }"
    with open_api(own_url, require_login=True, max_nodes=25) as own_api:
        query = own_api.post(f'{{ org(id: "6419") {selection} }}', authorization=own_api.bearer("supperadm")).json()
        mutation = run(own_api, rename("6419", "a", f"{{ org {selection} }}"))
    assert mutation["data"]["f0"] == query["data"]
    own = {"estimated": 31, "bytes": mutation["extensions"]["cost"]["bytes"]}
    assert mutation["extensions"]["cost"] == {**query["extensions"]["cost"], **own}


PERSONAL = "{ org { communities { descendants(first: 100) { nodes { customers { phone } } } } } }"


def test_a_payload_with_personal_data_needs_no_second_connection(own_url: str) -> None:
    with open_api(own_url, require_login=True, pool_size=1, pool_timeout=2) as own_api:
        answer = run(own_api, rename(SECOND, "c", PERSONAL), rename(FIRST, "a"))
        hidden = own_api.post(f"{{ org(id: {FIRST}) {{ id }} }}", authorization=own_api.bearer("lisi")).json()
    assert "errors" not in answer
    assert hidden["data"] == {"org": None}
    assert names(own_url) == ["a", "c"]
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select entity, fields from personal_read").fetchall() == [("Customer", ["phone"])]


def test_personal_data_that_cannot_be_recorded_undo_the_request(own_api: Api, own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("alter table personal_read add check (row_count < 0)")
    answer = run(own_api, rename(SECOND, "c", PERSONAL))
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "data" not in answer
    assert names(own_url) == BEFORE


@pytest.mark.parametrize("selection", ["@skip(if: $null) { errors { code } }", "{ org { id @include(if: $null) } }"])
def test_a_null_condition_writes_nothing_and_is_no_bug(own_api: Api, own_url: str, selection: str) -> None:
    query = f"mutation ($null: Boolean = false) {{ f0: {rename(FIRST, 'a', selection)} }}"
    answer = own_api.post(query, {"null": None}, own_api.bearer("supperadm")).json()
    assert "data" not in answer
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "GRAPHQL_VALIDATION_FAILED"}]
    assert names(own_url) == BEFORE


CREATE = 'createOrg(input: {name: "n", parentId: "8830"}) { errors { code } }'
LOCKS = re.compile(r"(pg_advisory_xact_lock(?:_shared)?)\(hashtextextended")


@pytest.mark.parametrize(
    ("fields", "shares"),
    [
        ((CREATE,), True),
        ((CREATE, CREATE), True),
        ((CREATE, rename(FIRST, "a")), False),
        (
            (f'setOrgStatus(input: {{id: "{FIRST}", status: DISABLED}}) {{ errors {{ code }} }}', rename(FIRST, "a")),
            False,
        ),
    ],
)
def test_a_request_takes_the_strongest_lock_of_a_tenant_first(
    own_api: Api, fields: tuple[str, ...], *, shares: bool
) -> None:
    assert "errors" not in run(own_api, *fields)
    locks = LOCKS.findall(" ".join(own_api.statements))
    assert set(locks) == {"pg_advisory_xact_lock_shared" if shares else "pg_advisory_xact_lock"}
    assert len(locks) == len(fields)
