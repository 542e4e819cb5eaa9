"""Events for other systems (document 003, section 20)."""

import pytest

from app.rest.variables.events import text_of
from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

PRODUCE = "event/produce"
PAYLOAD = '{"id": 1.0, "a": {"payload": [1e2]},\t"big": 12345678901234567890123, "text": "路\\u4eba}"}'


def published(world: Api) -> list[tuple[object, ...]]:
    return world.sql("select topic, payload, timestamp from published_event order by id desc limit 1")


@pytest.mark.rules("event-produce/1")
def test_20_the_payload_is_passed_through_unchanged(world: Api, super_: Legacy) -> None:
    body = f'{{"payload":{{}}, "topic": "demo.topic" ,"payload": {PAYLOAD}, "timestamp": 1611643237000}}'
    answer = super_.send(PRODUCE, body.encode(), **{"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (200, "200", "成功")
    assert published(world) == [("demo.topic", PAYLOAD, 1_611_643_237_000)]


def test_20_what_is_refused(world: Api, super_: Legacy) -> None:
    assert "主题" in refused(super_, PRODUCE, {"topic": "cadastre.space", "payload": {}})
    assert "主题名" in refused(super_, PRODUCE, {"topic": "", "payload": {}})
    assert "payload" in refused(super_, PRODUCE, {"topic": "demo.topic"})
    assert super_.send(PRODUCE, {"topic": "demo.topic", "payload": [1]}).status_code == 400
    assert Legacy(world, "lisi").send(PRODUCE, {"topic": "demo.topic", "payload": {}}).json()["code"] == "403"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"payload":{}}', "{}"),
        (' { "a" : "{" , "payload" : { "b" : [ ] } , "c" : null } ', '{ "b" : [ ] }'),
        ('{"a":1e999,"payload":{"x":-0}}', '{"x":-0}'),
        ('{"pay\\u006coad":{"x":"\\""}}', '{"x":"\\""}'),
    ],
)
def test_the_text_of_a_member(body: str, expected: str) -> None:
    assert text_of(body, "payload") == expected
