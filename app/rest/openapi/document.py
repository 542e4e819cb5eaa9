"""The description of the legacy API as OpenAPI 3.1, made of the table of URLs, the operations and the examples."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from app.build import VERSION
from app.rest import login
from app.rest.as_graphql import text_of, variables_of
from app.rest.every_url import EVERY_URL
from app.rest.examples import Example, example_of, examples, given_of
from app.rest.openapi import orders
from app.rest.openapi.answers import FAILURE, REFUSED, failures, question_of, success_of
from app.rest.openapi.records import ComponentName
from app.rest.openapi.requests import member_schema, noted_of, schema_of
from app.rest.openapi.schemas import Schema
from app.rest.operations import OPERATIONS
from app.rest.url import LIST, OrderUrl, State, Url, names_in

FAMILIES: Mapping[str, str] = {
    "1": "菜单与内置管理员（平台超级管理员）",
    "2": "登录认证",
    "3": "组织机构",
    "4": "空间",
    "5": "菜单（应用）授权",
    "6": "角色与员工授权",
    "7": "员工",
    "8": "员工分组",
    "9": "员工与分组关联",
    "10": "客户",
    "11": "产权关系",
    "12": "信息认证",
    "13": "业务组织管理员",
    "14": "App授权",
    "15": "操作指引",
    "20": "事件",
    "21": "推送设备",
    "22": "设备品牌",
    "000-4": "服务单：业主端",
    "000-5": "服务单：物业端",
}
"""The parts of the documents, by the number of their sections before the dot; those of document 000 begin with it."""

INTRODUCTION = """主数据旧接口（文档 003）和服务单接口（文档 000，`/api/v1`）。

- 每个地址对应一个 GraphQL 操作（`x-graphql`），可直接发送到 `/graphql`。
- 请求头 `Authorization: bearer <access_token>` 决定调用者。
- 请求头 `tokenInfo` 为 URL 编码的 JSON，可不传，与令牌不符时返回 403。
- 成功时 `code` 为 `"200"`。业务错误为 HTTP 200、`code` 为 `"1"`；其余错误的 `code` 与 HTTP 状态码相同。
- 日期为毫秒时间戳。数字可用字符串传，字符串可用数字传。值为 null、空白的参数视为未传。
- `pageNo` 从 1 开始，`pageSize` 最大为 50。
- 新增、修改、删除可带请求头 `Idempotency-Key`：同一个键重复发送，只执行一次。
- 服务单接口使用自己的返回格式（`status_code`、`errmsg`）和请求头 `token`。
- 已废弃的地址返回响应头 `Deprecation`。
"""

ANSWERED = "成功，或业务错误（code 为 1）"

IN_QUERY = ("appId",)
"""The members of a log-in that are sent in the query of the URL."""

BEARER: Schema = {"bearer": []}
SECURITY = [BEARER, {**BEARER, "tokenInfo": []}]


@cache
def document() -> Schema:
    """Return the description."""
    components: dict[ComponentName, Schema] = {"Failure": FAILURE}
    paths = {path: {"post": described_login(path, section)} for path, (section, _) in login.URLS.items()}
    for url in EVERY_URL:
        rows = [each for each in EVERY_URL if (each.full_path, each.method) == (url.full_path, url.method)]
        if url is rows[0]:
            describe = described_order if isinstance(url, OrderUrl) else described
            paths.setdefault(url.full_path, {})[url.method.lower()] = describe(rows, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cadastre 主数据旧接口", "version": VERSION, "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for number, name in FAMILIES.items() if number in parts()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": failures(),
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {**SCHEMES, **orders.SCHEMES},
        },
    }


def as_text() -> str:
    """Return the description as JSON: docs/openapi.json."""
    return orjson.dumps(document(), option=orjson.OPT_INDENT_2).decode() + "\n"


def parts() -> set[str]:
    """Return the numbers of the parts that have URLs."""
    return {part_of(url.section) for url in EVERY_URL} | {part_of(section) for section, _ in login.URLS.values()}


def part_of(section: str) -> str:
    """Return the number of a section's part."""
    return section.partition(".")[0]


def described(rows: Sequence[Url], components: dict[ComponentName, Schema]) -> Schema:
    """Describe a URL by its rows."""
    printed = [example_of(row, rows) for row in rows]
    return {
        **headed(rows, printed),
        "security": SECURITY,
        "parameters": parameters_of(rows, printed),
        "requestBody": body_of(rows, printed),
        "responses": {"200": answers_of(rows, printed, components), **refusals()},
        **operated(rows, printed),
    }


def described_order(rows: Sequence[Url], _: dict[ComponentName, Schema]) -> Schema:
    """Describe a URL of document 000 by its rows."""
    printed = [example_of(row, rows) for row in rows]
    is_get = rows[0].method == "GET"
    return {
        **headed(rows, printed),
        "security": orders.security_of(rows[0]),
        "parameters": parameters_of(rows, printed) + (orders.query_of(rows, printed) if is_get else []),
        **({} if is_get else {"requestBody": body_of(rows, printed)}),
        "responses": {"200": orders.answers_of(printed), "default": orders.FAILURE},
        **operated(rows, printed),
    }


def headed(rows: Sequence[Url], printed: Sequence[Example | None]) -> Schema:
    """Describe what a URL is for."""
    first, sections = rows[0], dict.fromkeys(row.section for row in rows)
    titles = dict.fromkeys(example.title for example in printed if example)
    return {
        "operationId": operation_id(first),
        "summary": f"{'/'.join(sections)} {' / '.join(titles)}",
        "description": "\n\n".join(dict.fromkeys(graphql_block(row) for row in rows)),
        "tags": [FAMILIES[part_of(first.section)]],
        **({} if first.state is State.ACTIVE else {"deprecated": True, "x-state": first.state.value}),
    }


def parameters_of(rows: Sequence[Url], printed: Sequence[Example | None]) -> list[Schema]:
    """Describe the parameters in the path of a URL, and the header that a write may have."""
    is_written = any(is_mutation(row) for row in rows)
    header = [{"$ref": "#/components/parameters/IdempotencyKey"}] if is_written else []
    return [*path_parameters(rows[0], printed[0]), *header]


def operated(rows: Sequence[Url], printed: Sequence[Example | None]) -> Schema:
    """Give the operations of a URL."""
    return {"x-graphql": [graphql_of(row, example) for row, example in zip(rows, printed, strict=True)]}


def operation_id(url: Url) -> str:
    """Name a URL in the code that generators of clients write; its method tells URLs of document 000 apart."""
    name = named_by(url.full_path)
    return f"{url.method.lower()}_{name}" if isinstance(url, OrderUrl) else name


def named_by(path: str) -> str:
    """Write a path as a name."""
    return path.lstrip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_")


def is_mutation(url: Url) -> bool:
    """Return whether a row writes."""
    return url.operation is not None and OPERATIONS[url.operation].startswith("mutation")


def path_parameters(url: Url, example: Example | None) -> list[Schema]:
    """Describe the parameters in a path."""
    kinds, words = noted_of(url).kinds, example.members if example else {}
    schemas = {name: member_schema(kinds.get(name), words.get(name, "")) for name in names_in(url.path)}
    return [in_path(name, schema or {"type": "string"}) for name, schema in schemas.items()]


def in_path(name: str, schema: Schema) -> Schema:
    """Describe a parameter in a path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def body_of(rows: Sequence[Url], printed: Sequence[Example | None]) -> Schema:
    """Describe the body of a URL: that of one of its rows."""
    schemas = [schema_of(row, example.members if example else {}) for row, example in zip(rows, printed, strict=True)]
    bodies = [
        {"type": "array", "items": schema["properties"][LIST].get("items", {})}
        if LIST in schema["properties"]
        else schema
        for schema in schemas
    ]
    content: Schema = {"schema": bodies[0] if len(bodies) == 1 else {"anyOf": bodies}}
    named = {
        f"{row.section} {row.operation} {number}": {"value": request["body"]}
        for row, example in zip(rows, printed, strict=True)
        if example
        for number, request in enumerate(example.requests, 1)
        if request.get("body")
    }
    return {"content": {"application/json": {**content, **({"examples": named} if named else {})}}}


def answers_of(
    rows: Sequence[Url], printed: Sequence[Example | None], components: dict[ComponentName, Schema]
) -> Schema:
    """Describe what a URL answers with status 200: success, or a business error."""
    schemas = [success_of(row, components) for row in rows] + [question_of(row) for row in rows if row.asks]
    named = {
        f"{row.section} {row.operation}": {"value": example.answer}
        for row, example in zip(rows, printed, strict=True)
        if example and example.answer
    }
    unique = list({orjson.dumps(schema): schema for schema in schemas}.values())
    content = {"schema": {"anyOf": [*unique, REFUSED]}, **({"examples": named} if named else {})}
    return {"description": ANSWERED, "content": {"application/json": content}}


def refusals() -> dict[str, Schema]:
    """Refer to the failures of each other status."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in failures()}


def graphql_block(url: Url) -> str:
    """Return the operation of a row as a block of Markdown."""
    return f"{url.section} 对应的 GraphQL 操作：\n```graphql\n{text_of(url.operation)}\n```"


def graphql_of(url: Url, example: Example | None) -> Schema:
    """Give the operation of a row as a client sends it to /graphql, with variables of the documents' example."""
    path = url.full_path
    return {
        "section": url.section,
        "operationName": url.operation,
        "query": text_of(url.operation),
        "variables": variables_of(url, example, path),
    }


def described_login(path: str, section: str) -> Schema:
    """Describe a URL that the authorization server answers."""
    (example,) = (each for each in examples() if each.section == section)
    members = {name: {"type": "string", "description": words} for name, words in example.members.items()}
    names = names_in(path)
    in_query = [name for name in IN_QUERY if name in members and name not in names]
    body = {name: schema for name, schema in members.items() if name not in (*names, *in_query)}
    wanted, printed = {"type": "object", "properties": body}, given_of(example, example.requests[0])
    return {
        "operationId": named_by(path),
        "summary": f"{section} {example.title}",
        "tags": [FAMILIES[part_of(section)]],
        "security": SECURITY if names else [],
        "parameters": [
            *(in_path(name, members[name]) for name in names),
            *({"name": name, "in": "query", "schema": members[name]} for name in in_query),
        ],
        **({"requestBody": {"required": True, **json_of(wanted, printed)}} if body else {}),
        "responses": {"200": {"description": ANSWERED, **json_of(ENVELOPE, example.answer)}, **refusals()},
    }


def json_of(schema: Schema, example: Any) -> Schema:
    """Describe JSON, with an example."""
    return {"content": {"application/json": {"schema": schema, **({"example": example} if example else {})}}}


ENVELOPE: Schema = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "result": {"type": ["object", "null"]}},
    "required": ["code", "message"],
}

IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "同一个键重复发送，只执行一次，并返回第一次的结果",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}

SCHEMES: Schema = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "2.1 返回的 access_token"},
    "tokenInfo": {
        "type": "apiKey",
        "in": "header",
        "name": "tokenInfo",
        "description": "2.1 返回的 tokenInfo，URL 编码的 JSON；须与令牌一致，可不传",
    },
}
