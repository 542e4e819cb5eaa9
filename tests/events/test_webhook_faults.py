"""Webhooks: processes and connections that end at any moment lose nothing."""

import asyncio
import threading
import time
from pkgutil import resolve_name
from typing import Any

import psycopg
import pytest

from app.events.webhooks.delivery import Delivery
from app.events.webhooks.sending import Sender
from tests.clients.api import open_api
from tests.clients.hooks import LOCAL, RENAME, SOON, Hooks, got, quiet
from tests.clients.receiver import Receiver
from tests.clients.served import served
from tests.clients.waiting import within


def test_a_process_that_dies_while_it_sends_loses_nothing(own_url: str, receiver: Receiver) -> None:
    """It dies after the receiver has the message, and before the outcome is recorded."""
    hooks, died = Hooks(own_url), threading.Event()
    receiver.hold = lambda: died.wait(SOON)
    hooks.add(receiver, "--select", "{ name }")
    with served(url=own_url, webhook_networks=LOCAL) as program:
        hooks.rename("新名")
        got(receiver, 1)
        program.process.kill()
        program.process.wait()
    died.set()
    assert hooks.outcomes() == [None]
    hooks.sql("update webhook set taken_until = now() + interval '1 second'")  # the rest of a minute
    with open_api(own_url, webhook_networks=(LOCAL,)):
        first, second = got(receiver, 2)
        assert (first.id, first.raw) == (second.id, second.raw)
        assert within(SOON, hooks.is_idle)


STEPS = [
    ("queueing.Queueing._append", "before"), ("queueing.Queueing._append", "after"),
    ("delivery.take", "before"), ("delivery.take", "after"),
    ("delivery.due_of", "before"), ("delivery.due_of", "after"),
    ("sending.Sender.send", "before"), ("sending.Sender.send", "after"),
    ("delivery.record", "before"), ("delivery.record", "after"),
    ("delivery.release", "before"), ("delivery.release", "after"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "moment"), STEPS)
def test_whatever_step_fails_nothing_is_lost(
    own_url: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, step: str, moment: str
) -> None:
    """A process that fails before or after a step leaves what a process leaves that dies there."""
    hooks, name = Hooks(own_url), f"app.events.webhooks.{step}"
    real = resolve_name(name.replace(".Queueing", ":Queueing").replace(".Sender", ":Sender"))
    failures: list[str] = []

    async def failing(*arguments: Any) -> Any:
        if not failures and moment == "before":
            failures.append(moment)
            raise psycopg.OperationalError
        result = await real(*arguments)
        if not failures:
            failures.append(moment)
            raise asyncio.CancelledError if step.endswith("send") else psycopg.OperationalError
        return result

    monkeypatch.setattr(name, failing)
    hooks.add(receiver, "--select", "{ name }")
    with open_api(own_url, webhook_networks=(LOCAL,)):
        hooks.rename_often(20)
        assert within(SOON, lambda: bool(failures))

        def is_done() -> bool:
            hooks.sql("update webhook set taken_until = least(taken_until, now() + interval '2 seconds')")
            return len({message.id for message in receiver.messages}) == 20 and hooks.is_idle()

        assert within(2 * SOON, is_done)
    assert hooks.sql("select count(*), count(delivered_at) from webhook_delivery") == [(20, 20)]


def test_connections_that_break_at_any_moment_lose_nothing(hooks: Hooks, receiver: Receiver) -> None:
    end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cadastre webhooks'"
    hooks.add(receiver, "--select", "{ name }")
    for number in range(40):
        hooks.rename(str(number))
        if number % 8 == 0:
            hooks.sql(f"{end} and datname = current_database()")
            hooks.sql("update webhook set taken_until = null")
        time.sleep(0.05)

    def is_done() -> bool:
        hooks.sql("update webhook set taken_until = least(taken_until, now() + interval '2 seconds')")
        return len({message.id for message in receiver.messages}) == 40 and hooks.is_idle()

    assert within(2 * SOON, is_done)


def test_what_a_slow_transaction_wrote_is_sent_when_it_commits(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    with psycopg.connect(hooks.url) as slow:
        slow.execute(RENAME, ["慢", 10468])
        hooks.rename("快")
        assert quiet(receiver, 0, 1.5)
        slow.commit()
    assert {message.body["data"]["space"]["name"] for message in got(receiver, 2)} == {"慢", "快"}


def test_many_changes_of_one_transaction_are_all_sent(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ id }")
    hooks.rename_often(1_100)
    assert within(3 * SOON, lambda: len({message.id for message in receiver.messages}) == 1_100)
    assert hooks.sql("select count(*), count(delivered_at) from webhook_delivery")[0][0] == 1_100


def test_a_process_that_ends_leaves_a_webhook_to_others_at_once(own_url: str, receiver: Receiver) -> None:
    hooks, released = Hooks(own_url), threading.Event()
    receiver.hold = lambda: released.wait(SOON)
    hooks.add(receiver)
    with open_api(own_url, webhook_networks=(LOCAL,)):
        hooks.rename("新名")
        got(receiver, 1)
    released.set()
    assert hooks.sql("select taken_until from webhook") == [(None,)]
    with open_api(own_url, webhook_networks=(LOCAL,)):
        first, second = got(receiver, 2)
        assert first.id == second.id


def test_a_wake_up_in_the_moment_of_the_end_does_not_keep_a_process(own_url: str) -> None:
    async def work() -> bool:
        unused: Any = None
        async with await psycopg.AsyncConnection.connect(own_url, autocommit=True) as connection:
            delivery = Delivery(Sender(()), unused, unused, 1)
            task = asyncio.create_task(delivery.run(connection, SOON))
            await asyncio.sleep(0.5)
            delivery.woken.set()
            await asyncio.sleep(0)
            task.cancel()
            done, _ = await asyncio.wait([task], timeout=5)
            task.cancel()
            return bool(done)

    assert asyncio.run(work())
