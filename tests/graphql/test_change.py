"""Who changed what, when and why, through GraphQL: histories, the list for auditors, and who sees which changes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from strawberry.utils.str_converters import to_camel_case

from app.db.embedded import EmbeddedServer
from app.graphql.schema import NOUNS
from tests.clients.api import Api, open_api
from tests.databases import copied
from tests.worlds.edges import Reached
from tests.worlds.two_tenants import SECRET

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Change", "the newest of BELOW", "actor", "1"),
    ("Change", "the newest of BELOW", "org", "8830"),
]

RENAME = """mutation ($id: ID!, $name: String!) { updateOrg(input: { id: $id, name: $name }) {
  org { id version } errors { code } } }"""
CHANGE = """{ operation entity entityId actorAccount client requestId reason changedFields
  differences { field before after } }"""
SYNC = "update client set secret_hash = encode(sha256(%s::bytea), 'hex') where client_id = 'sync-client'"
ADMINISTRATOR = "update client_grant set org_id = 8829, role_id = (select id from role where is_system_default limit 1)"
OWN, BELOW, FOREIGN = "8829", "8830", "15264"


@pytest.fixture(scope="module")
def changed(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[tuple[Api, str]]:
    """Give the API, for callers who log in, over a demo world whose organisation BELOW was renamed."""
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        rename(api, BELOW, "新名", **{"x-change-reason": quote("合同更名 №7"), "x-request-id": "audit-1"})
        yield api, url


def rename(api: Api, id_: str, name: str, account: str = "yanggc4", **headers: str) -> Any:
    body = {"query": RENAME, "variables": {"id": id_, "name": name}}
    given = {"authorization": api.bearer(account), **headers}
    return api.client.post("/graphql", json=body, headers=given).json()["data"]["updateOrg"]


def asked(api: Api, account: str, query: str, **variables: Any) -> Any:
    answer = api.post(query, variables, authorization=api.bearer(account)).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def sql(url: str, statement: str, *values: object) -> list[Any]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def history(api: Api, account: str, noun: str, id_: str, selection: str = CHANGE) -> list[Any]:
    record = asked(api, account, f'{{ {noun}(id: "{id_}") {{ history {{ nodes {selection} }} }} }}')[noun]
    nodes: list[Any] = record["history"]["nodes"]
    return nodes


def test_a_history_says_who_when_and_why(changed: tuple[Api, str]) -> None:
    api, _ = changed
    newest = history(api, "yanggc4", "org", BELOW)[0]
    assert newest == {
        "operation": "UPDATE",
        "entity": "org",
        "entityId": BELOW,
        "actorAccount": "yanggc4",
        "client": "h5-client",
        "requestId": "audit-1",
        "reason": "合同更名 №7",
        "changedFields": ["name", "fullName"],
        "differences": [
            {"field": "name", "before": newest["differences"][0]["before"], "after": "新名"},
            {"field": "fullName", "before": newest["differences"][1]["before"], "after": "美的集团-业务组织/新名"},
        ],
    }


@pytest.mark.parametrize(("_type", "_change", "edge", "expected"), EDGES)
def test_an_edge_of_a_change_leads_to_its_record(
    changed: tuple[Api, str], _type: str, _change: str, edge: str, expected: Reached
) -> None:
    newest = history(changed[0], "supperadm", "org", BELOW, f"{{ id {edge} {{ id }} }}")[0]
    assert newest[edge] == {"id": expected}
    node = asked(changed[0], "supperadm", f'{{ node(id: "{newest["id"]}") {{ __typename id }} }}')["node"]
    assert node == {"__typename": "Change", "id": newest["id"]}


def test_a_client_that_calls_for_itself_has_no_account(own_api: Api, own_url: str) -> None:
    sql(own_url, SYNC, SECRET)
    sql(own_url, ADMINISTRATOR)
    body = {"query": RENAME, "variables": {"id": BELOW, "name": "程序改名"}}
    headers = {"authorization": own_api.client_bearer("sync-client", SECRET)}
    assert own_api.client.post("/graphql", json=body, headers=headers).json()["data"]["updateOrg"]["errors"] == []
    newest = history(own_api, "supperadm", "org", BELOW, "{ actorId actorAccount client }")[0]
    assert newest == {"actorId": None, "actorAccount": None, "client": "sync-client"}
    assert sql(own_url, "select updated_by from org where id = 8830") == [("client:sync-client",)]


def test_both_executors_answer_alike(changed: tuple[Api, str]) -> None:
    page = f"{{ totalCount nodes {CHANGE} }}"
    query = f"{{ changes(first: 50) {page} customers {{ nodes {{ history {page} }} }} }}"
    with open_api(changed[1], require_login=True, compiled=False) as core:
        for account in ("supperadm", "yanggc4", "zhangx"):
            assert asked(core, account, query) == asked(changed[0], account, query)


def test_a_level_of_histories_takes_one_statement(changed: tuple[Api, str]) -> None:
    api, _ = changed
    asked(api, "supperadm", "{ orgs(first: 50) { nodes { id history(first: 3) { nodes { id } } } } }")
    assert len([sql for sql in api.statements if "FROM change" in sql]) == 1


def test_records_that_share_an_id_have_histories_of_their_own(changed: tuple[Api, str]) -> None:
    api, url = changed
    (shared,) = sql(url, "select id from org where id in (select id from menu) limit 1")[0]
    for noun in ("org", "menu"):
        entities = {change["entity"] for change in history(api, "supperadm", noun, str(shared), "{ entity }")}
        assert entities == {noun}


def test_personal_data_are_masked_as_in_the_record(changed: tuple[Api, str]) -> None:
    api, url = changed
    (phone,) = sql(url, "select phone from customer where id = 9343")[0]
    sql(url, "update customer set phone = '13900001111' where id = 9343")
    sql(url, "delete from personal_read")
    query = '{ customer(id: "9343") { history(first: 1) { nodes { differences { field before after } } } } }'
    shown = asked(api, "supperadm", query)["customer"]["history"]["nodes"][0]["differences"]
    assert shown == [{"field": "phone", "before": phone, "after": "13900001111"}]
    read = sql(url, "select entity, fields, row_count from personal_read")
    assert read == [("Customer", ["phone"], 1)]
    with open_api(url) as anonymous:
        masked = anonymous.data(query)["customer"]["history"]["nodes"][0]["differences"]
    assert masked == [{"field": "phone", "before": f"{phone[:3]}****{phone[-4:]}", "after": "139****1111"}]
    assert len(sql(url, "select 1 from personal_read")) == 1


def test_a_change_without_personal_data_is_no_personal_read(changed: tuple[Api, str]) -> None:
    api, url = changed
    sql(url, "delete from personal_read")
    history(api, "supperadm", "org", BELOW)
    assert sql(url, "select 1 from personal_read") == []


def test_secrets_and_hidden_columns_are_not_shown(changed: tuple[Api, str]) -> None:
    nodes = asked(
        changed[0], "supperadm", "{ changes(first: 100) { nodes { entity changedFields differences { field } } } }"
    )
    fields = {each["field"] for node in nodes["changes"]["nodes"] for each in node["differences"]}
    assert not fields & {
        "passwordHash",
        "tokenVersion",
        "deviceToken",
        "sortKey",
        "lastChildNumber",
        "orgPath",
        "version",
    }


def test_the_changes_of_a_deleted_record_are_visible_to_those_who_saw_it(own_api: Api, own_url: str) -> None:
    sql(own_url, "insert into org (id, parent_id, path, depth, code, name, full_name, type)"
        " values (777, 8830, '8829/8830/777/', 2, '1', '旧', '旧', 'BUSINESS')")  # fmt: skip
    sql(own_url, "delete from org where id = 777")
    query = """{ changes(filter: { entity: { eq: "org" }, entityId: { eq: "777" } }) {
      totalCount nodes { operation differences { field before } } } }"""
    page = asked(own_api, "yanggc4", query)["changes"]
    assert [node["operation"] for node in page["nodes"]] == ["DELETE", "INSERT"]
    assert {"field": "name", "before": "旧"} in page["nodes"][0]["differences"]
    assert asked(own_api, "zhangx", query)["changes"] == {"totalCount": 0, "nodes": []}
    assert asked(own_api, "lisi", query)["changes"] == {"totalCount": 0, "nodes": []}


def test_a_foreign_tenant_sees_no_change_by_any_way(changed: tuple[Api, str]) -> None:
    api, _ = changed
    id_ = history(api, "yanggc4", "org", BELOW, "{ id }")[0]["id"]
    query = f"""{{ change(id: "{id_}") {{ id }} node(id: "{id_}") {{ id }}
      changes(filter: {{ id: {{ eq: "{id_}" }} }}) {{ totalCount }} }}"""
    assert asked(api, "zhangx", query) == {"change": None, "node": None, "changes": {"totalCount": 0}}


def test_a_failed_write_leaves_no_change(own_api: Api, own_url: str) -> None:
    before = sql(own_url, "select count(*) from change")
    assert rename(own_api, FOREIGN, "x")["errors"] == [{"code": "NOT_FOUND"}]
    assert sql(own_url, "select count(*) from change") == before


@pytest.mark.parametrize("noun", sorted({singular for _, singular, _ in NOUNS.values()} - {"change"}))
def test_every_record_has_a_history(changed: tuple[Api, str], noun: str) -> None:
    """Each record of the demo world was inserted at least."""
    plural = next(to_camel_case(plural) for _, singular, plural in NOUNS.values() if singular == noun)
    shown = "{ nodes { id history(first: 100) { nodes { operation entity } } } }"
    for account in ("supperadm", "yanggc4"):
        nodes = asked(changed[0], account, f"{{ {plural}(first: 100) {shown} }}")[plural]["nodes"]
        assert nodes or account != "supperadm"
        for node in nodes:
            assert {"operation": "INSERT", "entity": noun} in node["history"]["nodes"], node["id"]


def test_what_lies_below_a_renamed_node_has_a_place_and_a_new_time_and_keeps_its_version(
    own_api: Api, own_url: str
) -> None:
    stored = "select id, version, updated_at from org where path ^@ '8829/8830/' and id <> 8830 order by id"
    before = sql(own_url, stored)
    rename(own_api, BELOW, "更名", **{"x-change-reason": "why"})
    after = sql(own_url, stored)
    assert before
    assert [row[:2] for row in before] == [row[:2] for row in after]
    assert all(new[2] > old[2] for old, new in zip(before, after, strict=True))
    for id_, _, _ in before:
        newest = history(own_api, "yanggc4", "org", str(id_))[0]
        assert (newest["operation"], newest["changedFields"], newest["reason"]) == ("PLACE", ["fullName"], "why")
        (difference,) = newest["differences"]
        assert difference["after"].startswith("美的集团-业务组织/更名/")


def test_a_query_with_a_reason_records_nothing_and_answers(own_api: Api, own_url: str) -> None:
    before = sql(own_url, "select count(*) from change")
    headers = {"authorization": own_api.bearer("yanggc4"), "x-change-reason": "reading"}
    answer = own_api.client.post("/graphql", json={"query": "{ orgs { totalCount } }"}, headers=headers)
    assert "errors" not in answer.json()
    assert sql(own_url, "select count(*) from change") == before
