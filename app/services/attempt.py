"""Attempt: a log-in with a password, from where it comes, and how its failures are counted (docs/login.md).

Failures are counted for an account and a source: an address with a client. After a number of them the source is locked
for this account: for one minute, then with each further failure for two, four, eight and 15 minutes. The count is
halved every hour.

The account as a whole is locked after ten times as many failures from sources that it has not logged in from. That
bounds the guesses of an attacker with many addresses. Sources of a log-in in the last 90 days are exempt.

While a lock holds no failure is counted and no password is accepted.
"""

import hashlib
import ipaddress
from collections.abc import Mapping
from typing import NamedTuple

from psycopg.sql import SQL

from app.db.rendering import Statement, statement_of

# ruff: noqa: S608 - the statements are put together from our own names

ACCOUNT_FACTOR = 10
LONGEST_LOCK_MINUTES = 15
IPV6_NETWORK = 64
"""Bits of an IPv6 address that count: the rest is chosen by its host."""

CHANGE = "password change"
"""The source of a wrong present password: the account has logged in, and no failure elsewhere may hinder it."""

SOURCE_LOCKED = "coalesce(s.locked_until > clock_timestamp(), false)"

KNOWN_DAYS = 90
KNOWN = f"coalesce(s.succeeded_at > now() - interval '{KNOWN_DAYS} days', false)"
"""The account has logged in from the source."""

LOCKED = f"({SOURCE_LOCKED} or (coalesce(a.locked_until > clock_timestamp(), false) and not {KNOWN}))"

LEFT = "floor(s.failures / 2 ^ least(floor(extract(epoch from clock_timestamp() - s.changed_at) / 3600), 30))::int"
"""What is left of the failures of a source."""


def lock_after(failures: str) -> str:
    """Write the end of a lock after a number of failures; null when there is none."""
    beyond = f"least({failures} - %(allowed)s::int, 10)"
    return f"""case when {failures} >= %(allowed)s::int
      then clock_timestamp() + make_interval(mins => least({LONGEST_LOCK_MINUTES}, 2 ^ {beyond})::int) end"""


# One statement counts and locks, so that parallel failures are counted one by one. A failure that finds the source
# locked by a parallel one changes nothing. Both statements lock the account first, so that they do not deadlock.
COUNT_FAILURE = f"""
with account as (
  select id from admin where id = %(id)s::bigint for no key update
), counted as (
  insert into login_source as s (admin_id, source, failures, locked_until)
  select id, %(source)s::text, 1, {lock_after("1")} from account
  on conflict (admin_id, source) do update set
    failures = {LEFT} + 1, changed_at = clock_timestamp(), locked_until = {lock_after(f"({LEFT} + 1)")}
  where not {SOURCE_LOCKED}
  returning s.failures, s.succeeded_at
), others as (
  select coalesce(sum({LEFT}), 0) as failures from login_source s
  where s.admin_id = %(id)s::bigint and s.source <> %(source)s::text and not {KNOWN}
)
update admin a set
  login_failures = a.login_failures + 1,
  locked_until = case when not {KNOWN} and s.failures + others.failures >= {ACCOUNT_FACTOR} * %(allowed)s::int
    then clock_timestamp() + interval '{LONGEST_LOCK_MINUTES} minutes' else a.locked_until end
from counted s, others
where a.id = %(id)s::bigint
"""

COUNT_SUCCESS = f"""
with own as (
  insert into login_source as s (admin_id, source, failures, succeeded_at)
  select a.id, %(source)s::text, 0, now()
  from admin a left join login_source s on s.admin_id = a.id and s.source = %(source)s::text
  where a.id = %(id)s::bigint and a.password_hash = %(hash)s::text and not {LOCKED}
  for no key update of a
  on conflict (admin_id, source) do update set
    failures = 0, changed_at = clock_timestamp(), succeeded_at = now(), locked_until = null
  where not {SOURCE_LOCKED}
  returning s.admin_id
)
update admin set login_failures = 0, last_login_at = now()
where id = (select admin_id from own) and password_hash = %(hash)s::text
returning id
"""


class Attempt(NamedTuple):
    """A log-in with a password."""

    source: str
    """A digest of the address and the client: the address itself is not needed."""

    allowed: int
    """How many failures lock the source."""

    @classmethod
    def of(cls, address: str, client_id: str, allowed: int) -> "Attempt":
        """Return the attempt of a client at an address."""
        return cls(hashlib.sha256(f"{network_of(address)} {client_id}".encode()).hexdigest(), allowed)

    def parameters(self, admin_id: int) -> Mapping[str, object]:
        """Return the parameters of COUNT_FAILURE."""
        return {"id": admin_id, "source": self.source, "allowed": self.allowed}


def network_of(address: str) -> str:
    """Return what identifies a client's connection to the Internet; the text itself when it is no IP address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False)) if ip.version == 6 else str(ip)  # noqa: PLR2004


def counted_failure(admin_id: int, allowed: int) -> tuple[Statement, Mapping[str, object]]:
    """Return the statement that counts a wrong present password, and locks changes of the password after some."""
    return statement_of(SQL(COUNT_FAILURE)), Attempt(CHANGE, allowed).parameters(admin_id)
