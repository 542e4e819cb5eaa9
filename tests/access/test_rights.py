"""Changes of rights count at once in the process that makes them, and within a second in every other one."""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from app.access.callers import DEAF_SECONDS
from app.access.memory import Memory
from app.db.embedded import EmbeddedServer
from app.db.rights import NAME
from app.metrics.registry import REGISTRY
from app.settings import Settings
from tests.clients.login import LoginClient, open_login
from tests.clients.waiting import SOON, within
from tests.databases import execute, execute_in

LISTENING = f"select pid from pg_stat_activity where datname = current_database() and application_name = '{NAME}'"


def listeners() -> float:
    return REGISTRY.get_sample_value("cadastre_rights_listening") or 0.0


def name_of(login: LoginClient, token: str) -> object:
    return (login.who(token).json().get("data") or {}).get("me")


def test_a_disabled_account_counts_within_a_moment_in_another_process(settings: Settings) -> None:
    with open_login(settings) as login, open_login(settings) as other:
        token = login.log_in("yanggc4")["access_token"]
        assert name_of(login, token)
        assert name_of(other, token)
        login.sql("update admin set is_enabled = false where account = 'yanggc4'")
        assert within(SOON, lambda: login.who(token).status_code == 401)
        assert within(SOON, lambda: other.who(token).status_code == 401)


def test_a_log_out_counts_in_another_process(settings: Settings) -> None:
    with open_login(settings) as login, open_login(settings) as other:
        tokens, kept = login.log_in("yanggc4"), login.log_in("yanggc4")["access_token"]
        token = tokens["access_token"]
        assert name_of(other, token)
        assert name_of(other, kept)
        login.post("/oauth/revoke", {"token": tokens["refresh_token"], "client_id": "h5-client"})
        assert within(SOON, lambda: other.who(token).status_code == 401)
        assert other.who(kept).status_code == 200


def listening(url: str) -> list[tuple[int]]:
    """Return the process numbers of the connections that listen."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(LISTENING).fetchall()


def disable(server: EmbeddedServer, url: str) -> None:
    """Disable an account, as a superuser of the database."""
    name = str(conninfo_to_dict(url)["dbname"])
    execute_in(server.url_of(name, "postgres"), "update admin set is_enabled = false where account = 'yanggc4'")


def test_a_listener_that_is_killed_listens_again(server: EmbeddedServer, login: LoginClient) -> None:
    token = login.log_in("yanggc4")["access_token"]
    assert name_of(login, token)
    (first,) = listening(login.url)
    execute(server, f"select pg_terminate_backend({first[0]})")
    assert within(SOON, lambda: listening(login.url) not in ([], [first]))
    disable(server, login.url)
    assert within(SOON, lambda: login.who(token).status_code == 401)


def test_what_changed_while_nothing_was_heard_counts_when_it_is_heard_again(
    server: EmbeddedServer, login: LoginClient
) -> None:
    token = login.log_in("yanggc4")["access_token"]
    name, ((first,),) = conninfo_to_dict(login.url)["dbname"], listening(login.url)
    execute(server, f"alter database {name} connection limit 0")
    execute(server, f"select pg_terminate_backend({first})")
    assert within(SOON, lambda: listeners() == 0)
    assert name_of(login, token)
    disable(server, login.url)
    assert login.who(token).status_code == 200
    execute(server, f"alter database {name} connection limit -1")
    assert within(2 * SOON, lambda: login.who(token).status_code == 401)
    assert within(SOON, lambda: listeners() == 1)


@pytest.fixture
def deaf(settings: Settings) -> Iterator[LoginClient]:
    """Give a program that hears no announcements."""
    nothing = "postgresql://nobody@127.0.0.1:1/nothing"
    with open_login(settings.model_copy(update={"listen_url": nothing})) as login:
        yield login


def test_without_a_listener_callers_are_remembered_for_five_seconds(deaf: LoginClient) -> None:
    token = deaf.log_in("yanggc4")["access_token"]
    assert (listening(deaf.url), deaf.client.get("/healthz").status_code) == ([], 200)
    assert "cadastre_rights_listening 0.0" in deaf.client.get("/metrics").text
    deaf.stop_time()
    assert name_of(deaf, token)
    deaf.sql("update admin set is_enabled = false where account = 'yanggc4'")
    deaf.pass_time(DEAF_SECONDS - 1)
    assert deaf.who(token).status_code == 200
    deaf.pass_time(1)
    assert deaf.who(token).status_code == 401


@pytest.mark.parametrize("ends", ["revoke", "reuse", "log-out"])
def test_a_log_in_that_ends_counts_in_the_process_that_ended_it_before_it_answers(deaf: LoginClient, ends: str) -> None:
    tokens, kept = deaf.log_in(), deaf.log_in()["access_token"]
    token, refresh = tokens["access_token"], tokens["refresh_token"]
    assert (name_of(deaf, token), name_of(deaf, kept)) != (None, None)
    if ends == "revoke":
        deaf.post("/oauth/revoke", {"token": refresh, "client_id": "h5-client"})
    elif ends == "reuse":
        deaf.refresh(refresh)
        deaf.refresh(refresh)
    else:
        deaf.client.post("/v1/iot/main/user/logout/1", headers={"authorization": f"Bearer {token}"})
    assert deaf.who(token).status_code == 401
    assert deaf.who(kept).status_code == 200


SET = """mutation ($id: ID!) { setPassword(input: {id: $id, password: "another long password 1"}) {
  admin { id } errors { message } } }"""


def test_a_new_password_counts_in_the_process_that_set_it_before_it_answers(deaf: LoginClient) -> None:
    token, root = deaf.log_in()["access_token"], deaf.log_in("supperadm")["access_token"]
    assert name_of(deaf, token)
    body = {"query": SET, "variables": {"id": "1"}}
    answer = deaf.client.post("/graphql", json=body, headers={"authorization": f"Bearer {root}"}).json()
    assert answer["data"]["setPassword"] == {"admin": {"id": "1"}, "errors": []}
    assert deaf.who(token).status_code == 401


MOVE = "mutation { moveOrg(input: {id: 9099, parentId: 8830}) { org { id } errors { message } } }"
ORGS = "{ orgs { totalCount } }"


@pytest.mark.parametrize(("account", "headers"), [("lisi", {}), ("yanggc4", {"cadastre-org": "9099"})])
def test_a_move_counts_in_the_process_that_wrote_before_it_answers(
    deaf: LoginClient, account: str, headers: dict[str, str]
) -> None:
    """The process hears no announcements, so that only the write itself can make it forget."""
    tokens = {name: deaf.log_in(name)["access_token"] for name in (account, "supperadm")}

    def post(name: str, query: str, **headers: str) -> object:
        headers["authorization"] = f"Bearer {tokens[name]}"
        return deaf.client.post("/graphql", json={"query": query}, headers=headers).json()["data"]

    before = post(account, ORGS, **headers)
    assert before != {"orgs": {"totalCount": 0}}
    assert post("supperadm", MOVE) == {"moveOrg": {"org": {"id": "9099"}, "errors": []}}
    assert post(account, ORGS, **headers) == before


def test_what_is_loaded_while_it_is_forgotten_is_not_remembered() -> None:
    async def work() -> list[int]:
        memory: Memory[str, int] = Memory(10, 30, time.monotonic)
        answered, number = asyncio.Event(), count(1)

        async def load(_: str) -> int:
            value = next(number)
            await answered.wait()
            return value

        forgets: list[Callable[[str], None]] = [
            lambda _: memory.forget_all(30),
            lambda key: memory.forget_where(key.__eq__),
        ]
        values = []
        for forget in forgets:
            answered.clear()
            loading = asyncio.create_task(memory.get("a", load))
            await asyncio.sleep(0)
            forget("a")
            answered.set()
            values += [await loading, await memory.get("a", load), await memory.get("a", load)]
            memory.forget_all(30)
        return values

    assert asyncio.run(work()) == [1, 2, 2, 3, 4, 4]
