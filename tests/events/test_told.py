"""Who is told what: every subscription tells a caller exactly the changes that the caller may list."""

from typing import Any

import pytest

from app.events.cursor import cursor_of
from tests.clients.api import Api
from tests.clients.subscriber import Subscriber, subscriber
from tests.worlds.schema import CORE

CALLERS = ("supperadm", "yanggc4", "zhangx", "kongls")
PAGE = """query ($after: String, $filter: ChangeEventFilter) { changeFeed(first: 100, after: $after, filter: $filter) {
  nodes { id } pageInfo { hasNextPage endCursor } } }"""
FIELDS = sorted(CORE.subscription_type.fields) if CORE.subscription_type else []


def listed(api: Api, authorization: str, filter_: dict[str, Any]) -> list[str]:
    """Return the changes that a caller may list, in the order of the feed."""
    ids: list[str] = []
    after: str | None = None
    while True:
        answer = api.post(PAGE, {"after": after, "filter": filter_}, authorization).json()
        page = answer["data"]["changeFeed"]
        ids += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        after = page["pageInfo"]["endCursor"]


def told(client: Subscriber, field: str, number: int) -> list[str]:
    """Return the changes that a subscription tells first, from the beginning of the record on."""
    client.subscribe(f'subscription {{ {field}(after: "{cursor_of(1)}") {{ cursor change {{ id }} }} }}', field)
    events = [client.data()[field] for _ in range(number)]
    client.subscribe("{ __typename }", "more")
    assert [client.message()["id"], client.message()["id"]] == ["more", "more"]  # nothing more is told
    client.send("complete", id=field)
    client.settle()
    return [event["change"]["id"] for event in events]


def table_of(field: str) -> str:
    """Return the kind of records that a subscription follows."""
    name = field.removesuffix("Changed")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@pytest.mark.parametrize("account", CALLERS)
def test_a_subscription_tells_what_its_caller_may_list(own_api: Api, account: str) -> None:
    own_api.sql("update space set name = name || '改', version = version + 1")
    authorization, tables = own_api.bearer(account), [table_of(field) for field in FIELDS if field != "changes"]
    with subscriber(own_api) as client:
        client.initialise(authorization)
        for field in FIELDS:
            filter_ = {} if field == "changes" else {"entity": [table_of(field)]}
            expected = listed(own_api, authorization, filter_)
            assert told(client, field, len(expected)) == expected, field
    assert len(tables) > 20


def test_nobody_is_told_anything_without_a_token(own_api: Api) -> None:
    with subscriber(own_api) as client:
        client.send("connection_init")
        assert client.closed()[0] == 4403
