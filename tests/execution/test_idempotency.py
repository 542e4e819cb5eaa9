"""The header Idempotency-Key: a mutation that is sent again is answered as before, and runs once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import psycopg
import pytest

from app.access.callers import CACHE_SECONDS
from app.db.connecting import connect
from app.services.idempotency import forget_old
from app.services.tree import TREE_LOCKS
from migrations.frozen.functions.answers import SWEPT_ROWS
from tests.clients.api import Api, open_api
from tests.clients.login import LoginClient
from tests.clients.waiting import waiting
from tests.execution.test_mutate import BEFORE, FIRST, PERSONAL, SECOND, names, rename
from tests.execution.test_retries import LAST_RUN, fail, on_update

PATH, JSON = "/graphql", "application/graphql-response+json"
QUERY = f"mutation {{ {rename(FIRST, 'a')} }}"
OTHER = f"mutation {{ {rename(FIRST, 'b')} }}"


def send(api: Api, query: str = QUERY, key: str = "k1", account: str = "supperadm", **headers: str) -> httpx.Response:
    sent = {"authorization": api.bearer(account), "accept": JSON, "idempotency-key": key, **headers}
    return api.client.post(PATH, json={"query": query}, headers=sent)


def code_of(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return response.status_code, error["extensions"]["code"]


def is_replayed(response: httpx.Response) -> bool:
    return response.headers.get("idempotency-replayed") == "true"


def kept(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select caller_id, key_hash from idempotency_key order by key_hash").fetchall()


def test_a_second_request_gets_the_answer_of_the_first_one(own_api: Api, own_url: str) -> None:
    first, second = send(own_api), send(own_api)
    assert first.json()["data"]["updateOrg"]["org"] == {"name": "a"}
    assert first.json()["extensions"]["cost"]
    assert second.content == first.content
    assert (second.status_code, second.headers["content-type"]) == (200, first.headers["content-type"])
    assert [is_replayed(first), is_replayed(second)] == [False, True]
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select version from org where id = 2").fetchone() == (2,)


def test_after_a_restart_the_answer_is_still_there(own_api: Api, own_url: str) -> None:
    first = send(own_api)
    with open_api(own_url, require_login=True) as other:
        second = send(other)
    assert (second.content, is_replayed(second)) == (first.content, True)


def test_user_errors_are_kept(own_api: Api, own_url: str) -> None:
    wrong = f"mutation {{ {rename(FIRST, 'a', version=7)} }}"
    first = send(own_api, wrong)
    with psycopg.connect(own_url) as connection:
        connection.execute("update org set version = 7 where id = 2")
    assert first.json()["data"]["updateOrg"]["errors"] == [{"code": "CONFLICT"}]
    assert send(own_api, wrong).content == first.content
    assert names(own_url) == BEFORE


def test_a_field_that_is_refused_is_kept_with_the_others(own_api: Api) -> None:
    query = f"mutation {{ a: {rename(FIRST, 'a')} b: {rename('6419', 'b')} }}"
    first = send(own_api, query, account="yanggc4")
    assert [error["path"] for error in first.json()["errors"]] == [["b"]]
    assert send(own_api, query, account="yanggc4").content == first.content


def test_the_same_key_with_another_request_is_refused(own_api: Api, own_url: str) -> None:
    send(own_api)
    assert code_of(send(own_api, OTHER)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert code_of(send(own_api, accept="application/json", query=OTHER)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert code_of(send(own_api, **{"cadastre-org": "2"})) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert names(own_url) == ["a", BEFORE[1]]


def test_the_order_and_the_language_of_a_request_do_not_make_it_another_one(own_api: Api) -> None:
    query = "mutation ($input: UpdateOrgInput!) { updateOrg(input: $input) { org { name } } }"
    headers = {"authorization": own_api.bearer("supperadm"), "idempotency-key": "k"}
    values = {"id": FIRST, "name": "a", "expectedVersion": 1}
    bodies: list[dict[str, Any]] = [
        {"query": query, "variables": {"input": values}},
        {"variables": {"input": dict(reversed(values.items()))}, "operationName": None, "query": query},
    ]
    answers = [
        own_api.client.post(PATH, json=body, headers={**headers, "accept-language": language})
        for body, language in zip(bodies, ("en", "zh"), strict=True)
    ]
    assert is_replayed(answers[1])
    assert answers[0].content == answers[1].content


def test_a_key_belongs_to_its_caller(own_api: Api, own_url: str) -> None:
    backend = own_api.client_bearer("sync-client", "cadastre-demo")
    assert not is_replayed(send(own_api))
    assert not is_replayed(send(own_api, f"mutation {{ {rename(SECOND, 'c')} }}", account="yanggc4"))
    response = own_api.client.post(
        PATH, json={"query": QUERY}, headers={"authorization": backend, "idempotency-key": "k1"}
    )
    assert not is_replayed(response)
    assert len({caller for caller, _ in kept(own_url)}) == 3
    assert names(own_url) == ["a", "c"]


def test_a_request_that_still_runs_is_not_run_twice(own_api: Api, own_url: str) -> None:
    own_api.bearer("supperadm")
    with psycopg.connect(own_url) as other, ThreadPoolExecutor(1) as one:
        other.execute("select from org where id = 2 for update")
        first = one.submit(send, own_api)
        with waiting(own_url):
            refused = send(own_api)
            assert code_of(send(own_api, f"mutation {{ {rename(SECOND, 'c')} }}")) == (409, "IDEMPOTENCY_KEY_RUNNING")
            assert code_of(send(own_api, key="k2", query="mutation { nothing }"))[0] == 400
        other.commit()
    assert code_of(refused) == (409, "IDEMPOTENCY_KEY_RUNNING")
    assert refused.headers["retry-after"] == "1"
    assert is_replayed(send(own_api))
    assert send(own_api).content == first.result().content


def test_of_requests_at_the_same_time_one_runs(own_api: Api, own_url: str) -> None:
    headers = {"authorization": own_api.bearer("supperadm"), "accept": JSON, "idempotency-key": "k"}
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: own_api.client.post(PATH, json={"query": QUERY}, headers=headers), range(24))
        )
    ran = [answer for answer in answers if answer.status_code == 200 and not is_replayed(answer)]
    assert len(ran) == 1
    assert {answer.content for answer in answers if answer.status_code == 200} == {ran[0].content}
    assert {answer.status_code for answer in answers} <= {200, 409}
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select version from org where id = 2").fetchone() == (2,)


@pytest.mark.parametrize(
    "body", [fail("40001", LAST_RUN), fail("XX000", 1), "perform pg_terminate_backend(pg_backend_pid());"]
)
def test_what_failed_is_not_kept_and_may_be_sent_again(own_api: Api, own_url: str, body: str) -> None:
    on_update(own_url, body)
    assert code_of(send(own_api))[0] in {409, 500, 503}
    assert kept(own_url) == []
    with psycopg.connect(own_url) as connection:
        connection.execute("drop function test_update cascade")
    again = send(own_api)
    assert not is_replayed(again)
    assert again.json()["data"]["updateOrg"]["org"] == {"name": "a"}
    assert names(own_url)[0] == "a"


def test_an_answer_that_cannot_be_kept_undoes_the_request(own_api: Api, own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("alter table idempotency_key add check (caller_id < 0)")
    assert code_of(send(own_api)) == (500, "INTERNAL")
    assert names(own_url) == BEFORE


def test_refusals_are_not_kept(own_api: Api, own_url: str) -> None:
    assert code_of(send(own_api, "mutation { nothing }"))[0] == 400
    assert kept(own_url) == []
    assert not is_replayed(send(own_api))


def test_a_run_that_was_repeated_keeps_its_last_answer(own_api: Api, own_url: str) -> None:
    on_update(own_url, fail("40001", 2))
    first = send(own_api)
    assert first.json()["data"]["updateOrg"]["org"] == {"name": "a"}
    assert send(own_api).content == first.content


def test_what_is_no_key_is_refused(own_api: Api, own_url: str) -> None:
    for key in ("", " ", "x" * 256, "键", "a\tb", '""', "\x7f"):
        response = send(own_api, key=key.encode("utf-8"))  # type: ignore[arg-type]
        assert code_of(response) == (400, "IDEMPOTENCY_KEY_INVALID"), key
    assert names(own_url) == BEFORE


def test_quotation_marks_are_not_part_of_a_key(own_api: Api) -> None:
    for key in ("x" * 255, "a b", "~", "8e03978e-40d5-43dd-bc93-6894a57f9324"):
        first, second = send(own_api, key=key), send(own_api, key=f'"{key}"')
        assert (is_replayed(first), is_replayed(second), second.content) == (False, True, first.content)


def test_queries_ignore_the_header(own_api: Api, own_url: str) -> None:
    for key in ("k1", "键"):
        response = send(own_api, "{ org(id: 2) { id } }", key=key.encode("utf-8"))  # type: ignore[arg-type]
        assert (response.json()["data"], is_replayed(response)) == ({"org": {"id": "2"}}, False)
    assert kept(own_url) == []


OLD_ANSWERS = """
insert into idempotency_key (caller_id, key_hash, fingerprint, capabilities, disclosed, answer, created_at)
select 1, number::text::bytea, '', '{}', '', '', now() - interval '25 hours' from generate_series(1, %s) number
"""


def test_after_a_day_a_key_is_free_and_old_answers_are_removed(own_api: Api, own_url: str) -> None:
    first = send(own_api)
    with psycopg.connect(own_url) as connection:
        connection.execute(OLD_ANSWERS, [SWEPT_ROWS + 5])
        connection.execute(
            "update idempotency_key set created_at = now() - interval '24 hours 1 minute' where caller_id <> 1"
        )
    again = send(own_api, OTHER.replace("Version: 1", "Version: 2"))
    assert (is_replayed(again), again.content == first.content) == (False, False)
    assert len(kept(own_url)) == 1 + 5
    with connect(own_url) as connection:
        assert forget_old(connection) == 5
    assert [caller for caller, _ in kept(own_url)] != [1]
    assert len(kept(own_url)) == 1


def test_old_answers_are_found_by_an_index(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("set enable_seqscan = off")
        plan = connection.execute(
            "explain select from idempotency_key where created_at < now() - interval '24 hours' order by created_at"
        ).fetchall()
    assert "idempotency_key_created_at_idx" in str(plan)


def test_personal_data_of_a_replay_are_recorded_again(own_api: Api, own_url: str) -> None:
    query = f"mutation {{ {rename(SECOND, 'c', PERSONAL)} }}"
    assert send(own_api, query).content == send(own_api, query).content
    with psycopg.connect(own_url) as connection:
        rows = connection.execute(
            "select admin_id, client_id, entity, fields, row_count, document_sha256 from personal_read"
        )
        assert len(first_two := rows.fetchall()) == 2
    assert first_two[0] == first_two[1]


LOSSES: Mapping[str, tuple[str, int, str]] = {
    "account": ("update admin set is_enabled = false where account = 'yanggc4'", 401, "UNAUTHENTICATED"),
    "role": ("delete from admin_grant where admin_id = 1", 403, "FORBIDDEN"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_replay_needs_the_rights_of_the_first_request(login: LoginClient, loss: str) -> None:
    statement, status, code = LOSSES[loss]
    token = login.log_in("yanggc4")["access_token"]
    headers = {"authorization": f"Bearer {token}", "accept": JSON, "idempotency-key": "k"}
    first = login.client.post(PATH, json={"query": QUERY}, headers=headers)
    assert first.json()["data"]["updateOrg"]["org"] == {"name": "a"}
    login.sql(statement)
    login.pass_time(CACHE_SECONDS)
    assert code_of(login.client.post(PATH, json={"query": QUERY}, headers=headers)) == (status, code)


def test_a_mutation_without_a_key_runs_no_further_statement(own_api: Api) -> None:
    headers, counts = {"authorization": own_api.bearer("supperadm")}, []
    for version, key in ((1, {}), (2, {"idempotency-key": "k"})):
        own_api._statements.clear()  # noqa: SLF001 - the test's own
        query = f"mutation {{ {rename(FIRST, f'name {version}', version=version)} }}"
        own_api.client.post(PATH, json={"query": query}, headers={**headers, **key})
        counts.append(len([sql for sql in own_api.statements if "from admin a" not in sql]))
        assert any("kept_answer" in sql for sql in own_api.statements) == bool(key)
    # two statements at the beginning, one at the end, and a savepoint because the field is not the first statement
    assert counts[1] - counts[0] == 2 + 1 + 2


def test_a_page_of_another_origin_may_send_a_key_and_read_whether_an_answer_is_a_replay(own_url: str) -> None:
    origin = "https://app.example.com"
    with open_api(own_url, require_login=True, cors_origins=(origin,)) as api:
        asked = {"origin": origin, "access-control-request-method": "POST"}
        allowed = api.client.options(PATH, headers={**asked, "access-control-request-headers": "idempotency-key"})
        assert "idempotency-key" in allowed.headers["access-control-allow-headers"]
        assert "Idempotency-Replayed" in send(api, origin=origin).headers["access-control-expose-headers"]


def test_locks_of_keys_are_not_those_of_trees() -> None:
    assert all(lock.bit_length() < 32 for lock in TREE_LOCKS.values())
