"""Events that callers publish: who may, to which topics, and that they are stored as they are or not at all."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.clients.api import open_api
from tests.clients.broker import Broker, running_broker
from tests.clients.relays import all_sent, relaying
from tests.clients.writes import Writer

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
PAYLOAD = '{ "id":1.0, "name": "路人甲",\n "big": 12345678901234567890123, "id": 1e2 }'


@pytest.fixture
def writer(own_url: str) -> Iterator[Writer]:
    with open_api(own_url, require_login=True, event_topics=("device.*", "cadastre.*")) as api:
        yield Writer(api, own_url, "supperadm")


def stored(writer: Writer) -> list[tuple[object, ...]]:
    return writer.sql("select topic, payload, timestamp, created_by from published_event order by id")


def test_an_event_is_stored_as_it_is_and_sent(writer: Writer) -> None:
    writer.done("publishEvent", topic="device.state", payload=PAYLOAD, timestamp="13099081")
    assert stored(writer) == [("device.state", PAYLOAD, 13_099_081, "supperadm")]
    with running_broker() as broker, relaying(writer.url, broker):
        assert all_sent(writer.url)
        (record,) = [each for each in broker.records() if each.topic == "device.state"]
    assert (record.value.decode(), record.key) == (PAYLOAD, None)
    assert record.headers["content-type"] == b"application/json; charset=UTF-8"
    assert (record.headers["ce_type"], record.headers["timestamp"]) == (b"device.state", b"13099081")
    assert record.headers["request-id"]
    assert stored(writer) == []


def test_an_event_has_the_trace_of_its_request(writer: Writer) -> None:
    query = """mutation {
      publishEvent(input: {topic: "device.traced", payload: "{}"}) { errors { code } }
      registerDevice(input: {appId: "1", deviceId: "2", os: "iOS"}) { device { id } }
    }"""
    headers = {"authorization": writer.authorization, "traceparent": TRACE}
    answer = writer.api.client.post("/graphql", json={"query": query}, headers=headers).json()
    assert "errors" not in answer
    with running_broker() as broker, relaying(writer.url, broker):
        assert all_sent(writer.url)
        traced = [each for each in broker.records() if each.headers.get("traceparent") == TRACE.encode()]
    assert {each.topic for each in traced} == {"device.traced", "cadastre.device"}


def test_what_is_refused(writer: Writer) -> None:
    for topic, payload, path in (
        ("", "{}", "topic"),
        ("two words", "{}", "topic"),
        ("..", "{}", "topic"),
        ("other.topic", "{}", "topic"),
        ("cadastre.space", "{}", "topic"),
        ("cadastre.admin_grant", "{}", "topic"),
        ("device.state", "[]", "payload"),
        ("device.state", "{", "payload"),
        ("device.state", '{"text": "' + 1_000_000 * "x" + '"}', "payload"),
    ):
        assert writer.refusals("publishEvent", topic=topic, payload=payload) == [("INVALID_INPUT", [path])]
    writer.done("publishEvent", topic="cadastre.demo", payload="{}")


def test_it_needs_the_capability(writer: Writer) -> None:
    other = Writer(writer.api, writer.url, "lisi")
    assert other.forbidden("publishEvent", topic="device.state", payload="{}") == "EVENT_PUBLISH"
    assert stored(writer) == []


def test_it_is_stored_with_the_other_writes_of_the_request_or_not_at_all(writer: Writer) -> None:
    with psycopg.connect(writer.url) as connection:
        connection.execute("insert into published_event (topic, payload) values ('device.state', '{}')")
        with running_broker() as broker, relaying(writer.url, broker):
            assert all_sent(writer.url)
            writer.done("publishEvent", topic="device.state", payload='{"n": 2}')
            assert all_sent(writer.url)
            assert values(broker) == [b'{"n": 2}']
            connection.commit()  # it has the smaller id, and is sent all the same
            assert all_sent(writer.url)
            assert sorted(values(broker)) == [b'{"n": 2}', b"{}"]


def values(broker: Broker) -> list[bytes]:
    return [record.value for record in broker.records() if record.topic == "device.state"]
