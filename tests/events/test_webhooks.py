"""Webhooks: what is sent, to whom, how often, and what stops it."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pkgutil import resolve_name
from typing import Any

import psycopg
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from app.metrics.registry import REGISTRY
from tests.clients.api import open_api
from tests.clients.program import Done, cadastre
from tests.clients.receiver import Message, Receiver, running
from tests.clients.served import served
from tests.clients.waiting import within
from tests.databases import ROOT

SOON = 30
LOCAL = "127.0.0.0/8"
RENAME = "update space set name = %s, version = version + 1 where id = %s"
CLIENT = "sync-client"
"""A client of the demo world that holds a role in organisation 8831."""

OWN, FOREIGN = 18, 14302
"""A space of that organisation, and one of another."""


class Hooks:
    """The webhooks of a register, as their operator manages them."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *arguments: object) -> Done:
        """Run a command."""
        return cadastre("webhook", *arguments, url=self.url, webhook_networks=LOCAL)

    def printed(self, *arguments: object) -> str:
        """Run a command that must succeed, and give what it prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, receiver: Receiver, *options: object, client: str = CLIENT, name: str = "hook") -> str:
        """Add a webhook for spaces and give its secret."""
        entity = () if "--entity" in options else ("--entity", "space")
        return self.printed("add", receiver.url, "--client", client, "--name", name, *entity, *options).split()[-1]

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run SQL as the owner of the tables."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def rename(self, name: str, id_: int = OWN) -> None:
        """Change a space."""
        self.sql(RENAME, name, id_)

    def rename_often(self, times: int, id_: int = OWN) -> None:
        """Change a space many times in one transaction."""
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.executemany(RENAME.encode(), [(str(number), id_) for number in range(times)])

    def hurry(self) -> None:
        """Let what waits be tried at once."""
        self.sql("update webhook set paused_until = null, taken_until = null")
        self.sql("update webhook_delivery set due_at = now() where due_at is not null")

    def is_idle(self) -> bool:
        """Tell whether nothing waits."""
        return self.sql("select count(*) from webhook_delivery where due_at is not null") == [(0,)]

    def outcomes(self) -> list[Any]:
        """Give the outcomes of the deliveries."""
        return [outcome for (outcome,) in self.sql("select outcome from webhook_delivery order by number")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver that runs."""
    with running(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def hooks(own_url: str) -> Iterator[Hooks]:
    """Give the webhooks of a register that two programs serve."""
    with open_api(own_url, webhook_networks=(LOCAL,)), open_api(own_url, webhook_networks=(LOCAL,)):
        yield Hooks(own_url)


def got(receiver: Receiver, number: int) -> list[Message]:
    """Wait for so many messages."""
    assert within(SOON, lambda: len(receiver.messages) >= number), receiver.messages
    return receiver.messages


def quiet(receiver: Receiver, number: int, seconds: float = 2) -> bool:
    """Tell whether no more than so many messages come for a while."""
    time.sleep(seconds)
    return len(receiver.messages) == number


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("cadastre_webhook_deliveries_total", {"outcome": outcome}) or 0.0


def test_a_change_is_sent_signed_with_what_the_webhook_selects(hooks: Hooks, receiver: Receiver) -> None:
    secret = hooks.add(receiver, "--select", "{ id name org { name } }")
    hooks.rename("新名")
    (message,) = got(receiver, 1)
    body = message.verified(secret)
    assert body.keys() == {"type", "timestamp", "data"}
    assert body["type"] == "cadastre.space.updated"
    assert body["timestamp"].startswith("20")
    cursor, change = body["data"].pop("cursor"), body["data"].pop("changeId")
    assert cursor
    assert hooks.sql("select max(id)::text from change where entity = 'space'") == [(change,)]
    assert body["data"] == {
        "operation": "UPDATE",
        "entityId": "18",
        "changedFields": ["name"],
        "space": {"id": "18", "name": "新名", "org": {"name": "美的君兰江山项目"}},
    }
    assert message.headers["content-type"] == "application/json; charset=utf-8"
    assert message.id.startswith("msg_")
    assert within(SOON, hooks.is_idle)
    assert quiet(receiver, 1, 1), "one of the two programs sends it"


def test_each_operation_has_a_type_and_a_deleted_record_is_null(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--entity", "space_location", "--under", 3429, "--select", "{ province }")
    hooks.sql("delete from space_location where space_id = 3429")
    hooks.sql("insert into space_location (space_id, province) values (3429, '广东')")
    got(receiver, 2)
    sent = {body["type"]: body["data"]["spaceLocation"] for body in receiver.bodies}
    kind = "cadastre.space_location"
    assert sent == {f"{kind}.deleted": None, f"{kind}.created": {"province": "广东"}}


def test_without_a_selection_the_fields_of_the_record_itself_are_sent(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver)
    hooks.rename("新名")
    space = got(receiver, 1)[0].body["data"]["space"]
    assert {"id", "name", "fullName", "code", "version", "orgId"} <= space.keys()
    assert "children" not in space
    assert "childCount" not in space


def test_only_what_the_client_sees_below_the_place_is_sent(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    with running(Receiver()) as below:
        hooks.add(below, "--select", "{ name }", "--under", 9888, name="below")
        hooks.rename("外人", FOREIGN)
        hooks.rename("房间", 10468)
        hooks.rename("小区", OWN)
        names = {message.body["data"]["space"]["name"] for message in got(receiver, 2)}
        assert names == {"房间", "小区"}
        assert got(below, 1)[0].body["data"]["space"] == {"name": "房间"}
        assert quiet(receiver, 2, 1)
        assert quiet(below, 1, 0)


def test_a_client_without_its_role_is_sent_nothing_and_what_waits_is_withheld(hooks: Hooks, receiver: Receiver) -> None:
    withheld = counted("withheld")
    hooks.add(receiver, "--select", "{ name }")
    receiver.answer_next(500)
    hooks.rename("前")
    got(receiver, 1)
    assert within(SOON, lambda: hooks.outcomes() == ["HTTP 500"])
    revoked = cadastre("client", "revoke", CLIENT, "--org", 8831, "--role", "管理员", url=hooks.url)
    assert revoked.returncode == 0, revoked.stderr
    time.sleep(1)
    hooks.rename("后")
    hooks.hurry()
    assert within(SOON, hooks.is_idle)
    assert quiet(receiver, 1)
    assert hooks.outcomes() == ["not sent: the client does not see it any more"]
    assert counted("withheld") == withheld + 1


def test_what_happens_while_the_client_is_disabled_waits_and_is_sent_then(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    cadastre("client", "disable", CLIENT, url=hooks.url)
    hooks.rename("新名")
    assert quiet(receiver, 0)
    assert f"waits: the client {CLIENT} is disabled" in hooks.printed("list")
    cadastre("client", "enable", CLIENT, url=hooks.url)
    assert got(receiver, 1)[0].body["data"]["space"] == {"name": "新名"}


def test_personal_data_are_masked_or_recorded(hooks: Hooks, receiver: Receiver) -> None:
    hooks.sql("insert into org_role (org_id, role_id) values (8829, 20589)")
    cadastre("client", "add", "reader", "--grant", "client_credentials", url=hooks.url)
    granted = cadastre("client", "grant", "reader", "--org", 8829, "--role", 20589, url=hooks.url)
    assert granted.returncode == 0, granted.stderr
    with running(Receiver()) as plain:
        options = ("--entity", "customer", "--select", "{ phone }")
        hooks.add(receiver, *options, client="reader")
        hooks.add(plain, *options, name="plain")
        hooks.sql("update customer set name = '新名', version = version + 1 where id = 9148")
        assert got(receiver, 1)[0].body["data"]["customer"] == {"phone": "134****0002"}
        assert got(plain, 1)[0].body["data"]["customer"] == {"phone": "13418770002"}
    assert hooks.sql("select client_id, entity, fields from personal_read") == [(CLIENT, "Customer", ["phone"])]


def test_what_fails_is_sent_again_under_its_id_until_it_is_confirmed(hooks: Hooks, receiver: Receiver) -> None:
    failed, delivered = counted("failed"), counted("delivered")
    hooks.add(receiver, "--select", "{ name }")
    receiver.answer_next(500)
    hooks.rename("新名")
    first, second = got(receiver, 2)
    assert (first.id, first.raw) == (second.id, second.raw)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) >= 4
    assert within(SOON, lambda: hooks.outcomes() == ["HTTP 204"])
    assert (counted("failed"), counted("delivered")) == (failed + 1, delivered + 1)
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


def test_an_operator_disables_and_removes_a_webhook(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    hooks.printed("disable", receiver.url)
    hooks.rename("新名")
    assert quiet(receiver, 0)
    assert "; disabled: disabled by " in hooks.printed("list")
    hooks.printed("remove", "hook")
    assert hooks.run("list").stderr == "There are no webhooks.\n"
    assert hooks.sql("select count(*) from webhook_delivery") == [(0,)]


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


def test_both_secrets_sign_for_a_day_after_a_rotation(hooks: Hooks, receiver: Receiver) -> None:
    old = hooks.add(receiver)
    new = hooks.printed("rotate", "hook").split()[-1]
    hooks.rename("新名")
    (message,) = got(receiver, 1)
    assert old != new
    assert len(message.headers["webhook-signature"].split()) == 2
    assert message.verified(old) == message.verified(new)
    hooks.sql("update webhook set old_secret_until = now()")
    hooks.rename("后")
    message = got(receiver, 2)[1]
    message.verified(new)
    with pytest.raises(WebhookVerificationError):
        message.verified(old)


def test_a_test_is_sent_at_once(hooks: Hooks, receiver: Receiver) -> None:
    secret = hooks.add(receiver)
    assert hooks.printed("test", "hook") == "hook: HTTP 204\n"
    body = receiver.messages[0].verified(secret)
    assert (body["type"], body["data"]) == ("cadastre.test", {"webhook": "hook"})
    receiver.answer_next(500)
    done = hooks.run("test", "hook")
    assert (done.returncode, done.stdout) == (1, "hook: HTTP 500\n")


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


def test_old_deliveries_are_forgotten(own_url: str, receiver: Receiver) -> None:
    hooks = Hooks(own_url)
    with open_api(own_url, webhook_networks=(LOCAL,)):
        hooks.add(receiver)
        hooks.rename("新名")
        assert within(SOON, lambda: hooks.outcomes() == ["HTTP 204"])
        hooks.sql("update webhook_delivery set created_at = now() - interval '31 days'")
        hooks.printed("disable", "hook")
        hooks.sql(
            "insert into webhook_delivery (webhook_number, change_id, record_id, created_at)"
            " select number, 1, 18, now() - interval '31 days' from webhook"
        )
    with open_api(own_url):
        assert within(SOON, lambda: hooks.outcomes() == [None]), "what waits is kept"


def test_no_request_reads_the_secrets(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        for table in ("webhook", "webhook_delivery"):
            query = (
                "select bool_or(has_table_privilege('cadastre_app', %s, privilege)) from unnest(%s::text[]) privilege"
            )
            privileges = ["select", "insert", "update", "delete"]
            assert connection.execute(query, [table, privileges]).fetchone() == (False,)


def test_no_more_receivers_than_the_setting_says_are_sent_to_at_a_time(own_url: str, receiver: Receiver) -> None:
    hooks, held, most = Hooks(own_url), [0], [0]

    def hold() -> None:
        held[0] += 1
        most[0] = max(most[0], held[0])
        time.sleep(0.2)
        held[0] -= 1

    with open_api(own_url, webhook_networks=(LOCAL,), max_webhooks=2):
        receiver.hold = hold
        for number in range(6):
            hooks.add(receiver, name=f"hook{number}")
        hooks.rename("新名")
        got(receiver, 6)
    assert most == [2]


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


def test_the_lines_of_the_page_verify_a_message(hooks: Hooks, receiver: Receiver) -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    (lines,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "hmac" in block]
    names: dict[str, Any] = {}
    exec(lines, names)  # noqa: S102 - our own page
    secret, is_genuine = hooks.add(receiver), names["is_genuine"]
    hooks.printed("test", "hook")
    (message,) = receiver.messages
    assert is_genuine(secret, message.headers, message.raw)
    assert not is_genuine(secret, message.headers, message.raw + b" ")
    assert not is_genuine(secret, {**message.headers, "webhook-timestamp": "1600000000"}, message.raw)
