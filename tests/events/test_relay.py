"""Changes reach the broker as CloudEvents, in order for each entity, and one relay works at a time."""

import psycopg

from tests.clients.broker import Broker, by_entity
from tests.clients.relays import all_sent, relaying

RECORDED = "select entity, entity_id, id from change order by id"


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def recorded(url: str, prefix: str) -> dict[tuple[str, str | None], list[int]]:
    ids: dict[tuple[str, str | None], list[int]] = {}
    for entity, entity_id, id_ in run(url, RECORDED):
        ids.setdefault((f"{prefix}{entity}", str(entity_id)), []).append(int(str(id_)))
    return ids


def test_every_change_is_sent_in_order(own_url: str, shared_broker: Broker) -> None:
    with relaying(own_url, shared_broker, kafka_prefix="all."):
        run(own_url, *["update customer set name = name || '.', version = version + 1"] * 5)
        run(own_url, "delete from device")
        assert all_sent(own_url)
    records = [record for record in shared_broker.records() if record.topic.startswith("all.")]
    assert by_entity(records) == recorded(own_url, "all.")
    assert len(records) == len(run(own_url, RECORDED))


def test_one_relay_works_and_another_takes_over(own_url: str, shared_broker: Broker) -> None:
    with relaying(own_url, shared_broker, kafka_prefix="turns."):
        assert all_sent(own_url)
        with relaying(own_url, shared_broker, kafka_prefix="second."):
            run(own_url, "update customer set name = name || '.', version = version + 1")
            assert all_sent(own_url)
            assert not [each for each in shared_broker.records() if each.topic.startswith("second.")]
    with relaying(own_url, shared_broker, kafka_prefix="second."):
        run(own_url, "update customer set name = name || '.', version = version + 1")
        assert all_sent(own_url)
    topics = {each.topic for each in shared_broker.records() if each.topic.startswith("second.")}
    assert topics == {"second.customer"}
