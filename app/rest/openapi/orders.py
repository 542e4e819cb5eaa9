"""Orders: the description of the URLs of document 000, whose clients, bodies and failures are other ones."""

from collections.abc import Sequence
from typing import Any

from app.rest.examples import Example
from app.rest.openapi.requests import schema_of
from app.rest.openapi.schemas import Schema, object_schema
from app.rest.url import OrderUrl, Url, names_in

SCHEMES: Schema = {
    "client": {
        "type": "http",
        "scheme": "bearer",
        "description": "client_credentials 的 access_token",
    },
    "person": {"type": "apiKey", "in": "header", "name": "token", "description": "4.1、5.1 返回的 token，2 小时有效"},
}
STATUS_CODE: Schema = {"type": ["integer", "string"], "description": "与 HTTP 状态码相同；列表中为字符串"}

FAILED: Schema = object_schema(
    {"status_code": STATUS_CODE, "errmsg": {"type": "string"}, "reason": {"type": "string", "description": "具体原因"}}
)
FAILURE: Schema = {
    "description": "400 参数无效（invalid params），401 客户端令牌无效，403 token 无效或无权限，429 尝试过多",
    "content": {"application/json": {"schema": FAILED}},
}


def security_of(url: Url) -> list[Schema]:
    """Say which tokens a URL asks for."""
    gives_token = isinstance(url, OrderUrl) and url.gives_token
    return [{"client": []}] if gives_token else [{"client": [], "person": []}]


def query_of(rows: Sequence[Url], printed: Sequence[Example | None]) -> list[Schema]:
    """Describe the members of the query of a GET; those of all rows, once each."""
    members: dict[str, Any] = {}
    for row, example in zip(rows, printed, strict=True):
        members |= schema_of(row, example.members if example else {})["properties"]
    in_path = names_in(rows[0].path)
    return [{"name": name, "in": "query", "schema": each} for name, each in members.items() if name not in in_path]


def answers_of(printed: Sequence[Example | None]) -> Schema:
    """Describe what a URL answers when it succeeds, with the example of the document."""
    answers = [example.answer for example in printed if example and example.answer]
    members: dict[str, Schema] = {"status_code": STATUS_CODE}
    if any("result" in answer for answer in answers):
        members["result"] = {"type": "object"}
    if any("token" in answer for answer in answers):
        members["token"] = {"type": "string", "description": "之后请求的 HTTP 头 token"}
    content = {"schema": {"type": "object", "properties": members, "required": ["status_code"]}}
    named = {f"{number}": {"value": answer} for number, answer in enumerate(answers, 1)}
    return {"description": "成功", "content": {"application/json": {**content, "examples": named}}}
