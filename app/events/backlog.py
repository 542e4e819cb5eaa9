"""Backlog: how many events wait to be sent."""

from typing import NamedTuple

import psycopg

COUNT = """select
  (select count(*) from change where id > coalesce((select change_id from relay_position where name = 'kafka'), 0)),
  (select count(*) from published_event where id not in (select event_id from parked_event)),
  (select count(*) from parked_event),
  (select count(*) from parked_event where reason is not null)"""


class Waiting(NamedTuple):
    """How many events wait."""

    changes: int
    published: int
    parked: int
    refused: int
    """Those of the parked ones that brokers refuse; the others wait behind them."""


def waiting(connection: psycopg.Connection) -> Waiting:
    """Count what waits."""
    (row,) = connection.execute(COUNT).fetchall()
    return Waiting(*row)
