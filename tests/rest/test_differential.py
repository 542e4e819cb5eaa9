"""A legacy URL and its operation sent to /graphql show the same caller the same records, and refuse alike."""

from collections.abc import Iterator
from random import Random
from typing import Any

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.errors import RequestError
from app.rest.operations import OPERATIONS
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy
from tests.databases import copied
from tests.rest.goldens import Golden, given_to, goldens

READS = [golden for golden in goldens() if golden.is_read and golden.url.operation is not None]
KNOWN = ["supperadm", "yanggc4", "zhangx", "lisi"]
"""The super administrator, two administrators of other tenants, and a member of staff."""

DRAWN = [f"drawn{number}" for number in range(6)]
"""Callers who hold roles that are drawn at random, the built-in one included, in organisations of any tenant."""

SEED = 20210101

UNLIMITED = {"max_aliases": 10**4, "max_page": 10**7, "max_cost": 10**12, "max_nodes": 10**7}
"""What documents of the program may ask for, so that clients may send them."""

SUCCESS, REFUSED, WRONG = "200", "403", "1"

REFUSED_EARLIER = {"9.1-adminGroupRel-query-page.json", "9.3-adminGroupRel-available-admins.json"}
"""URLs that look for parts of personal data in the list of one record. GraphQL does not come to the filter where the
record is not visible, and answers null; a legacy URL refuses the filter in any case."""


@pytest.fixture(scope="module")
def world(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Api]:
    """Give a demo world that is only read."""
    with copied(server, demo_template, worker_id) as url:
        draw_callers(url)
        with open_api(url, require_login=True, **UNLIMITED) as api:
            yield api


def draw_callers(url: str) -> None:
    """Add the drawn callers: each works for an administrative organisation, and holds none to three roles."""
    draw = Random(SEED)  # noqa: S311 - the same callers in every run
    with psycopg.connect(url) as connection:
        departments = connection.execute("select id from org where type = 'ADMINISTRATIVE' order by id").fetchall()
        held = connection.execute("select org_id, role_id from org_role order by org_id, role_id").fetchall()
        for number, account in enumerate(DRAWN):
            ((id_,),) = connection.execute(ADMIN, (*draw.choice(departments), account, account)).fetchall()
            for org_id, role_id in draw.sample(held, number % 4):
                connection.execute(GRANT, (org_id, role_id, id_))


ADMIN = """
insert into admin (id, org_id, name, account, password_hash)
select nextval('register_id'), %s, %s, %s, password_hash from admin where account = 'yanggc4' returning id
"""
GRANT = "insert into admin_grant (id, org_id, role_id, admin_id) values (nextval('register_id'), %s, %s, %s)"


def test_the_drawn_callers_see_different_parts_of_the_register(world: Api) -> None:
    counts = [world.post(COUNTS, authorization=world.bearer(account)).json()["data"] for account in DRAWN]
    assert len({str(each) for each in counts}) > len(DRAWN) / 2


COUNTS = "{ orgs { totalCount } spaces { totalCount } me { capabilities } }"


@pytest.mark.parametrize("account", [*KNOWN, *DRAWN])
def test_both_ways_show_a_caller_the_same(world: Api, account: str) -> None:
    legacy, bearer = Legacy(world, account), world.bearer(account)
    different = {}
    for golden in (each for each in READS if each.url.for_super in (None, account == "supperadm")):
        by_rest, by_graphql = through_rest(golden, legacy), through_graphql(golden, world, bearer)
        if by_rest[0] == REFUSED and golden.file.name in REFUSED_EARLIER:
            assert not by_graphql[1]
        elif by_rest != by_graphql:
            different[golden.file.name] = (by_rest, by_graphql)
    assert different == {}


def through_rest(golden: Golden, legacy: Legacy) -> tuple[str, set[str]]:
    """Give the code of an answer and the ids in it."""
    request = golden.request()
    body = legacy.send(request["path"], request["body"]).json()
    if isinstance(body, list):  # 7.9 answers without the envelope
        return SUCCESS, set(ids_in(body))
    return body["code"], set(ids_in(body)) if body["code"] == SUCCESS else set()


def through_graphql(golden: Golden, api: Api, bearer: str) -> tuple[str, set[str]]:
    """Give the code that the legacy URL should answer and the ids in GraphQL's answer."""
    url, given = golden.url, given_to(golden, golden.request())
    assert url.operation is not None
    if url.needs is not None and url.needs.replace(".", "_").upper() not in capabilities(api, bearer):
        return REFUSED, set()
    try:
        variables, working = url.variables(given), url.works_in(given) if url.works_in else {}
    except RequestError:
        return WRONG, set()
    headers = {"authorization": bearer, **({"cadastre-org": working["org"]} if working else {})}
    sent = {"query": OPERATIONS[str(url.operation)], "variables": variables, "operationName": url.operation}
    body = api.client.post("/graphql", json=sent, headers=headers).json()
    if "errors" in body:
        return REFUSED if body["errors"][0]["extensions"]["code"] == "FORBIDDEN" else WRONG, set()
    try:
        return SUCCESS, set(ids_in(url.answer(lenient(body["data"]), variables)))
    except RequestError:
        return WRONG, set()


def capabilities(api: Api, bearer: str) -> list[str]:
    """Give what a caller may do."""
    held: list[str] = api.post("{ me { capabilities } }", authorization=bearer).json()["data"]["me"]["capabilities"]
    return held


class Lenient(dict[str, Any]):
    """A record that has every member: GraphQL's answers have no layout."""

    def __missing__(self, name: str) -> None:
        """Give null for a member that the operation does not select."""


def lenient(value: Any) -> Any:
    """Give every record all members."""
    if isinstance(value, dict):
        return Lenient({name: lenient(each) for name, each in value.items()})
    return [lenient(each) for each in value] if isinstance(value, list) else value


def ids_in(value: Any) -> Iterator[str]:
    """Give all ids of records in an answer."""
    if isinstance(value, dict):
        if value.get("id") is not None:
            yield str(value["id"])
        for each in value.values():
            yield from ids_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids_in(each)
