"""Devices reach the push gateway, at least once and in order for each device, whatever fails in between."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.metrics.registry import REGISTRY
from tests.clients.api import Api, open_api
from tests.clients.gateway import Gateway, running
from tests.clients.waiting import within
from tests.clients.writes import Writer

SOON = 30
SENT: dict[str, Any] = {"appId": "1120", "deviceId": "d/1", "os": "iOS", "deviceToken": "a secret token"}
PATH = "1120/devices/d%2F1"
TOKEN = "the gateway's own"  # noqa: S105 - of a gateway of the tests


@pytest.fixture
def gateway() -> Gateway:
    """Give a gateway that does not run yet; its port is refused until it does."""
    return Gateway()


@pytest.fixture
def programs(own_url: str, gateway: Gateway) -> Iterator[list[Writer]]:
    """Give a member of staff as a client of two programs over one database, which both deliver to the gateway."""
    with ExitStack() as stack:
        with running(gateway):
            pass  # takes a port
        chosen = {"push_url": gateway.url, "push_token": TOKEN, "require_login": True}
        apis: list[Api] = [stack.enter_context(open_api(own_url, **chosen)) for _ in range(2)]
        yield [Writer(api, own_url, "lisi") for api in apis]


def delivered(writer: Writer) -> bool:
    return within(SOON, lambda: writer.sql("select count(*) from push_task") == [(0,)])


def attempted(writer: Writer, times: int = 1) -> bool:
    return within(
        SOON, lambda: writer.sql("select coalesce(max(attempts), 0) >= %s from push_task", times) == [(True,)]
    )


def hurried(writer: Writer) -> bool:
    """Let tasks be taken again at once, but not those on their way, and tell whether none is left."""
    writer.sql("update push_task set due_at = now() where due_at < now() + interval '30 seconds'")
    return bool(writer.sql("select count(*) from push_task") == [(0,)])


def counted(action: str, outcome: str) -> float:
    labels = {"action": action, "outcome": outcome}
    return REGISTRY.get_sample_value("cadastre_push_deliveries_total", labels) or 0.0


def failed() -> float:
    """Count the failures of both actions: which task meets which depends on the time."""
    return counted("REGISTER", "failed") + counted("REMOVE", "failed")


def test_an_outage_loses_nothing_and_no_request_waits_for_it(
    programs: list[Writer], gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = programs
    failures = failed()
    with caplog.at_level(logging.INFO, logger="cadastre.push"):
        first.done("registerDevice", **SENT)  # nothing listens on the port
        second.done("registerDevice", **SENT, environment="RELEASE")
        first.done("deleteDevices", appId="1120")
        second.done("registerDevice", **SENT)
        assert within(SOON, lambda: failed() > failures)
        gateway.statuses[:] = [503, 500, 429]
        with running(gateway):
            assert within(SOON, lambda: hurried(first))
    order = [call for place, call in enumerate(gateway.calls) if place == 0 or gateway.calls[place - 1] != call]
    assert order == [("PUT", PATH), ("DELETE", PATH), ("PUT", PATH)]
    assert [each.body["environment"] for each in gateway.sent if each.body][-1] == "DEBUG"
    numbers = [int(each.headers["idempotency-key"]) for each in gateway.sent]
    assert numbers == sorted(numbers), "a task waits for the one before it"
    assert len(set(numbers)) == 4
    assert failed() >= failures + 4
    logged = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "cannot be reached" in logged
    assert not [secret for secret in ("a secret token", TOKEN, "d/1", PATH) if secret in logged]


def test_the_gateway_gets_what_it_needs(programs: list[Writer], gateway: Gateway) -> None:
    with running(gateway):
        programs[0].done("registerDevice", **SENT)
        assert delivered(programs[0])
        programs[0].done("deleteDevices", appId="1120")
        assert delivered(programs[0])
    put, delete = gateway.sent
    assert put.headers["authorization"] == f"Bearer {TOKEN}"
    assert put.body == {
        "adminId": "3", "provider": "AliyunPush", "deviceToken": "a secret token", "os": "iOS", "environment": "DEBUG",
    }  # fmt: skip
    assert (delete.method, delete.path) == ("DELETE", f"/push/apps/{PATH}?provider=AliyunPush&adminId=3")


def test_a_device_that_moves_is_removed_from_one_and_registered_for_the_other(
    programs: list[Writer], gateway: Gateway
) -> None:
    first, second = programs
    other = Writer(second.api, second.url, "zhangx")
    with running(gateway):
        first.done("registerDevice", **SENT)
        other.done("registerDevice", **SENT)
        assert delivered(first)
    assert gateway.calls == [("PUT", PATH), ("DELETE", PATH), ("PUT", PATH)]
    assert (gateway.sent[0].body["adminId"], gateway.sent[2].body["adminId"]) == ("3", "43002")


def test_what_the_gateway_refuses_is_given_up_and_what_follows_is_not(programs: list[Writer], gateway: Gateway) -> None:
    refusals = counted("REGISTER", "refused")
    gateway.statuses[:] = [422, 204, 404]
    with running(gateway):
        for _ in range(2):
            programs[0].done("registerDevice", **SENT)
        programs[1].done("deleteDevices", appId="1120")
        assert delivered(programs[0])
    assert len(gateway.sent) == 3, "a device that the gateway does not know is removed"
    assert counted("REGISTER", "refused") == refusals + 1


def test_a_task_of_a_process_that_died_is_taken_by_another(programs: list[Writer], gateway: Gateway) -> None:
    writer = programs[0]
    writer.done("registerDevice", **SENT)
    assert attempted(writer)
    writer.sql("update push_task set attempts = attempts + 1, due_at = now() + interval '1 second'")  # a lease ends
    with running(gateway):
        assert delivered(writer)
    assert set(gateway.calls) == {("PUT", PATH)}


def test_nothing_of_a_refused_request_is_sent(programs: list[Writer], gateway: Gateway) -> None:
    with running(gateway):
        assert programs[0].refusals("registerDevice", **{**SENT, "appId": " "}) == [("INVALID_INPUT", ["appId"])]
        assert programs[0].sql("select count(*) from push_task") == [(0,)]


def test_no_device_without_a_registration_is_sent(programs: list[Writer]) -> None:
    programs[0].sql("insert into device (app_id, admin_id, device_id, os) values ('1', 3, 'imported', 'iOS')")
    programs[0].sql("delete from device where id = 49200")
    assert programs[0].sql("select count(*) from push_task") == [(0,)]
