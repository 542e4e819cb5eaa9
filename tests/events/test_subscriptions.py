"""Subscriptions: what is told, to whom, from where it goes on, and when it ends."""

import time
from typing import Any

import psycopg
import pytest

from app.events.cursor import position_of
from app.execution.subscribe import CHECK_SECONDS
from migrations.frozen.changes import FIRST_KEY
from tests.clients.api import Api, open_api
from tests.clients.subscriber import Subscriber, running_subscriptions, subscriber
from tests.clients.waiting import SOON, within

CHANGES = """subscription ($filter: ChangeEventFilter, $after: String) {
  changes(filter: $filter, after: $after) { cursor change { operation entity entityId } }
}"""
SPACES = """subscription ($id: ID, $under: ID, $after: String) {
  spaceChanged(id: $id, under: $under, after: $after) {
    cursor change { operation changedFields } space { id name parent { id } }
  }
}"""
RENAME = "update space set name = %s, version = version + 1 where id = %s"


def last_cursor(api: Api) -> str:
    """Return the cursor of the newest change: a subscription that begins there misses nothing that comes now."""
    query = "{ changeFeed(last: 1) { edges { cursor } } }"
    answer = api.post(query, authorization=api.bearer("supperadm")).json()
    cursor: str = answer["data"]["changeFeed"]["edges"][0]["cursor"]
    return cursor


def following(client: Subscriber, api: Api, account: str, query: str, **variables: Any) -> None:
    """Begin a subscription from now on."""
    cursor = last_cursor(api)
    client.initialise(api.bearer(account))
    client.subscribe(query, after=cursor, **variables)


def sees(api: Api, authorization: str, id_: str) -> bool:
    """Return whether a caller sees a space."""
    answer = api.post(f'{{ space(id: "{id_}") {{ id }} }}', authorization=authorization).json()
    return answer["data"]["space"] is not None


def names(client: Subscriber, number: int) -> list[str]:
    """Return the names of the spaces of the next events."""
    return [client.data()["spaceChanged"]["space"]["name"] for _ in range(number)]


def test_an_event_shows_what_was_changed_and_the_record_as_it_is_now(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", SPACES, id="18")
        own_api.sql(RENAME, "新名", 18)
        event = client.data()["spaceChanged"]
        assert event["change"] == {"operation": "UPDATE", "changedFields": ["name"]}
        assert event["space"] == {"id": "18", "name": "新名", "parent": {"id": "17"}}


def test_a_deleted_record_is_null(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", SPACES, id="13554")
        own_api.sql("delete from space where id = 13554")
        event = client.data()["spaceChanged"]
        assert (event["change"]["operation"], event["space"]) == ("DELETE", None)


def test_only_the_records_of_a_subtree_are_followed(own_api: Api) -> None:
    with subscriber(own_api) as below_space, subscriber(own_api) as below_org:
        following(below_space, own_api, "supperadm", SPACES, under="9888")
        following(below_org, own_api, "supperadm", SPACES, under="8829")
        own_api.sql(RENAME, "别处", 41011)
        own_api.sql(RENAME, "房间", 10468)
        own_api.sql(RENAME, "小区", 18)
        assert names(below_space, 1) == ["房间"]
        assert names(below_org, 2) == ["房间", "小区"]


def test_a_node_that_leaves_a_subtree_is_told_to_those_who_follow_it(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", SPACES, under="9888")
        own_api.sql("update space set parent_id = 41011, path = '41011/41003/', version = version + 1 where id = 41003")
        assert client.data()["spaceChanged"]["space"]["id"] == "41003"


def test_a_client_that_comes_back_with_its_last_cursor_misses_nothing_and_gets_nothing_twice(own_api: Api) -> None:
    told = []
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", SPACES, id="18")
        own_api.sql(RENAME, "1", 18)
        event = client.data()["spaceChanged"]
        told.append(event["space"]["name"])
    for number in range(2, 1_200):
        own_api.sql(RENAME, str(number), 18)
    with subscriber(own_api) as client:
        client.initialise(own_api.bearer("supperadm"))
        client.subscribe(SPACES, id="18", after=event["cursor"])
        cursors = [client.data()["spaceChanged"]["cursor"] for _ in range(1_198)]
        own_api.sql(RENAME, "last", 18)
        assert names(client, 1) == ["last"]
    assert len(set(cursors)) == 1_198


def test_what_a_slow_transaction_wrote_is_told_when_it_commits(own_api: Api, own_url: str) -> None:
    with subscriber(own_api) as client, psycopg.connect(own_url) as slow:
        following(client, own_api, "supperadm", SPACES, under="9888")
        slow.execute(RENAME, ["慢", 10468])
        own_api.sql(RENAME, "快", 10465)
        slow.commit()
        assert sorted(names(client, 2)) == ["快", "慢"]


def test_a_client_that_comes_back_is_told_nothing_twice_though_a_transaction_marks_late(
    own_api: Api, own_url: str
) -> None:
    """A transaction reads the last number before it takes the lock, and others may have been told more meanwhile."""
    before = position_of(last_cursor(own_api))
    own_api.sql(RENAME, "先", 18)
    cursor = last_cursor(own_api)
    with psycopg.connect(own_url) as late:
        late.execute(f"select pg_advisory_xact_lock_shared({FIRST_KEY} + %s)", [before])
        with subscriber(own_api) as client:
            client.initialise(own_api.bearer("supperadm"))
            client.subscribe(SPACES, after=cursor, id="18")
            client.settle()
            time.sleep(0.5)
            late.rollback()
            own_api.sql(RENAME, "后", 18)
            assert client.data()["spaceChanged"]["cursor"] == last_cursor(own_api)


def test_foreign_tenants_are_told_nothing(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "kongls", CHANGES)
        own_api.sql(RENAME, "别家", 18)
        own_api.sql("update org set name = '自家', version = version + 1 where id = 40035")
        assert client.data()["changes"]["change"] == {"operation": "UPDATE", "entity": "org", "entityId": "40035"}


def test_a_role_that_is_taken_away_narrows_a_subscription(own_api: Api) -> None:
    authorization = own_api.bearer("yanggc4")
    with subscriber(own_api) as client:
        following(client, own_api, "yanggc4", SPACES, under="8829")
        own_api.sql(RENAME, "前", 18)
        assert names(client, 1) == ["前"]
        own_api.sql("delete from admin_grant where admin_id = 1 and org_id = 8829")
        assert within(SOON, lambda: not sees(own_api, authorization, "18"))
        own_api.sql(RENAME, "后", 18)
        client.settle()
        time.sleep(4 * CHECK_SECONDS)
        client.subscribe("{ __typename }", "2")
        assert client.message()["id"] == "2"


def test_a_log_in_that_ends_closes_the_websocket_within_a_second(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "yanggc4", SPACES)
        client.settle()
        begun = time.monotonic()
        own_api.sql("update admin set is_enabled = false where id = 1")
        assert client.closed()[0] == 4403
        assert time.monotonic() - begun < 5  # a wide margin


def test_a_token_that_expires_closes_the_websocket(own_api: Api) -> None:
    with subscriber(own_api) as client:
        following(client, own_api, "yanggc4", SPACES)
        client.settle()
        tokens = own_api.client.app.state.tokens  # type: ignore[attr-defined]
        for token, (claims, kid) in list(tokens._checked.items()):  # noqa: SLF001 - an hour cannot be waited for
            tokens._checked[token] = (type(claims)(*[getattr(claims, n) for n in claims.__slots__[:-1]], 1), kid)  # noqa: SLF001
        assert client.closed()[0] == 4403
        tokens._checked.clear()  # noqa: SLF001


def test_subscribers_with_the_same_question_share_its_answer(own_api: Api) -> None:
    """The policies are asked once for a scope, and what is selected is read once for all subscribers of a caller."""
    with subscriber(own_api) as one, subscriber(own_api) as two, subscriber(own_api) as three:
        authorization, cursor = own_api.bearer("supperadm"), last_cursor(own_api)
        for client in (one, two, three):
            client.initialise(authorization)
            client.subscribe(SPACES, id="18", after=cursor)
        assert within(SOON, lambda: running_subscriptions() == 3)
        own_api.forget()
        own_api.sql(RENAME, "共", 18)
        assert [names(client, 1) for client in (one, two, three)] == [["共"]] * 3
        asked = [sql for sql in own_api.statements if "settled_change" not in sql]
        assert len(asked) == 5, asked  # the events, those that are visible, and three levels: change, space, parent


def test_a_caller_may_have_only_so_many_subscriptions(own_url: str) -> None:
    with open_api(own_url, max_subscriptions=2) as api, subscriber(api) as client:
        client.initialise()
        for id_ in ("1", "2"):
            client.subscribe(SPACES, id_)
        assert within(SOON, lambda: running_subscriptions() == 2)
        client.subscribe(SPACES, "3")
        message = client.message()
        assert (message["id"], message["type"]) == ("3", "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        client.send("complete", id="1")
        assert within(SOON, lambda: running_subscriptions() == 1)
        client.subscribe(SPACES, "3")
        assert within(SOON, lambda: running_subscriptions() == 2)


TOO_LARGE: dict[str, tuple[dict[str, int], str, str]] = {
    "NODE_LIMIT_EXCEEDED": (
        {"max_nodes": 1},
        "subscription { spaceChanged(under: 9888) { space { id children { id } } } }",
        "update space set name = '多', version = version + 1 where id in (10465, 10468)",
    ),
    "ANSWER_TOO_LARGE": (
        {"max_answer_bytes": 1024},
        "subscription { spaceChanged { space { a: name b: name c: name d: name e: name } } }",
        "update space set name = repeat('长', 5 * id::int), version = version + 1 where id in (1, 18)",
    ),
}
"""A limit, a subscription, and two changes of which one goes beyond it, by the code of the error."""


@pytest.mark.parametrize("code", TOO_LARGE)
def test_an_event_that_goes_beyond_a_limit_says_so_and_the_other_one_is_told(own_url: str, code: str) -> None:
    limit, query, changes = TOO_LARGE[code]
    with open_api(own_url, **limit) as api, subscriber(api) as client:
        client.initialise()
        client.subscribe(query)
        assert within(SOON, lambda: running_subscriptions() == 1)
        api.sql(changes)
        bodies = [client.message()["payload"] for _ in range(2)]
        assert [error["extensions"]["code"] for body in bodies for error in body.get("errors", ())] == [code]
        assert [body["data"] is None for body in bodies].count(True) == 1


def test_nothing_is_missed_while_the_database_cannot_be_used(own_api: Api) -> None:
    end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = user and pid <> pg_backend_pid()"
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", SPACES, id="18")
        own_api.sql(RENAME, "0", 18)
        assert names(client, 1) == ["0"]
        for number in range(1, 6):
            own_api.sql(f"{end} and datname = current_database()")
            own_api.sql(RENAME, str(number), 18)
            time.sleep(0.3)
        cursors = [client.data()["spaceChanged"]["cursor"] for _ in range(5)]
        assert len(set(cursors)) == 5


def test_personal_data_are_shown_to_those_who_may_read_them_and_it_is_recorded(own_api: Api) -> None:
    query = "subscription ($after: String) { customerChanged(id: 9148, after: $after) { customer { phone } } }"
    with subscriber(own_api) as client:
        following(client, own_api, "supperadm", query)
        own_api.sql("update customer set name = '新名', version = version + 1 where id = 9148")
        assert client.data()["customerChanged"] == {"customer": {"phone": "13418770002"}}
    assert own_api.sql("select entity, fields from personal_read") == [("Customer", ["phone"])]
