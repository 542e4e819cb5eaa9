"""Webhooks: which events a receiver gets, their content and their signature."""

import re
import time
from typing import Any

import psycopg
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from tests.clients.api import open_api
from tests.clients.hooks import CLIENT, FOREIGN, LOCAL, OWN, SOON, Hooks, counted, got, quiet
from tests.clients.program import cadastre
from tests.clients.receiver import Receiver, running
from tests.clients.waiting import within
from tests.databases import ROOT


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


def test_an_operator_disables_and_removes_a_webhook(hooks: Hooks, receiver: Receiver) -> None:
    hooks.add(receiver, "--select", "{ name }")
    hooks.printed("disable", receiver.url)
    hooks.rename("新名")
    assert quiet(receiver, 0)
    assert "; disabled: disabled by " in hooks.printed("list")
    hooks.printed("remove", "hook")
    assert hooks.run("list").stderr == "There are no webhooks.\n"
    assert hooks.sql("select count(*) from webhook_delivery") == [(0,)]


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
