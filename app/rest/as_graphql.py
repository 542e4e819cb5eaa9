"""As GraphQL: the operation and the variables of a legacy URL, as a client can send them to /graphql."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from graphql import ArgumentNode, IntValueNode, parse, print_ast
from graphql.language import Visitor, visit
from starlette.routing import compile_path

from app.errors import RequestError
from app.rest import login
from app.rest.every_url import EVERY_URL
from app.rest.examples import Example, example_of, given_of, members_of_path
from app.rest.operations import OPERATIONS
from app.rest.url import PREFIX, Url, Variables, by_literals

PAGE_OF_CLIENTS = 100
"""Rows that a client asks a connection for at most (`CADASTRE_MAX_PAGE`); documents of the program have no limit."""


class AsGraphql(NamedTuple):
    """A row of the table with the operation that it runs, and variables by which it runs."""

    url: Url
    example: Example | None
    text: str
    variables: Variables


def rows_at(path: str) -> Sequence[Url]:
    """Return the rows of a URL, which is a path of the table or one with values in it; none for another path."""
    wanted = path if path.startswith("/") else PREFIX + path
    templates = sorted({url.full_path for url in EVERY_URL}, key=by_literals)
    found = next((each for each in templates if compile_path(each)[0].match(wanted)), None)
    return [url for url in EVERY_URL if url.full_path == found]


def rows_as_graphql(path: str) -> Iterator[AsGraphql]:
    """Return the rows of a URL with their operations."""
    rows = rows_at(path)
    for url in rows:
        example = example_of(url, rows)
        yield AsGraphql(url, example, text_of(url.operation), variables_of(url, example, path))


CONSTANT = "# The answer is constant: no operation is needed.\n{ __typename }"


def text_of(operation: str | None) -> str:
    """Return the text of an operation, or of a query for nothing, with the largest pages that clients may ask for."""
    if operation is None:
        return CONSTANT
    return print_ast(visit(parse(OPERATIONS[operation]), _Pages()))


def variables_of(url: Url, example: Example | None, path: str) -> Variables:
    """Return the variables of a printed request, with the values of a path; empty ones where it misses some.

    It is the first request that the row accepts.
    """
    all_printed = [given_of(example, request) for request in example.requests] if example else []
    printed = next((each for each in all_printed if url.when(each)), next(iter(all_printed), {}))
    values = {name: value for name, value in members_of_path(url.full_path, path).items() if not value.startswith("{")}
    try:
        return url.variables({**printed, **values})
    except RequestError:
        return {}


def login_operations() -> dict[str, list[str]]:
    """Return the names of the operations that answer log-ins, by path."""
    return {"/v1/user/authen": [*login.BY_CLIENT.values(), login.OF_OTHER_CLIENTS]}


class _Pages(Visitor):
    """Lowers sizes of pages to what clients may ask for."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        value = node.value
        if node.name.value != "first" or not isinstance(value, IntValueNode):
            return None
        return ArgumentNode(name=node.name, value=IntValueNode(value=str(min(int(value.value), PAGE_OF_CLIENTS))))
