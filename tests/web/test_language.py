"""Messages are in Chinese or English, as the client prefers; OAuth answers in ASCII, and legacy URLs in Chinese."""

import re
from typing import Any

import pytest

from tests.clients.api import Api

CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}

LANGUAGES = [
    (None, "en"), ("", "en"), ("zh", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("ZH-Hant-TW", "zh"),
    ("fr, zh;q=0.5", "zh"),
    ("en", "en"), ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("zh;q=0.5,en;q=0.7", "en"), ("zh;q=0", "en"), ("*", "en"),
    ("fr,*;q=0.5,zh;q=0.1", "en"), ("zhx", "en"), ("zh;q=nan", "zh"), ("en;q=1e400,zh;q=0.9", "en"), (",;,;q=", "en"),
    ("zh," * 2_000, "zh"), ("q=;;;=,\x01", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "language"), LANGUAGES, ids=lambda value: repr(value)[:30])
def test_messages_are_in_the_language_that_is_preferred(api: Api, header: str | None, language: str) -> None:
    headers = {} if header is None else {"accept-language": header}
    message = api.client.get("/nothing", headers=headers).json()["errors"][0]["message"]
    assert message.startswith({"en": "there is nothing at this URL", "zh": "该地址不存在"}[language])


def test_errors_of_fields_and_of_requests_are_in_chinese(api: Api) -> None:
    query = '{ a: org(id: "x") { id } b: __typename }'
    by_field = api.client.post("/graphql", json={"query": query}, headers=CHINESE).json()
    assert by_field["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert re.search(r"[一-鿿]", by_field["errors"][0]["message"])
    whole = api.client.post("/graphql", json={"query": "{ orgs(first: 101) { nodes { id } } }"}, headers=CHINESE).json()
    assert whole["errors"][0]["message"] == "每页行数：101，上限 100"


UPDATE = """mutation ($id: ID!, $name: String) {
  updateOrg(input: {id: $id, expectedVersion: 1, name: $name}) { errors { code message path } }
}"""


@pytest.mark.parametrize(
    ("variables", "field", "message"),
    [
        ({"id": "x"}, "id", "'x' 不是有效的编号：编号是 1 到 9223372036854775807 的整数"),
        ({"id": "1", "name": None}, "name", "name 不能为 null；不修改时请省略该字段"),
        ({"id": "8829", "name": "a\0"}, "name", "文本不能包含空字符（NUL）"),
    ],
)
def test_user_errors_are_in_chinese(api: Api, variables: dict[str, Any], field: str, message: str) -> None:
    headers = {**CHINESE, "authorization": api.bearer("supperadm")}
    response = api.client.post("/graphql", json={"query": UPDATE, "variables": variables}, headers=headers)
    (error,) = response.json()["data"]["updateOrg"]["errors"]
    assert error == {"code": "INVALID_INPUT", "message": message, "path": ["input", field]}


def test_oauth_answers_in_ascii_and_legacy_in_chinese_whatever_is_preferred(api: Api) -> None:
    oauth = api.client.get("/oauth/nothing", headers=CHINESE).json()
    assert oauth["error_description"].isascii()
    legacy = api.client.get("/v1/nothing", headers={"accept-language": "en"}).json()
    assert legacy["message"].startswith("该地址不存在")
