"""Connections: open connections to the database that log in as one role, and the taking and giving back of them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.db.announcements import note_announcement
from app.db.connecting import Parameters, conninfo_of, is_direct, session_sql
from app.db.exchange import Call, ExchangingConnection
from app.errors import UnavailableError

POOLED: Parameters = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 3000,  # milliseconds; otherwise the pool keeps a broken connection for ten seconds more
}
"""The defaults of a connection that serves requests."""

CONNECTION: dict[str, object] = {
    "autocommit": True,  # transactions are opened explicitly, in as few round trips as possible
    "prepare_threshold": None,  # ExchangingConnection prepares and closes statements itself
}
RECONNECT_SECONDS = 0
"""How long the pool tries to reconnect by itself. It waits longer after each failed attempt, and while it does, a
request that comes when the database is up again would wait too. So each request asks anew until it has a connection."""

ASK_SECONDS = 0.25
"""How often a request that waits asks the pool for a connection, which then tries to connect if it has none."""

SERVER_PID = Call("select pg_backend_pid()", may_prepare=False)


class Connections:
    """At most `size` connections by one URL; `timeout` is in seconds, `may_prepare` as for the pool."""

    def __init__(self, name: str, url: str, size: int, timeout: float, *, may_prepare: bool) -> None:
        self.name = name
        self._may_prepare, self._timeout = may_prepare, timeout
        self._pool = AsyncConnectionPool(
            conninfo_of(url, **POOLED),
            connection_class=ExchangingConnection,
            kwargs=CONNECTION,
            configure=self._configure,
            min_size=1,
            max_size=size,
            timeout=timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name=name,
        )

    async def open(self) -> None:
        """Start to connect, without waiting: the program runs while its database is down."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def pop_stats(self) -> Mapping[str, int]:
        """Return the present numbers of psycopg_pool, and its counts since the last call."""
        return self._pool.pop_stats()

    async def take(self) -> ExchangingConnection:
        """Take a connection; UnavailableError when there is none in time."""
        try:
            return await self._take_open()
        except TimeoutError as error:
            raise UnavailableError(error) from error

    async def give_back(self, connection: ExchangingConnection) -> None:
        """Give a connection back; one in a transaction or with an error is replaced."""
        if connection.closed:  # by libpq: the pool forgets it, and its duplicate would keep the socket open
            await connection.close()
        await self._pool.putconn(connection)

    async def _take_open(self) -> ExchangingConnection:
        """Take a connection that is open; closed ones, as after a restart of the database, go back and are replaced.

        TimeoutError when there is none in time.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._timeout
        while (left := deadline - clock()) > 0:
            with suppress(PoolTimeout):
                connection = await self._pool.getconn(min(ASK_SECONDS, left))
                if not is_closed_by_server(connection):
                    return connection
                await self.give_back(connection)
        raise TimeoutError

    async def _configure(self, connection: ExchangingConnection) -> None:
        """Set the session of a new connection, or close it: the pool forgets one that cannot be set."""
        try:
            await self._set_session(connection)
        except BaseException:
            await connection.close()
            raise

    async def _set_session(self, connection: ExchangingConnection) -> None:
        """Set the session of a new connection; behind a pooler, every transaction sets its own."""
        connection.may_prepare = self._may_prepare
        connection.add_notice_handler(partial(note_announcement, connection.announced))
        (((server_pid,),),) = await connection.exchange([SERVER_PID])
        options = connection.info.options
        if is_direct(connection, server_pid):
            await connection.exchange([Call(session_sql(options, is_local=False), may_prepare=False)])
        else:
            connection.opening = (Call(session_sql(options, is_local=True)),)


def is_closed_by_server(connection: ExchangingConnection | psycopg.Connection) -> bool:
    """Return whether the server has closed an idle connection.

    Reading what has arrived on the socket takes a microsecond; a round trip would take a hundred. It is read twice,
    because the server may send a last message before it closes the connection.
    """
    try:
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return False
