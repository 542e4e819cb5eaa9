"""Every error code of the APIs, in one table: HTTP status, OAuth and legacy codes, messages, headers."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]


class Message(NamedTuple):
    """A message in every language; both texts have the same `{placeholders}`."""

    en: str
    zh: str

    def text(self, language: Language, values: Mapping[str, object]) -> str:
        """Return the message in a language, with values for its placeholders."""
        return (self.zh if language == "zh" else self.en).format(**values)


class ErrorKind(NamedTuple):
    """What each API answers to one kind of error."""

    status: int
    """HTTP status."""
    oauth: str
    """`error` of the OAuth endpoints (RFC 6749, 4.1.2.1 and 5.2; RFC 6750, 3.1)."""
    legacy: str
    """`code` of the legacy envelope."""
    message: Message
    headers: Mapping[str, str] = {}
    is_transport: bool = False
    """The HTTP request failed. GraphQL answers all other errors with 200 when the answer is `application/json`."""

    @property
    def legacy_status(self) -> int:
        """HTTP status at the legacy URLs, where errors of code 1 are answered with 200 (document 003, 7.7 and 8.4)."""
        return 200 if self.legacy == BUSINESS else self.status


BUSINESS = "1"
"""Legacy code of a request that is well formed, but refused by a rule of the register."""

INVALID = "invalid_request"


def _transport(status: int, oauth: str, en: str, zh: str, *, legacy: str = "", **headers: str) -> ErrorKind:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ErrorKind(status, oauth, legacy or str(status), Message(en, zh), named, is_transport=True)


def _graphql(en: str, zh: str) -> ErrorKind:
    return ErrorKind(400, INVALID, "400", Message(en, zh))


def _limit(en: str, zh: str) -> ErrorKind:
    return _graphql(f"{en}: found {{found}}, allowed {{allowed}}", f"{zh}：{{found}}，上限 {{allowed}}")


ERRORS: Mapping[str, ErrorKind] = {
    # The HTTP request
    "BAD_REQUEST": _transport(400, INVALID, "the request cannot be read", "请求无法解析"),
    "UNAUTHENTICATED": _transport(
        401, "invalid_token", "the access token is missing or not valid", "token无效或已过期",
        www_authenticate='Bearer realm="cadastre"',
    ),
    "PAGE_REFUSED": _transport(
        403, "access_denied",
        "pages of this origin may not call the program from a browser, or not with this method: allow the origin with "
        "CADASTRE_CORS_ORIGINS or as a redirect URI of a public client",
        "该来源的网页不可调用，或不可使用此方法；请在 CADASTRE_CORS_ORIGINS 中登记该来源，或作为公开客户端的回调地址",
    ),
    "URL_NOT_FOUND": _transport(
        404, INVALID, "there is nothing at this URL; GraphQL is at /graphql", "该地址不存在，GraphQL 地址为 /graphql"
    ),
    "METHOD_NOT_ALLOWED": _transport(
        405, INVALID, "the methods of this URL are {allowed}", "该地址支持的方法：{allowed}"
    ),
    "NOT_ACCEPTABLE": _transport(406, INVALID, "this URL answers with {offered}", "该地址的响应类型为 {offered}"),
    "PAYLOAD_TOO_LARGE": _transport(
        413, INVALID, "the body is larger than {limit} bytes", "请求体超过 {limit} 字节",
        legacy="400", connection="close",
    ),
    "SENT_TOO_SLOWLY": _transport(
        408, INVALID, "the request was not sent in time", "请求发送超时", legacy="400", connection="close"
    ),
    "URL_TOO_LONG": _transport(
        414, INVALID, "the URL and the headers have more than {limit} bytes", "请求地址与请求头超过 {limit} 字节",
        legacy="400", connection="close",
    ),
    "HEAD_TOO_LARGE": _transport(
        431, INVALID, "the headers have more than {limit} bytes", "请求头超过 {limit} 字节",
        legacy="400", connection="close",
    ),
    "UNSUPPORTED_MEDIA_TYPE": _transport(
        415, INVALID, "the body must be {expected}", "请求体类型应为 {expected}", legacy="400"
    ),
    "IDEMPOTENCY_KEY_INVALID": _transport(
        400, INVALID, "the header Idempotency-Key must be 1 to 255 printable ASCII characters",
        "请求头 Idempotency-Key 应为 1 至 255 个可打印 ASCII 字符",
    ),
    "IDEMPOTENCY_KEY_RUNNING": _transport(
        409, INVALID, "the request with this Idempotency-Key still runs; send it again in a second",
        "使用该 Idempotency-Key 的请求仍在处理中，请稍后重试", legacy="400", retry_after="1",
    ),
    "IDEMPOTENCY_KEY_REUSED": _transport(
        422, INVALID, "this Idempotency-Key was sent with another request; a new request needs a new key",
        "该 Idempotency-Key 已用于其他请求，新请求须使用新的键", legacy="400",
    ),
    "INTERNAL": _transport(500, "server_error", "internal error {error_id}", "系统内部错误 {error_id}"),
    "UNAVAILABLE": _transport(
        503, "temporarily_unavailable", "the register's database cannot be reached; try again in a few seconds",
        "服务暂不可用，请稍后再试", retry_after="2",
    ),
    "TOO_MANY_CONNECTIONS": _transport(
        503, "temporarily_unavailable", "there are too many connections; try again in a few seconds",
        "连接数过多，请稍后重试", retry_after="2", connection="close",
    ),
    "TOO_MANY_REQUESTS": _transport(
        429, "temporarily_unavailable", "too many requests of this caller wait; try again in a few seconds",
        "该调用方等待中的请求过多，请稍后重试", legacy="503", retry_after="2",
    ),
    "TOO_MANY_SUBSCRIPTIONS": _transport(
        429, "temporarily_unavailable", "this caller has as many subscriptions as it may have: {limit}",
        "该调用方的订阅数已达上限 {limit}", legacy="503", retry_after="2",
    ),
    "TOO_MANY_LOGINS": _transport(
        503, "temporarily_unavailable", "too many log-ins wait; try again in a few seconds", "登录请求过多，请稍后重试",
        retry_after="3",
    ),
    "NOT_MIGRATED": _transport(
        503, "temporarily_unavailable", "the database is not at the newest migration; run `cadastre migrate`",
        "数据库不是最新版本，请运行 `cadastre migrate`", retry_after="2",
    ),
    "ENDING": _transport(
        503, "temporarily_unavailable", "the program is about to end; another one answers", "服务即将停止",
        retry_after="2",
    ),
    # What the request asks for
    "INVALID_INPUT": ErrorKind(400, INVALID, BUSINESS, Message("a value is not valid", "输入的值不正确")),
    "FORBIDDEN": ErrorKind(
        403, "insufficient_scope", "403",
        Message(
            "the request needs the capability {capability}, which the caller does not have here",
            "此操作需要权限 {capability}，您在此处没有该权限",
        ),
    ),
    "NOT_FOUND": ErrorKind(
        404, INVALID, BUSINESS,
        Message("the record {id} does not exist, or you may not see it", "记录 {id} 不存在或不可见"),
    ),
    "CONFLICT": ErrorKind(
        409, INVALID, BUSINESS,
        Message(
            "the record has changed; its version is now {current_version}: read it again and repeat the change",
            "记录已被修改，当前版本为 {current_version}，请重新读取后再操作",
        ),
    ),
    "IN_USE": ErrorKind(
        409, INVALID, BUSINESS,
        Message("the record is still in use and cannot be deleted", "该记录正在使用，不能删除"),
    ),
    "VERIFIED_BY_OTHER": ErrorKind(
        409, INVALID, BUSINESS,
        Message(
            "the property is verified by the customer {name} with the phone number {phone}: with moveOutOther that "
            "customer is moved out",
            "当前产权已被客户{name}的{phone}认证,请确认是否继续,继续将迁出该手机号",
        ),
    ),
    "TENURE_DIFFERS": ErrorKind(
        409, INVALID, BUSINESS,
        Message("the customer is something else to the property", "当前产权的客户类型与认证客户类型不一致"),
    ),
    "TIMEOUT": ErrorKind(
        503, "temporarily_unavailable", "503", Message("the request took too long", "请求超时"),
        {"retry-after": "2"},
    ),
    # Logging in
    "LOGIN_FAILED": ErrorKind(
        400, "invalid_grant", BUSINESS,
        Message(
            "wrong account or password, or too many failures; try again later",
            "账号或密码错误，或失败次数过多，请稍后再试",
        ),
    ),
    "PAGE_EXPIRED": ErrorKind(
        403, "access_denied", "403", Message("the page has expired; try again", "页面已过期，请重试")
    ),
    "PERSON_TOKEN_INVALID": ErrorKind(
        403, "access_denied", "403",
        Message("the header token is not valid, or no longer", "token无效或已过期"),
    ),
    "PERSON_UNKNOWN": ErrorKind(
        403, "access_denied", "403",
        Message("no owner or member of staff has this name and phone number", "姓名与电话不匹配"),
    ),
    "TOO_MANY_TRIES": ErrorKind(
        429, "temporarily_unavailable", "429",
        Message("too many tries; try again in an hour", "尝试次数过多，请一小时后重试"), {"retry-after": "3600"},
    ),
    "TOKEN_INFO_MISMATCH": ErrorKind(
        403, "access_denied", "403",
        Message("the header tokenInfo names another account than the access token", "tokenInfo与token不一致"),
    ),
    # The GraphQL document
    "GRAPHQL_PARSE_FAILED": _graphql("the document is not valid GraphQL", "查询不符合 GraphQL 语法"),
    "GRAPHQL_VALIDATION_FAILED": _graphql("the document does not match the schema", "查询不符合 schema"),
    "PERSISTED_QUERY_NOT_FOUND": _graphql("PersistedQueryNotFound", "PersistedQueryNotFound"),
    "PERSISTED_QUERY_NOT_SUPPORTED": _graphql("PersistedQueryNotSupported", "PersistedQueryNotSupported"),
    "DOCUMENT_NOT_TRUSTED": _graphql("only stored documents are run here", "此处只执行已登记的查询"),
    "INTROSPECTION_REFUSED": _graphql("introspection is switched off here", "此处不支持 schema 自省"),
    # Limits of a document and of its answer
    "DOCUMENT_TOO_LONG": _limit("characters of the document", "查询字符数"),
    "TOKEN_LIMIT_EXCEEDED": _limit("tokens of the document", "查询词法单元数"),
    "SPREAD_LIMIT_EXCEEDED": _limit("spreads and inline fragments", "片段引用与内联片段数"),
    "VARIABLE_LIMIT_EXCEEDED": _limit("declarations and uses of variables", "变量的声明与使用次数"),
    "FRAGMENT_LIMIT_EXCEEDED": _limit("fragments", "片段数"),
    "ROOT_LIMIT_EXCEEDED": _limit("fields at the root", "根字段数"),
    "DEPTH_LIMIT_EXCEEDED": _limit("nesting of fields", "字段嵌套层数"),
    "FIELD_LIMIT_EXCEEDED": _limit("fields with fragments expanded", "展开片段后的字段数"),
    "ALIAS_LIMIT_EXCEEDED": _limit("aliases", "别名数"),
    "DIRECTIVE_LIMIT_EXCEEDED": _limit("directives", "指令数"),
    "DUPLICATE_LIMIT_EXCEEDED": _limit("repetitions of a field", "同一字段的重复次数"),
    "LIST_TOO_LONG": _limit("items of a list", "列表项数"),
    "VALUE_TOO_DEEP": _limit("nesting of a value", "值的嵌套层数"),
    "VALUE_LIMIT_EXCEEDED": _limit("values of arguments and variables", "参数与变量中的值的个数"),
    "SEARCH_LIMIT_EXCEEDED": _limit("edges in filters", "筛选条件中的关联个数"),
    "CONDITION_LIMIT_EXCEEDED": _limit("conditions in filters", "筛选条件数"),
    "PAGE_TOO_LARGE": _limit("rows of a page", "每页行数"),
    "OFFSET_TOO_LARGE": _limit("rows before a page (`offset`)", "分页跳过的行数（`offset`）"),
    "COST_LIMIT_EXCEEDED": _limit("estimated cost", "预估开销"),
    "GROUP_LIMIT_EXCEEDED": _limit("groups of a list", "列表的分组数"),
    "NODE_LIMIT_EXCEEDED": _limit("rows of the answer", "结果行数"),
    "ANSWER_VALUES_EXCEEDED": _limit("values of the answer", "结果中的值的个数"),
    "ANSWER_TOO_LARGE": _limit("bytes of the answer", "结果字节数"),
    "EXPORT_TOO_LARGE": _graphql(
        "rows of the file: found {found}, allowed {allowed}; narrow the filter, or export parts of the list",
        "导出行数：{found}，上限 {allowed}；请缩小筛选范围，或分批导出",
    ),
}  # fmt: skip
"""Every code, with what each API answers. `scripts/errors` prints docs/errors.md from it."""
