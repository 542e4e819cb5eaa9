"""Rules of organisations (document 003, part 3), through GraphQL, as every kind of caller."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from app.bulk.trees import differences
from tests.clients.api import Api, open_api

UPDATE = """mutation ($input: UpdateOrgInput!) { updateOrg(input: $input) {
  org { id name fullName version updatedBy parent { id } children { fullName } } errors { code message path } } }"""
OWN, BELOW, ADMINISTRATIVE, FOREIGN, ABSENT = "8829", "8830", "6419", "15264", "999999999"
"""An organisation of yanggc4, one below it, an administrative one, another tenant's, and none."""


def sql(url: str, statement: str, *values: object) -> list[Any]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def orgs(url: str) -> list[Any]:
    return sql(url, "select * from org order by id")


def version_of(url: str, id_: str) -> int:
    rows = sql(url, "select version from org where id = %s", id_)
    return int(rows[0][0]) if rows else 1


def is_consistent(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return differences(connection, "org") == []


def update(api: Api, account: str, language: str = "en", **values: Any) -> dict[str, Any]:
    body = {"query": UPDATE, "variables": {"input": values}}
    headers = {"authorization": api.bearer(account), "accept-language": language}
    answer: dict[str, Any] = api.client.post("/graphql", json=body, headers=headers).json()
    return answer


def refusals(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    payload = answer["data"]["updateOrg"]
    assert payload["org"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


@pytest.mark.parametrize(("account", "id_"), [("yanggc4", OWN), ("supperadm", OWN), ("supperadm", ADMINISTRATIVE)])
def test_3_2_a_new_name_changes_the_full_names_below(own_api: Api, own_url: str, account: str, id_: str) -> None:
    version = version_of(own_url, id_)
    payload = update(own_api, account, id=id_, expectedVersion=version, name="新名 A/B")["data"]["updateOrg"]
    assert payload["errors"] == []
    org = payload["org"]
    assert (org["name"], org["version"], org["updatedBy"]) == ("新名 A/B", version + 1, account)
    assert org["children"]
    assert all(child["fullName"].startswith("新名 A/B/") for child in org["children"])
    assert is_consistent(own_url)


def test_3_2_the_names_above_stay_right_for_a_caller_who_does_not_see_them(own_api: Api, own_url: str) -> None:
    sql(
        own_url, "insert into org_role (org_id, role_id) select %s, role_id from org_role where org_id = %s", BELOW, OWN
    )
    sql(own_url, "update admin_grant set org_id = %s where org_id = %s", BELOW, OWN)
    answer = update(own_api, "yanggc4", id=BELOW, expectedVersion=version_of(own_url, BELOW), name="x")
    org = answer["data"]["updateOrg"]["org"]
    assert (org["parent"], org["fullName"]) == (None, "美的集团-业务组织/x")
    assert is_consistent(own_url)


def test_3_2_nodes_above_one_another_are_renamed_in_one_request(own_api: Api, own_url: str) -> None:
    field = 'updateOrg(input: {{id: "{}", expectedVersion: {}, name: "{}"}}) {{ org {{ fullName }} }}'
    fields = [
        f"{key}: " + field.format(id_, version_of(own_url, id_), name)
        for key, id_, name in (("below", BELOW, "b"), ("above", OWN, "a"))
    ]
    answer = own_api.post(f"mutation {{ {' '.join(fields)} }}", authorization=own_api.bearer("yanggc4")).json()
    names = {key: payload["org"]["fullName"] for key, payload in answer["data"].items()}
    assert names == {"below": "美的集团-业务组织/b", "above": "a"}
    assert sql(own_url, "select full_name from org where id = %s", BELOW) == [("a/b",)]
    assert is_consistent(own_url)


def test_a_name_is_stored_in_its_composed_form(own_api: Api, own_url: str) -> None:
    for name in ("E\u0301vry", "Évry"):
        answer = update(own_api, "yanggc4", id=OWN, expectedVersion=version_of(own_url, OWN), name=name)
        assert answer["data"]["updateOrg"]["org"]["name"] == "Évry"
    assert sql(own_url, "select version from org where id = %s", OWN) == [(2,)]


@pytest.mark.parametrize("values", [{}, {"name": "美的集团-业务组织"}])
def test_an_update_without_a_difference_writes_nothing(own_api: Api, own_url: str, values: dict[str, str]) -> None:
    before = orgs(own_url)
    payload = update(own_api, "yanggc4", id=OWN, expectedVersion=version_of(own_url, OWN), **values)["data"][
        "updateOrg"
    ]
    assert (payload["org"]["id"], payload["errors"]) == (OWN, [])
    assert orgs(own_url) == before


@pytest.mark.parametrize("id_", [FOREIGN, ABSENT])
def test_the_organisation_of_another_tenant_does_not_exist(own_api: Api, own_url: str, id_: str) -> None:
    before = orgs(own_url)
    for account in ("yanggc4", "lisi", "wangwu"):
        answer = update(own_api, account, id=id_, expectedVersion=1, name="x")
        if account == "yanggc4":
            assert refusals(answer) == [("NOT_FOUND", ["input", "id"])]
        else:
            assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "capability": "ORG_WRITE"}
    assert orgs(own_url) == before


@pytest.mark.parametrize(("account", "id_"), [("lisi", "9099"), ("wangwu", OWN), ("yanggc4", ADMINISTRATIVE)])
def test_a_caller_without_the_capability_there_is_refused(own_api: Api, own_url: str, account: str, id_: str) -> None:
    before = orgs(own_url)
    answer = update(own_api, account, id=id_, expectedVersion=version_of(own_url, id_), name="x")
    assert answer["data"] == {"updateOrg": None}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]) == (["updateOrg"], {"code": "FORBIDDEN", "capability": "ORG_WRITE"})
    assert orgs(own_url) == before


def test_a_caller_narrowed_to_another_organisation_does_not_see_it(own_api: Api, own_url: str) -> None:
    body = {"query": UPDATE, "variables": {"input": {"id": "8829", "expectedVersion": 1, "name": "x"}}}
    headers = {"authorization": own_api.bearer("yanggc4"), "cadastre-org": "2"}
    assert refusals(own_api.client.post("/graphql", json=body, headers=headers).json())[0][0] == "NOT_FOUND"
    assert sql(own_url, "select name from org where id = 8829") == [("美的集团-业务组织",)]


def test_without_a_token_nothing_runs(own_api: Api, own_url: str) -> None:
    before = orgs(own_url)
    response = own_api.post(UPDATE, {"input": {"id": OWN, "expectedVersion": 1, "name": "x"}})
    assert (response.status_code, orgs(own_url)) == (401, before)


def test_where_no_login_is_needed_a_mutation_needs_it_all_the_same(own_url: str) -> None:
    before = orgs(own_url)
    with open_api(own_url, require_login=False) as own_api:
        error = own_api.error(UPDATE, {"input": {"id": OWN, "expectedVersion": 1, "name": "x"}})
    assert (error["extensions"]["code"], orgs(own_url)) == ("UNAUTHENTICATED", before)


def test_another_version_is_a_conflict_that_tells_the_current_one(own_api: Api, own_url: str) -> None:
    version = version_of(own_url, OWN)
    for language, words in (("en", f"its version is now {version}"), ("zh-CN,zh;q=0.9", f"当前版本为 {version}")):
        answer = update(own_api, "yanggc4", language, id=OWN, expectedVersion=version + 1, name="x")
        assert refusals(answer) == [("CONFLICT", ["input", "expectedVersion"])]
        assert words in answer["data"]["updateOrg"]["errors"][0]["message"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": " \t\u3000"}, "name"),
    ({"name": "长" * 201}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": "abc\u202ecba"}, "name"),
    ({"name": "a\0b"}, "name"),
    ({"name": None}, "name"),
    ({"id": "0"}, "id"),
    ({"id": "8829 "}, "id"),
    ({"expectedVersion": 2**31}, ""),
    ({"name": 5}, ""),
    ({"fullName": "x"}, ""),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_a_wrong_value_is_refused_and_its_field_is_named(
    own_api: Api, own_url: str, values: dict[str, Any], field: str
) -> None:
    before = orgs(own_url)
    answer = update(
        own_api, "yanggc4", **{"id": OWN, "expectedVersion": version_of(own_url, OWN), "name": "x", **values}
    )
    if field:
        assert refusals(answer) == [("INVALID_INPUT", ["input", field])]
    else:
        assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert orgs(own_url) == before


FIELD = 'f{}: updateOrg(input: {{id: "{}", expectedVersion: {}, name: "{}"}}) {{ errors {{ code }} }}'


def test_of_updates_at_the_same_time_with_one_version_one_is_written(own_api: Api, own_url: str) -> None:
    headers = {"authorization": own_api.bearer("yanggc4")}

    def write(number: int) -> list[str]:
        query = f"mutation {{ {FIELD.format('', OWN, 1, number)} }}"
        answer = own_api.client.post("/graphql", json={"query": query}, headers=headers).json()
        return [error["code"] for error in answer["data"]["f"]["errors"]]

    with ThreadPoolExecutor(8) as writers:
        answers = list(writers.map(write, range(8)))
    assert sorted(answers) == [[]] + [["CONFLICT"]] * 7
    assert sql(own_url, "select version, name from org where id = %s", OWN) == [(2, str(answers.index([])))]


def test_many_writers_of_nodes_above_and_below_each_other_leave_a_consistent_tree(own_api: Api, own_url: str) -> None:
    ids = [str(id_) for (id_,) in sql(own_url, "select id from org where path ^@ %s order by path", f"{OWN}/")][:8]
    headers = {"authorization": own_api.bearer("yanggc4")}

    def write(number: int) -> list[list[Any]]:
        chosen = [ids[(number + step) % len(ids)] for step in (0, 3, 5)]
        fields = [FIELD.format(at, id_, version_of(own_url, id_), f"{number}/{at}") for at, id_ in enumerate(chosen)]
        query = {"query": f"mutation {{ {' '.join(fields)} }}"}
        answer = own_api.client.post("/graphql", json=query, headers=headers).json()
        return [payload["errors"] for payload in answer["data"].values()]

    with ThreadPoolExecutor(16) as writers:
        payloads = [errors for answer in writers.map(write, range(32)) for errors in answer]
    written = payloads.count([])
    assert payloads.count([{"code": "CONFLICT"}]) == len(payloads) - written
    assert sum(version for (version,) in sql(own_url, "select version - 1 from org where version > 1")) == written > 0
    assert is_consistent(own_url)
