"""Webhooks: what is sent again, when, and what stops it."""

import threading
import time

from app.metrics.registry import REGISTRY
from tests.clients.api import open_api
from tests.clients.hooks import LOCAL, SOON, Hooks, counted, got, quiet
from tests.clients.receiver import Receiver, running
from tests.clients.waiting import within


def test_what_fails_is_sent_again_under_its_id_until_it_is_confirmed(hooks: Hooks, receiver: Receiver) -> None:
    failed, delivered = counted("failed"), counted("delivered")
    hooks.add(receiver, "--select", "{ name }")
    receiver.answer_next(500)
    hooks.rename("新名")
    first, second = got(receiver, 2)
    assert (first.id, first.raw) == (second.id, second.raw)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) >= 4
    assert within(SOON, lambda: hooks.outcomes() == ["HTTP 204"])
    assert within(SOON, lambda: (counted("failed"), counted("delivered")) == (failed + 1, delivered + 1))
    line = hooks.printed("deliveries", "hook").strip()
    assert line.startswith(f"{first.id}  change ")
    assert "  record 18  2 attempts  " in line
    assert line.endswith("  HTTP 204")


def test_a_delivery_is_repeated_under_its_id_and_as_the_record_is_now(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    hooks.rename("新名")
    id_ = got(receiver, 1)[0].id
    assert within(SOON, hooks.is_idle)
    assert hooks.printed("repeat", id_) == f"{id_} is sent to hook again.\n"
    assert got(receiver, 2)[1].id == id_
    done = hooks.run("repeat", "msg_999")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cadastre: there is no delivery 999;")
    assert hooks.run("repeat", "msg_x").stderr.startswith("cadastre: 'msg_x' is no id of a delivery;")


def test_retry_after_is_honoured(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver)
    receiver.answer_next(503, retry_after="3600")
    hooks.rename("新名")
    got(receiver, 1)
    waits = "select due_at > now() + interval '59 minutes' from webhook_delivery"
    assert within(SOON, lambda: hooks.sql(waits) == [(True,)])
    assert hooks.sql("select paused_until > now() + interval '59 minutes' from webhook") == [(True,)]


def test_redirects_are_not_followed(hooks: Hooks, receiver: Receiver) -> None:
    with running(Receiver()) as other:
        hooks.add(receiver)
        receiver.answer_next(307, location=other.url)
        hooks.rename("新名")
        got(receiver, 1)
        assert within(SOON, lambda: hooks.outcomes() == ["HTTP 307, and redirects are not followed"])
        assert other.messages == []


def test_a_receiver_that_is_gone_is_disabled_at_once_and_resumes_where_it_stopped(
    hooks: Hooks, receiver: Receiver
) -> None:
    hooks.add(receiver, "--select", "{ name }")
    receiver.answer_next(410)
    hooks.rename("前")
    assert within(SOON, lambda: "disabled: the receiver answered 410 Gone" in hooks.printed("list"))
    hooks.rename("后", 10468)
    assert quiet(receiver, 1)
    hooks.printed("enable", "hook")
    assert {message.body["data"]["space"]["name"] for message in got(receiver, 3)[1:]} == {"前", "后"}


def test_after_three_days_of_failure_a_webhook_is_disabled(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver)
    receiver.answer_next(500, 500)
    hooks.rename("新名")
    assert within(SOON, lambda: hooks.outcomes() == ["HTTP 500"])
    hooks.sql("update webhook_delivery set failing_since = now() - interval '3 days'")
    hooks.hurry()
    assert within(SOON, lambda: "disabled: a delivery had failed for 3 days; " not in hooks.printed("list"))
    assert within(SOON, lambda: "disabled: a delivery had failed for 3 days" in hooks.printed("list"))
    assert (REGISTRY.get_sample_value("cadastre_webhook_disabled_total", {"reason": "failing"}) or 0) >= 1
    hooks.printed("enable", "hook")
    assert within(SOON, hooks.is_idle)
    assert len(receiver.messages) == 3


def test_a_receiver_that_hangs_delays_no_other(hooks: Hooks, receiver: Receiver) -> None:
    released = threading.Event()
    receiver.hold = lambda: released.wait(SOON)
    hooks.add(receiver)
    with running(Receiver()) as other:
        hooks.add(other, name="other")
        hooks.rename_often(30)
        got(receiver, 8)
        begun = time.monotonic()
        got(other, 30)
        assert time.monotonic() - begun < 10
        assert len(receiver.messages) == 8, "no more at a time"
    released.set()
    assert within(2 * SOON, hooks.is_idle)


def test_a_hanging_receiver_is_given_up_after_fifteen_seconds(hooks: Hooks, receiver: Receiver) -> None:
    released = threading.Event()
    receiver.hold = lambda: released.wait(2 * SOON)
    hooks.add(receiver)
    hooks.rename("新名")
    assert within(SOON, lambda: hooks.outcomes() == ["no answer within 15 seconds"])
    released.set()


def test_a_selection_that_needs_too_many_rows_waits_and_says_so(own_url: str, receiver: Receiver) -> None:
    hooks = Hooks(own_url)
    with open_api(own_url, webhook_networks=(LOCAL,), max_nodes=1):
        hooks.add(receiver, "--select", "{ children { id } }")
        hooks.rename("多", 10465)
        assert within(SOON, lambda: hooks.outcomes() == ["not sent: the selection fails: NODE_LIMIT_EXCEEDED"])
    assert receiver.messages == []


def test_an_address_that_is_not_allowed_any_more_gets_nothing(own_url: str, receiver: Receiver) -> None:
    hooks = Hooks(own_url)
    hooks.add(receiver)
    with open_api(own_url):
        hooks.rename("新名")
        assert within(SOON, lambda: hooks.outcomes() == ["the receiver is in a network that is not allowed"])
    assert receiver.messages == []
