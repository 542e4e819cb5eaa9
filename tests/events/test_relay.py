"""Changes reach the broker as CloudEvents, in order for each entity, and one relay works at a time."""

import psycopg

from tests.clients.api import open_api
from tests.clients.broker import Broker, by_entity
from tests.clients.relays import RelayProgram, all_sent, relaying

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


def test_a_serving_program_relays_by_a_setting(own_url: str, shared_broker: Broker) -> None:
    run(own_url, "insert into relay_position select 'kafka', max(id) from change")
    chosen = {"kafka_relay": True, "kafka_bootstrap": shared_broker.address, "kafka_prefix": "served."}
    with open_api(own_url, **chosen):
        run(own_url, "update customer set name = name || '.', version = version + 1")
        assert all_sent(own_url)
    assert {each.topic for each in shared_broker.records() if each.topic.startswith("served.")} == {"served.customer"}


def test_the_program_ends_when_it_is_asked_to(own_url: str, shared_broker: Broker) -> None:
    program = RelayProgram(own_url, shared_broker)
    program.start()
    assert all_sent(own_url)
    assert program.stop() == 0


def test_events_wait_for_brokers(own_url: str) -> None:
    broker = Broker()
    try:
        with relaying(own_url, broker):
            assert not all_sent(own_url, 3)
            broker.start()
            assert all_sent(own_url)
        assert by_entity(broker.records()) == recorded(own_url, "cadastre.")
    finally:
        broker.close()
