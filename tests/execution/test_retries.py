"""Requests that are in each other's way: they run again, or are answered CONFLICT; nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from app.bulk.trees import differences
from app.db.embedded import EmbeddedServer
from app.execution.retries import PAUSES
from app.metrics.registry import REGISTRY
from app.services.integrity import CHANGED, MESSAGES
from app.services.tree import lock
from tests.clients.api import Api, open_api
from tests.clients.waiting import waiting
from tests.databases import execute, superuser_url
from tests.execution.test_mutate import BEFORE, FIRST, PERSONAL, SECOND, names, rename, run

RUNS = "create sequence runs; grant usage on sequence runs to cadastre_app"

ON_UPDATE = """
create function test_update() returns trigger language plpgsql security definer as $$
begin
  {body}
  return null;
end $$;
create {kind} trigger test_update after update on org {deferred} for each {level} execute function test_update()
"""
LAST_RUN = 1 + len(PAUSES)


def on_update(url: str, body: str, *, at_commit: bool = False) -> None:
    """Run PL/pgSQL in the database whenever an organisation is updated, and count the runs in a sequence."""
    kind, level, deferred = (
        ("constraint", "row", "deferrable initially deferred") if at_commit else ("", "statement", "")
    )
    with psycopg.connect(url) as connection:
        connection.execute(RUNS)
        connection.execute(ON_UPDATE.format(body=body, kind=kind, level=level, deferred=deferred).encode())
    with psycopg.connect(superuser_url(url)) as connection:  # who may end the connection of a request
        connection.execute("alter function test_update owner to postgres")


def fail(code: str, runs: int, more: str = "") -> str:
    """Write PL/pgSQL that fails with a SQLSTATE in the first runs."""
    return f"if nextval('runs') <= {runs} then raise exception using errcode = '{code}'{more}; end if;"


def runs_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        ((number,),) = connection.execute("select last_value from runs").fetchall()
    return int(number)


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_the_victim_of_a_deadlock_runs_again(server: EmbeddedServer, own_url: str) -> None:
    name = conninfo_to_dict(own_url)["dbname"]
    execute(server, f"alter database {name} set deadlock_timeout = '3s'")
    before = metric("cadastre_mutation_retries_total")
    late = "-c deadlock_timeout=1min"  # so that the request looks for a deadlock first
    with (
        open_api(own_url, require_login=True) as api,
        psycopg.connect(superuser_url(own_url), options=late) as other,
        ThreadPoolExecutor(1) as one,
    ):
        other.execute("select from org where id = 2 for update")
        answer = one.submit(run, api, rename(FIRST, "a"))
        with waiting(own_url):
            other.execute(lock("org"))
        other.commit()
    assert answer.result()["data"]["f0"] == {"org": {"name": "a"}, "errors": []}
    assert names(own_url) == ["a", BEFORE[1]]
    assert metric("cadastre_mutation_retries_total") == before + 1


CREATE = 'createOrg(input: {{name: "{name}", parentId: {parent}}}) {{ org {{ name }} errors {{ code }} }}'
PARENTS = ("8830", "8831")


def test_two_requests_that_deadlock_both_succeed(server: EmbeddedServer, own_url: str) -> None:
    """Each creates below two parents, in opposite orders, and holds the first one when it waits for the second one."""
    execute(server, f"alter database {conninfo_to_dict(own_url)['dbname']} set deadlock_timeout = '50ms'")
    before = metric("cadastre_mutation_retries_total")
    fields = [
        [CREATE.format(name=f"{number} {at}", parent=at) for at in PARENTS[::step]]
        for number, step in ((1, 1), (2, -1))
    ]
    with open_api(own_url, require_login=True) as api, psycopg.connect(own_url) as other, ThreadPoolExecutor(2) as both:
        other.execute("select from org where id in (8830, 8831) for update")
        answers = [both.submit(run, api, *each) for each in fields]
        with waiting(own_url, 2):
            other.commit()
    payloads = [payload for answer in answers for payload in answer.result()["data"].values()]
    assert [payload["errors"] for payload in payloads] == [[]] * 4
    assert metric("cadastre_mutation_retries_total") > before
    with psycopg.connect(own_url) as connection:
        created = connection.execute("select name from org where name ~ '^[12] 883[01]$'").fetchall()
        assert len(created) == len({name for (name,) in created}) == 4
        assert differences(connection, "org") == []


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
@pytest.mark.parametrize("at_commit", [False, True])
def test_nothing_of_a_failed_run_is_kept(own_api: Api, own_url: str, code: str, *, at_commit: bool) -> None:
    on_update(own_url, fail(code, LAST_RUN - 1), at_commit=at_commit)
    before = metric("cadastre_errors_total", code="CONFLICT")
    answer = run(own_api, rename(FIRST, "x", version=7), rename(SECOND, "c", PERSONAL))
    assert [payload.get("errors") for payload in answer["data"].values()] == [[{"code": "CONFLICT"}], None]
    assert "errors" not in answer
    assert names(own_url) == [BEFORE[0], "c"]
    assert metric("cadastre_errors_total", code="CONFLICT") == before + 1
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select count(*) from personal_read").fetchone() == (1,)
        assert connection.execute("select version from org where id = 8829").fetchone() == (2,)


def test_the_cost_is_that_of_the_last_run(own_api: Api, own_url: str) -> None:
    cost = run(own_api, rename(SECOND, "b", PERSONAL))["extensions"]["cost"]
    on_update(own_url, fail("40001", 2))
    assert run(own_api, rename(SECOND, "c", PERSONAL, version=2))["extensions"]["cost"] == cost


@pytest.mark.parametrize(
    ("language", "words"), [("en", "others changed the same records at the same time"), ("zh", "请重试")]
)
def test_after_three_retries_the_request_is_a_conflict(own_api: Api, own_url: str, language: str, words: str) -> None:
    on_update(own_url, fail("40001", LAST_RUN))
    query = f"mutation {{ a: {rename(FIRST, 'a')} b: {rename(SECOND, 'b')} }}"
    headers = {"authorization": own_api.bearer("supperadm"), "accept-language": language}
    headers["accept"] = "application/graphql-response+json"
    response = own_api.client.post("/graphql", json={"query": query}, headers=headers)
    answer = response.json()
    assert (response.status_code, runs_of(own_url), names(own_url)) == (409, LAST_RUN, BEFORE)
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "CONFLICT"}
    assert words in error["message"]


def test_the_deadline_ends_the_retries(own_url: str) -> None:
    on_update(own_url, f"perform pg_sleep(0.3); {fail('40001', LAST_RUN)}")
    with open_api(own_url, require_login=True, deadline=0.4) as api:
        answer = run(api, rename(FIRST, "a"))
    assert answer["errors"][0]["extensions"]["code"] in {"TIMEOUT", "UNAVAILABLE"}
    assert runs_of(own_url) < LAST_RUN
    assert names(own_url) == BEFORE


@pytest.mark.parametrize("at_commit", [False, True])
def test_a_lost_connection_is_never_retried(own_api: Api, own_url: str, *, at_commit: bool) -> None:
    on_update(own_url, "perform nextval('runs'); perform pg_terminate_backend(pg_backend_pid());", at_commit=at_commit)
    answer = run(own_api, rename(FIRST, "a"))
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert runs_of(own_url) == 1
    assert names(own_url) == BEFORE


def violation(answer: dict[str, Any]) -> dict[str, Any]:
    payload = answer["data"]["f0"]
    assert payload["org"] is None
    (error,) = payload["errors"]
    return dict(error)


FULL = "{ org { name } errors { code message path } }"


def test_a_value_that_was_taken_at_the_same_time_is_a_user_error(own_api: Api, own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("create unique index one_name on org (name) where id in (2, 8829)")
    answer = run(own_api, rename(FIRST, BEFORE[1], FULL), rename(SECOND, "c"))
    assert violation(answer) == {"code": "CONFLICT", "message": CHANGED.en, "path": ["input"]}
    assert names(own_url) == [BEFORE[0], "c"]


CREATE_ADMIN = """createAdmin(input: {orgId: "6419", name: "n", account: "taken"}) {
  admin { id } errors { code message path } }"""


def test_an_account_that_another_request_takes_meanwhile_is_a_user_error(own_api: Api, own_url: str) -> None:
    with psycopg.connect(own_url) as other, ThreadPoolExecutor(1) as one:
        other.execute("insert into admin (name, account) values ('n', 'taken')")
        answer = one.submit(run, own_api, CREATE_ADMIN, rename(SECOND, "c"))
        with waiting(own_url):
            other.commit()
        payload = answer.result()["data"]["f0"]
    message = MESSAGES["admin_account_key"].en
    assert payload == {"admin": None, "errors": [{"code": "CONFLICT", "message": message, "path": ["input"]}]}
    assert names(own_url) == [BEFORE[0], "c"]


@pytest.mark.parametrize(("code", "constraint"), [("23505", "org_external_key"), ("23503", "space_org_id_fkey")])
def test_a_violated_constraint_names_the_kind_of_record(own_api: Api, own_url: str, code: str, constraint: str) -> None:
    on_update(own_url, fail(code, 1, f", constraint = '{constraint}', detail = 'Key (x)=(secret) exists.'"))
    answer = run(own_api, rename(FIRST, "a", FULL), rename(SECOND, "c"))
    assert violation(answer) == {"code": "CONFLICT", "message": MESSAGES[constraint].en, "path": ["input"]}
    assert names(own_url) == [BEFORE[0], "c"]


def test_other_violations_are_bugs(own_api: Api, own_url: str) -> None:
    on_update(own_url, fail("23514", 1))
    assert run(own_api, rename(FIRST, "a"))["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert names(own_url) == BEFORE
