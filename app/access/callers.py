"""Callers: who a valid token speaks for now, asked of the database and remembered for half a minute."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar, cast

from cachetools import LRUCache, TTLCache

from app.access.caller import Caller
from app.access.capabilities import capabilities_of, narrowed
from app.access.holdings import is_small_sql
from app.access.tokens import Claims, refused
from app.db.exchange import Row
from app.db.pool import Pool
from app.db.scope import outermost_paths
from app.error_codes import Message
from app.errors import InvalidInputError

# A token is of use while its client, its log-in and its member of staff are. Administrative organisations that serve
# a business organisation below a grant belong to the caller as well.
WHO = f"""
with held as (
  select g.org_id, g.role_id, o.path, role.system_default
  from admin_grant g join org o on o.id = g.org_id join role on role.id = g.role_id
  where g.admin_id = %(admin)s
)
select
  a.name,
  a.is_super,
  array(select distinct path from held) as scopes,
  array(
    select distinct served.path from held
    join org business on business.path ^@ held.path
    join org_relation r on r.business_org_id = business.id
    join org served on served.id = r.administrative_org_id
  ) as admin_scopes,
  array(select path from held where system_default) as built_in,
  array(
    select distinct array[held.path, m.capability] from held
    join org_role_menu x on x.org_id = held.org_id and x.role_id = held.role_id
    join menu m on m.id = x.menu_id
    where m.capability is not null
  ) as by_menus,
  c.max_nodes,
  not a.is_super and {is_small_sql("array(select path from held)")} as is_small
from admin a
join login l on l.admin_id = a.id
join client c on c.client_id = l.client_id
where a.id = %(admin)s and a.enabled and a.status = 'ACTIVE' and a.token_version = %(version)s
  and l.sid::text = %(session)s and l.client_id = %(client)s and l.ended_at is null and l.token_version = %(version)s
  and c.enabled
"""  # noqa: S608 - our own names

WHICH_CLIENT = """
select description, false, '{}'::text[], '{}'::text[], '{}'::text[], '{}'::text[], max_nodes, true from client
where client_id = %(client)s and enabled and 'client_credentials' = any(grant_types)
"""
"""A client that calls for itself is nobody's staff: it sees no tenant's rows."""

WORKING_ORG = f"""
select o.path, array(
  select distinct served.path from org business
  join org_relation r on r.business_org_id = business.id
  join org served on served.id = r.administrative_org_id
  where business.path ^@ o.path
), {is_small_sql("array[o.path]")} from org o where o.id = %(org)s and o.type = 'BUSINESS'
"""  # noqa: S608 - our own names
"""A business organisation, the administrative ones that serve it or one below it, and whether it is small."""

NO_ORG = Message("there is no business organisation {id} to work in", "没有可切换的业务组织 {id}")


CACHE_SECONDS = 30
"""How long an answer of the database counts: a disabled account, a log-out and a new grant take effect after it."""

CACHE_SIZE = 10_000
MISSING = object()

Key = TypeVar("Key")
Value = TypeVar("Value")


class CallerKey(NamedTuple):
    """Cache key of a caller: the claims of a token that decide who it is."""

    admin: int | None
    client: str
    version: int
    session: str | None


class WorkingOrg(NamedTuple):
    """A business organisation that callers work in: its path, and what a scope of it alone has."""

    path: str
    admin_scopes: tuple[str, ...]
    is_small: bool


class Callers:
    """The callers of one process, and the organisations that they work in."""

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._callers: TTLCache[CallerKey, Caller | None] = TTLCache(CACHE_SIZE, CACHE_SECONDS, clock)
        self._working_orgs: TTLCache[int, WorkingOrg | None] = TTLCache(CACHE_SIZE, CACHE_SECONDS, clock)
        self._narrowed: LRUCache[tuple[Caller, WorkingOrg], Caller] = LRUCache(CACHE_SIZE)

    async def of(self, claims: Claims) -> Caller:
        """Give the caller of a verified token.

        UnauthenticatedError when the account or the client was disabled, the log-in ended or the token version grew
        after the token was made.
        """
        key = CallerKey(claims.admin_id, claims.client_id, claims.token_version, claims.session)
        caller = await cached(self._callers, key, self._ask)
        if caller is None:
            raise refused()
        return caller

    async def within(self, caller: Caller, org_id: int) -> Caller:
        """Narrow the scope and the capabilities of a caller to one business organisation and those below it.

        Document 003 calls it `create_org_id`. InvalidInputError when there is no such organisation, and the same when
        the caller does not see it.
        """
        org = await cached(self._working_orgs, org_id, self._ask_working_org)
        if org is None or not (caller.is_super or org.path.startswith(caller.scopes)):
            raise InvalidInputError(NO_ORG, id=org_id)
        if (caller, org) not in self._narrowed:
            self._narrowed[caller, org] = _narrowed(caller, org)
        return self._narrowed[caller, org]

    async def _ask(self, key: CallerKey) -> Caller | None:
        async with self._pool.reading_as_owner() as reading:
            rows = await reading.run(WHICH_CLIENT if key.admin is None else WHO, key._asdict())
        return _caller(key, rows[0]) if rows else None

    async def _ask_working_org(self, org_id: int) -> WorkingOrg | None:
        async with self._pool.reading_as_owner() as reading:
            rows = await reading.run(WORKING_ORG, {"org": org_id})
        return WorkingOrg(rows[0][0], outermost_paths(rows[0][1]), rows[0][2]) if rows else None


async def cached(cache: TTLCache[Key, Value], key: Key, load: Callable[[Key], Awaitable[Value]]) -> Value:
    """Give the cached value of a key, or load it. None is a value like any other."""
    value: Value | object = cache.get(key, MISSING)
    if value is MISSING:
        value = cache[key] = await load(key)
    return cast("Value", value)


def _narrowed(caller: Caller, org: WorkingOrg) -> Caller:
    return replace(
        caller,
        is_super=False,
        scopes=(org.path,),
        admin_scopes=org.admin_scopes,
        capabilities=narrowed(caller.capabilities, org.path),
        is_small=org.is_small,
    )


def _caller(key: CallerKey, row: Row) -> Caller:
    name, is_super, scopes, admin_scopes, built_in, by_menus, max_nodes, is_small = row
    return Caller(
        admin_id=key.admin,
        client_id=key.client,
        name=name,
        is_super=is_super,
        scopes=outermost_paths(scopes),
        admin_scopes=outermost_paths(admin_scopes),
        capabilities=capabilities_of(is_super, built_in, by_menus),
        max_nodes=max_nodes,
        is_small=is_small,
    )
