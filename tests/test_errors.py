"""The table of error codes: complete, in both languages, and nothing in it that no code raises."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from app.error_codes import ERRORS, Language, Message
from app.errors import (
    CadastreError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    LimitExceededError,
    MethodNotAllowedError,
    NotFoundError,
    OperatorError,
    RequestError,
    UnavailableError,
    UnexpectedError,
)
from tests.databases import ROOT

APP = ROOT / "app"
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
CHINESE = re.compile(r"[一-鿿]")
NAME = Message("the name {name} is too long", "名称 {name} 太长")


def modules() -> Iterator[tuple[str, Path]]:
    """List the program's modules."""
    for path in sorted(APP.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def subclasses(parent: type[CadastreError]) -> Iterator[type[CadastreError]]:
    """List a class and everything below it."""
    yield parent
    for child in parent.__subclasses__():
        yield from subclasses(child)


@pytest.fixture(scope="module")
def classes() -> list[type[CadastreError]]:
    """List the classes of the whole program."""
    for name, _ in modules():
        import_module(name)
    return [class_ for class_ in subclasses(CadastreError) if class_.__module__.startswith("app.")]


def codes_in(path: Path) -> set[str]:
    """List the codes that a module names: in calls, assignments and rows of tables."""
    strings: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call | ast.Assign | ast.Tuple):
            strings |= {c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return {string for string in strings if string in ERRORS}


def test_every_class_has_a_code_of_the_table(classes: list[type[CadastreError]]) -> None:
    for class_ in classes:
        if issubclass(class_, RequestError):
            assert class_.code in ERRORS, class_
        else:
            assert class_ is CadastreError or issubclass(class_, OperatorError), class_


def test_every_code_of_the_table_is_raised(classes: list[type[CadastreError]]) -> None:
    raised = {class_.code for class_ in classes if issubclass(class_, RequestError)}
    for _, path in modules():
        if path.name != "error_codes.py":
            raised |= codes_in(path)
    assert set(ERRORS) == raised


LIMIT_CODES = re.compile(r'"([A-Z]+(?:_[A-Z]+)*_(?:EXCEEDED|DEEP|LONG|LARGE))"')


def test_every_limit_has_a_code_of_the_table() -> None:
    named = {code for _, path in modules() for code in LIMIT_CODES.findall(path.read_text("utf-8"))}
    assert named <= set(ERRORS)


def placeholders(text: str) -> set[str]:
    """List the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def messages(classes: list[type[CadastreError]]) -> Iterator[Message]:
    """List the messages of the table, and those that modules raise in place of them."""
    assert classes
    yield from (kind.message for kind in ERRORS.values())
    for name, _ in modules():
        yield from (value for value in vars(import_module(name)).values() if isinstance(value, Message))


def test_both_languages_say_the_same_of_the_same_values(classes: list[type[CadastreError]]) -> None:
    for message in messages(classes):
        assert placeholders(message.en) == placeholders(message.zh), message
        assert message.en == message.zh or CHINESE.search(message.zh), message
        assert message.en.isascii(), message
        assert not set('"\\') & set(message.en), "OAuth allows neither in a description (RFC 6749, 5.2)"


@pytest.mark.parametrize("code", ERRORS)
def test_statuses_and_words_are_those_of_the_standards(code: str) -> None:
    kind = ERRORS[code]
    assert 400 <= kind.status < 600
    assert kind.oauth in {
        "invalid_request", "invalid_token", "insufficient_scope", "invalid_grant", "invalid_client",
        "unauthorized_client", "access_denied", "server_error", "temporarily_unavailable",
    }  # fmt: skip
    assert kind.legacy in {"1", "400", "401", "403", "404", "405", "406", "429", "500", "503"}
    assert kind.legacy_status == (200 if kind.legacy == "1" else kind.status)
    assert all(name == name.lower() for name in kind.headers)


SAMPLES: list[tuple[RequestError, Language, str]] = [
    (RequestError("the body is not JSON"), "en", "the body is not JSON"),
    (RequestError("the body is not JSON"), "zh", "请求无法解析"),
    (InvalidInputError(NAME, path=("name",), name="美"), "en", "the name 美 is too long"),
    (InvalidInputError(NAME, path=("name",), name="美"), "zh", "名称 美 太长"),
    (ConflictError(7), "en", ERRORS["CONFLICT"].message.en.replace("{current_version}", "7")),
    (ConflictError(7), "zh", "记录已被修改，当前版本为 7，请重新读取后再操作"),
    (NotFoundError(8829), "zh", "记录 8829 不存在或不可见"),
    (ForbiddenError("org.write"), "zh", "此操作需要权限 org.write，您在此处没有该权限"),
    (LimitExceededError("LIST_TOO_LONG", 101, 100), "en", "items of a list: found 101, allowed 100"),
    (LimitExceededError("LIST_TOO_LONG", 101, 100), "zh", "列表项数：101，上限 100"),
    (MethodNotAllowedError("POST"), "zh", "该地址支持的方法：POST"),
    (UnavailableError(OSError("secret")), "zh", "服务暂不可用，请稍后再试"),
    (UnexpectedError("ab12"), "en", "internal error ab12"),
    (InvalidInputError("{braces} stay"), "en", "{braces} stay"),
    (InvalidInputError(NAME, name="{name.__class__}"), "en", "the name {name.__class__} is too long"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "language", "text"), SAMPLES, ids=lambda value: str(value)[:30])
def test_an_error_says_it_in_the_language_that_is_asked_for(error: RequestError, language: Language, text: str) -> None:
    assert error.message_in(language) == text
    assert str(error) == error.message_in("en")


def test_a_program_finds_the_values_beside_the_code() -> None:
    assert ConflictError(7, path=("id",)).extensions == {"code": "CONFLICT", "currentVersion": 7}
    assert UnexpectedError("ab12").extensions == {"code": "INTERNAL", "errorId": "ab12"}
    assert LimitExceededError("LIST_TOO_LONG", 2, 1).extensions == {
        "code": "LIST_TOO_LONG",
        "found": 2,
        "allowed": 1,
    }
    assert ConflictError(7, path=("id",)).path == ("id",)
    assert InvalidInputError("x").path == ()


def test_headers_are_those_of_the_table_or_of_the_error() -> None:
    assert MethodNotAllowedError("GET, HEAD").headers == {"allow": "GET, HEAD"}
    assert UnavailableError(OSError()).headers == {"retry-after": "2"}
    assert InvalidInputError("x").headers == {}


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"── (\w+)", inspect.getdoc(import_module("app.errors")) or "")
    below = [class_.__name__ for class_ in subclasses(CadastreError) if class_.__module__ == "app.errors"]
    assert drawn == [
        "OperatorError",
        "RequestError",
        *sorted(set(below) - {"CadastreError", "OperatorError", "RequestError"}),
    ]
