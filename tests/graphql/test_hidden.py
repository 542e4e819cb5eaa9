"""What a caller may not see changes no byte of an answer: cursors, the organisation to work in, and log-ins.

The same requests are sent to two worlds: to the demo world, and to one that holds only what the caller
may see. Both must answer alike: then nothing in an answer tells of what is hidden. What else may be asked, the matrix
asks in the same way (test_scope.py).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import psycopg
import pytest
from strawberry.utils.str_converters import to_camel_case

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from app.graphql.schema import NOUNS
from app.loaders.cursor import write_cursor
from app.loaders.filtering import FILTERABLE
from app.loaders.order import Order
from app.models import Entity
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute
from tests.worlds.visibility import Seen, World, scope_of, seen_by, world_of

PLURALS = {model: to_camel_case(plural) for model, (_, _, plural) in NOUNS.items()}
SINGULARS = {model: to_camel_case(singular) for model, (_, singular, _) in NOUNS.items()}
UNKNOWN = "999999999"
AT_A_TIME = 20
"""Pages that one request asks for."""


class Asked(NamedTuple):
    """A request: a document, its variables and the organisation that the caller works in."""

    query: str
    variables: dict[str, Any]
    org: str | None = None


class Hidden(NamedTuple):
    """The rows that a caller may not see, by table."""

    rows: dict[str, list[dict[str, Any]]]

    def ids(self, table: str) -> list[str]:
        """Give their ids, and one that no row has."""
        return [str(row["id"]) for row in self.rows[table]] + [UNKNOWN]


def hidden_from(world: World, seen: Seen) -> Hidden:
    rows = {
        table: [dict(row) for id_, row in there.items() if id_ not in seen[table]] for table, there in world.items()
    }
    return Hidden(rows)


PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
TYPES = {"after": "String", "before": "String", "first": "Int", "last": "Int"}


def pages_of(model: type[Entity], wanted: list[dict[str, Any]]) -> Iterator[Asked]:
    """Ask for a list with different arguments, so many at a time, with everything that a page tells of itself."""
    types = {"filter": f"{model.__name__}Filter", "orderBy": f"[{model.__name__}Order!]", **TYPES}
    for start in range(0, len(wanted), AT_A_TIME):
        pages, declared = [], []
        variables: dict[str, Any] = {}
        for number, given in enumerate(wanted[start : start + AT_A_TIME]):
            declared += [f"${name}{number}: {types[name]}" for name in given]
            variables |= {f"{name}{number}": value for name, value in given.items()}
            names = ", ".join(f"{name}: ${name}{number}" for name in given)
            pages.append(f"p{number}: {PLURALS[model]}({names}) {{ {PAGE} edges {{ cursor node {{ id }} }} }}")
        yield Asked(f"query ({', '.join(declared)}) {{ {' '.join(pages)} }}", variables)


def cursors(hidden: Hidden) -> Iterator[Asked]:
    """Start pages at cursors of hidden rows, in every order, another row for each."""
    for model in NOUNS:
        wanted: list[dict[str, Any]] = []
        # the caller logs in to each world at another time
        orders = {name: column for name, column in FILTERABLE[model].orders.items() if name != "LAST_LOGIN_AT"}
        for number, (name, column) in enumerate(orders.items()):
            for row in hidden.rows[model.__tablename__][number : number + 1]:
                order = Order.by(column, descending=bool(row["id"] % 2))
                cursor = write_cursor(order, tuple(row[key.key] for key in order.columns_of(model)))
                by = {"orderBy": {"field": name, "direction": "DESC" if order.terms[0].descending else "ASC"}}
                wanted += [{**by, side: cursor, size: 3} for side in ("after", "before") for size in ("first", "last")]
        yield from pages_of(model, wanted)


def organisations(hidden: Hidden) -> Iterator[Asked]:
    yield from (Asked("{ orgs { totalCount } }", {}, org) for org in hidden.ids("org"))


WAYS: list[Callable[[Hidden], Iterator[Asked]]] = [cursors, organisations]


class Worlds(NamedTuple):
    """The demo world, and the one without what is hidden from the caller; how the caller asks each."""

    hidden: Hidden
    apis: tuple[tuple[Api, str], tuple[Api, str]]
    account: str

    def answers(self, asked: Asked) -> list[tuple[int, bytes]]:
        """Ask both worlds."""
        body = {"query": asked.query, "variables": asked.variables}
        found = []
        for api, bearer in self.apis:
            headers = {"authorization": bearer} | ({} if asked.org is None else {"cadastre-org": asked.org})
            answer = api.client.post("/graphql", json=body, headers=headers)
            found.append((answer.status_code, answer.content))
        return found


def forget(url: str, seen: Seen) -> None:
    """Delete all rows but some, without a look at foreign keys."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for table, ids in seen.items():
            connection.execute(f"delete from {table} where id <> all(%s)", [list(ids)])


@pytest.fixture(scope="module", params=["yanggc4", "zhangx"])
def account(request: pytest.FixtureRequest) -> str:
    """Name the administrators of two tenants."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def urls(server: EmbeddedServer, demo_template: str, demo_url: str, account: str) -> Iterator[tuple[str, str]]:
    """Give the URLs of both worlds."""
    name = f"hidden_{account}_{os.getpid()}"
    url = copy_of(server, demo_template, name)
    world = world_of(demo_url)
    forget(server.url_of(name, "postgres"), seen_by(world, scope_of(world, account)))
    yield demo_url, url
    execute(server, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def worlds(urls: tuple[str, str], account: str) -> Iterator[Worlds]:
    """Open both worlds."""
    world = world_of(urls[0])
    hidden = hidden_from(world, seen_by(world, scope_of(world, account)))
    with ExitStack() as stack:
        opened = [stack.enter_context(open_api(url, max_cost=10**9, max_values=10**6)) for url in urls]
        one, other = ((api, api.bearer(account)) for api in opened)
        yield Worlds(hidden, (one, other), account)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_is_hidden_changes_no_byte_of_an_answer(worlds: Worlds, way: Callable[[Hidden], Iterator[Asked]]) -> None:
    asked = list(way(worlds.hidden))
    assert asked
    for each in asked:
        full, rest = worlds.answers(each)
        assert full == rest, each
        assert b"errorId" not in full[1], each


@pytest.mark.parametrize("client", ["h5-client", "app-client", "ioc-client"])
def test_what_is_hidden_changes_nothing_of_what_a_log_in_shows(worlds: Worlds, client: str) -> None:
    body = {"job_number": worlds.account, "pwd": PASSWORD, "client_id": client, "grant_type": "password"}
    answers = [api.client.post("/v1/user/authen?appId=1", json=body).json() for api, _ in worlds.apis]
    for answer in answers:
        del answer["result"]["token"]
    assert answers[0] == answers[1]
