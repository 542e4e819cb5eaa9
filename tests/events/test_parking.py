"""What brokers refuse is parked with what follows of its entity; all else goes on, and operators decide."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.clients.api import open_api
from tests.clients.broker import Broker
from tests.clients.program import cadastre
from tests.clients.relays import all_sent, relaying
from tests.clients.waiting import within

SMALL = 6_000
CHANGE = "update customer set name = %s, version = version + 1 where id = %s"
LARGE = "x" * 10_000
POISON = "poison"


@pytest.fixture
def customers(own_url: str) -> list[int]:
    """Give two customers, whose record begins now."""
    with psycopg.connect(own_url) as connection:
        connection.execute("insert into relay_position select 'kafka', max(id) from change")
        return [id_ for (id_,) in connection.execute("select id from customer order by id limit 2")]


@pytest.fixture(autouse=True)
def no_poison(shared_broker: Broker) -> Iterator[None]:
    yield
    shared_broker.proxy.poison = None


def change(url: str, *names: tuple[str, int]) -> list[int]:
    """Give customers new names one after the other, and return the ids of the changes."""
    with psycopg.connect(url) as connection:
        for values in names:
            connection.execute(CHANGE, values)
        ids = connection.execute("select id from change order by id desc limit %s", [len(names)]).fetchall()
    return sorted(id_ for (id_,) in ids)


def sent(broker: Broker, prefix: str) -> list[int]:
    return sorted(record.id for record in broker.records() if record.topic.startswith(prefix))


def lines(url: str, *arguments: object) -> list[str]:
    done = cadastre("events", *arguments, url=url)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_large_event_holds_back_its_entity_only(own_url: str, customers: list[int], shared_broker: Broker) -> None:
    one, other = customers
    names = (("a", one), (LARGE, one), ("b", other), ("c", one), ("d", other))
    ids = change(own_url, *names)
    with relaying(own_url, shared_broker, kafka_prefix="large.", kafka_max_bytes=SMALL):
        assert all_sent(own_url)
        assert sent(shared_broker, "large.") == [ids[0], ids[2], ids[4]]
        ids += change(own_url, ("e", one), ("f", other))
        assert all_sent(own_url)
        assert sent(shared_broker, "large.") == [ids[0], ids[2], ids[4], ids[6]]
        first, *others = lines(own_url, "parked")
        assert first.startswith(f"{ids[1]}  large.customer  {one}  ")
        assert "bytes are more than CADASTRE_KAFKA_MAX_BYTES" in first
        assert [line.split()[0] for line in others] == [str(ids[3]), str(ids[5])]
        assert all(line.endswith("waits behind another one") for line in others)
        assert lines(own_url, "status")[1] == "3 events are parked, 1 of them because brokers refuse them."
        assert lines(own_url, "retry", ids[1]) == ["1 refused events are sent again."]
        assert within(20, lambda: "sent again" not in lines(own_url, "parked")[0])  # refused again
        assert sent(shared_broker, "large.") == [ids[0], ids[2], ids[4], ids[6]]
    with open_api(own_url) as api:
        assert api.client.get("/readyz").json() == {"status": "ok", "parkedEvents": 3}
        assert lines(own_url, "retry", "--all") == ["1 refused events are sent again."]
        with relaying(own_url, shared_broker, kafka_prefix="large."):
            assert within(20, lambda: not lines(own_url, "parked"))
        assert api.client.get("/readyz").json() == {"status": "ok"}
    of_one = [
        record.id for record in shared_broker.records() if record.topic == "large.customer" and record.key == str(one)
    ]
    assert of_one == [ids[0], ids[1], ids[3], ids[5]]


def test_an_event_that_is_given_up_lets_the_next_ones_go(
    own_url: str, customers: list[int], shared_broker: Broker
) -> None:
    ids = change(
        own_url, (LARGE, customers[0]), ("a", customers[0]), ("b", customers[0])
    )  # two are large: after, before
    with relaying(own_url, shared_broker, kafka_prefix="dropped.", kafka_max_bytes=SMALL):
        assert all_sent(own_url)
        assert lines(own_url, "drop", ids[0]) == [f"{ids[0]} is never sent."]
        assert within(20, lambda: "bytes are more" in lines(own_url, "parked")[0])
        lines(own_url, "drop", ids[1])
        assert within(20, lambda: not lines(own_url, "parked"))
    assert cadastre("events", "drop", ids[0], url=own_url).returncode == 2
    assert cadastre("events", "retry", ids[0], url=own_url).returncode == 2
    assert cadastre("events", "retry", url=own_url).returncode == 2
    assert sent(shared_broker, "dropped.") == [ids[2]]


def test_a_record_that_the_broker_refuses_is_found_among_others(
    own_url: str, customers: list[int], shared_broker: Broker
) -> None:
    shared_broker.proxy.poison = POISON.encode()
    with psycopg.connect(own_url) as connection:
        connection.execute("update customer set name = name || '.', version = version + 1")
        connection.execute(CHANGE, [POISON, customers[0]])
        connection.execute("update customer set name = name || '.', version = version + 1")
        ids = [
            id_
            for (id_,) in connection.execute("select id from change where id > (select change_id from relay_position)")
        ]
        of_one = (
            "select id from change where entity_id = %s and id > (select change_id from relay_position) order by id"
        )
        _, poison, after = (id_ for (id_,) in connection.execute(of_one, [customers[0]]))
    with relaying(own_url, shared_broker, kafka_prefix="refused."):
        assert all_sent(own_url)
        assert [line.split()[0] for line in lines(own_url, "parked")] == [str(poison), str(after)]
        assert "the broker answers" in lines(own_url, "parked")[0]
        assert sorted(set(sent(shared_broker, "refused."))) == sorted({*ids} - {poison, after})
        shared_broker.proxy.poison = None
        lines(own_url, "retry", "--all")
        assert within(20, lambda: not lines(own_url, "parked"))
    assert sorted(set(sent(shared_broker, "refused."))) == sorted(ids)


def test_a_topic_that_is_no_topic_holds_back_nothing(own_url: str, customers: list[int], shared_broker: Broker) -> None:
    ids = change(own_url, ("a", customers[0]))
    with psycopg.connect(own_url) as connection:
        connection.execute(
            "insert into published_event (topic, payload) values ('no topic!', '{}'), ('fine.topic', '{}')"
        )
    with relaying(own_url, shared_broker, kafka_prefix="topics."):
        assert all_sent(own_url)
    assert sent(shared_broker, "topics.") == ids
    assert [record.value for record in shared_broker.records() if record.topic == "fine.topic"] == [b"{}"]
    (line,) = lines(own_url, "parked")
    assert "no topic!" in line
    assert "the brokers have no such topic" in line
    lines(own_url, "drop", line.split()[0])
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select count(*) from published_event").fetchone() == (0,)
