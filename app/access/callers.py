"""Callers: finds the caller of a valid token in the database, and remembers it until rights change.

A caller is remembered for 30 seconds at most. A change of rights is announced to all processes (app/db/rights.py), and
the process that makes it forgets its callers before it answers. While a process does not hear announcements, it
remembers callers for 5 seconds.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple, Self

from cachetools import LRUCache

from app.access.caller import Caller
from app.access.capabilities import capabilities_of, narrowed
from app.access.grants import Holder, grants, menu_grants
from app.access.holdings import is_small_sql
from app.access.memory import Memory
from app.access.tokens import Claims, refused
from app.db.exchange import Row
from app.db.pool import Pool
from app.db.scope import outermost_paths
from app.error_codes import Message
from app.errors import InvalidInputError, UnavailableError

# ruff: noqa: S608 - the queries are put together from our own names


def serving(orgs: str) -> str:
    """Write the paths of the administrative organisations that serve some business organisations, or one below."""
    return f"""array(
      select distinct served.path from ({orgs}) held
      join org business on business.path ^@ held.path
      join org_relation on org_relation.business_org_id = business.id
      join org served on served.id = org_relation.administrative_org_id
    )"""


def query_of(holder: Holder, key: str, facts: str, source: str) -> str:
    """Write the query for a caller: who it is, and what the grants of a holder with a key give."""
    return f"""
with held as (select path, is_system_default from ({grants(holder)}) granted where granted.{holder}_id = {key})
select
  {facts},
  array(select distinct path from held) as scopes,
  {serving("select path from held")} as admin_scopes,
  array(select distinct path from held where is_system_default) as built_in,
  array(
    select distinct array[path, capability] from ({menu_grants(holder)}) granted
    where granted.{holder}_id = {key} and capability is not null
  ) as by_menus,
  {is_small_sql("array(select path from held)")} as is_small
{source}
"""


STAFF = query_of(
    "admin",
    "%(admin)s",
    "a.id, a.name, a.account, a.is_super, c.max_nodes, department.id, department.code, department.full_name",
    """
from admin a
left join org department on department.id = a.org_id
join login l on l.admin_id = a.id
join client c on c.client_id = l.client_id
where a.id = %(admin)s and a.is_enabled and a.status = 'ACTIVE' and a.token_version = %(version)s
  and l.sid::text = %(session)s and l.client_id = %(client)s and l.ended_at is null and l.token_version = %(version)s
  and c.is_enabled
""",
)
"""A member of staff whose token counts: so long as the client, the log-in and the account do."""

CLIENT = query_of(
    "client",
    "(select id from client where client_id = %(client)s)",
    "c.id, c.description, '', false, c.max_nodes, null, null, null",
    """
from client c
where c.client_id = %(client)s and c.is_enabled and 'client_credentials' = any(c.grant_types)
  and c.token_version = %(version)s
""",
)
"""A client that calls for itself."""

WORKING_ORG = f"""
select o.path, {serving("select o.path")}, {is_small_sql("array[o.path]")}
from org o where o.id = %(org)s and o.type = 'BUSINESS' and (%(is_super)s::boolean or o.path ^@ any(%(scopes)s::text[]))
"""
"""An organisation that the caller sees. For a hidden one the database does no more than for one that is not there,
so that the time of an answer does not tell them apart."""

NO_ORG = Message("there is no business organisation {id} to work in", "没有可切换的业务组织 {id}")

CACHE_SECONDS = 30
"""How long an answer of the database counts, unless a change of rights is announced earlier."""

DEAF_SECONDS = 5
"""How long it counts while this process does not hear announcements."""

CACHE_SIZE = 10_000


class CallerKey(NamedTuple):
    """Cache key of a caller: the claims of a token that decide who it is."""

    admin: int | None
    client: str
    version: int
    session: str | None

    @classmethod
    def of(cls, claims: Claims) -> Self:
        """Take the key from the claims of a token."""
        return cls(claims.admin_id, claims.client_id, claims.token_version, claims.session)


class WorkingKey(NamedTuple):
    """Cache key of an organisation as the callers of one scope see it."""

    org: int
    is_super: bool
    scopes: tuple[str, ...]


class WorkingOrg(NamedTuple):
    """A business organisation that callers work in: its path, and what a scope of it alone has."""

    path: str
    admin_scopes: tuple[str, ...]
    is_small: bool


class Callers:
    """The callers of one process, and the organisations that they work in.

    `deadline` is in seconds: a search in the database that takes longer ends with UnavailableError.
    """

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic, deadline: float = 30) -> None:
        self._pool, self._deadline, self._seconds = pool, deadline, DEAF_SECONDS
        self._callers: Memory[CallerKey, Caller | None] = Memory(CACHE_SIZE, self._seconds, clock)
        self._working_orgs: Memory[WorkingKey, WorkingOrg] = Memory(CACHE_SIZE, self._seconds, clock)
        self._narrowed: LRUCache[tuple[Caller, WorkingOrg], Caller] = LRUCache(CACHE_SIZE)

    async def of(self, claims: Claims) -> Caller:
        """Return the caller of a verified token.

        UnauthenticatedError when the account or the client is disabled, the log-in has ended, or the token version is
        no longer that of the token.
        """
        return await self._known(CallerKey.of(claims))

    async def client(self, client_id: str, token_version: int) -> Caller:
        """Return a client that calls for itself, without a token, for what the program does for it.

        UnauthenticatedError when it is disabled, or the token version is no longer its own.
        """
        return await self._known(CallerKey(None, client_id, token_version, None))

    async def _known(self, key: CallerKey) -> Caller:
        caller = await self._callers.get(key, self._ask)
        if caller is None:
            raise refused()
        return caller

    def forget_all(self) -> None:
        """Forget all callers, because rights have changed."""
        self._callers.forget_all(self._seconds)
        self._working_orgs.forget_all(self._seconds)
        self._narrowed.clear()

    def hear(self, announcement: str) -> None:
        """Forget the caller whose log-in has ended, or all callers after any other change of rights."""
        if announcement:
            self._callers.forget_where(lambda key: key.session == announcement)
        else:
            self.forget_all()

    def set_listening(self, is_up: bool) -> None:  # noqa: FBT001 - the state that a listener reports
        """Remember callers for longer while changes are heard. What was missed before is not known."""
        self._seconds = CACHE_SECONDS if is_up else DEAF_SECONDS
        self.forget_all()

    async def within(self, caller: Caller, org_id: int) -> Caller:
        """Narrow the scope and the capabilities of a caller to one business organisation and those below it.

        Document 003 calls it `create_org_id`. InvalidInputError when there is no such organisation, and the same when
        the caller does not see it.
        """
        key = WorkingKey(org_id, caller.is_super, caller.scopes)
        org = await self._working_orgs.get(key, self._ask_working_org)
        if (caller, org) not in self._narrowed:
            self._narrowed[caller, org] = _narrowed(caller, org)
        return self._narrowed[caller, org]

    async def _ask(self, key: CallerKey) -> Caller | None:
        rows = await self._rows(CLIENT if key.admin is None else STAFF, key._asdict())
        return caller_of_row(key, rows[0]) if rows else None

    async def _ask_working_org(self, key: WorkingKey) -> WorkingOrg:
        """Find an organisation. That there is none is not remembered: it may be created at any time."""
        rows = await self._rows(WORKING_ORG, {**key._asdict(), "scopes": [*key.scopes]})
        if not rows:
            raise InvalidInputError(NO_ORG, id=key.org)
        return WorkingOrg(rows[0][0], outermost_paths(rows[0][1]), rows[0][2])

    async def _rows(self, query: str, parameters: Mapping[str, object]) -> list[Row]:
        try:
            async with asyncio.timeout(self._deadline), self._pool.reading_as_owner() as reading:
                return await reading.run(query, parameters)
        except TimeoutError as error:
            raise UnavailableError(error) from error


def _narrowed(caller: Caller, org: WorkingOrg) -> Caller:
    return replace(
        caller,
        is_super=False,
        scopes=(org.path,),
        admin_scopes=org.admin_scopes,
        capabilities=narrowed(caller.capabilities, org.path),
        is_small=org.is_small,
    )


def caller_of_row(key: CallerKey, row: Row) -> Caller:
    """Make the caller of a row of `query_of`."""
    id_, name, account, is_super, max_nodes, org_id, org_code, org_full_name, *held = row
    scopes, admin_scopes, built_in, by_menus, is_small = held
    return Caller(
        id=id_,
        client_id=key.client,
        name=name,
        is_super=is_super,
        scopes=outermost_paths(scopes),
        admin_scopes=outermost_paths(admin_scopes),
        capabilities=capabilities_of(is_super, built_in, by_menus),
        max_nodes=max_nodes,
        is_small=is_small and not is_super,
        org_id=org_id,
        org_code=org_code,
        org_full_name=org_full_name,
        account=account or "",
        is_client=key.admin is None,
    )
