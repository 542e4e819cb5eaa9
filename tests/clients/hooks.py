"""The webhooks of a register, as their operator manages them, and what a receiver has got of them."""

import time
from typing import Any

import psycopg

from app.metrics.registry import REGISTRY
from tests.clients.program import Done, cadastre
from tests.clients.receiver import Message, Receiver
from tests.clients.waiting import within

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
