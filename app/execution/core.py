"""Core: graphql-core executes a query in a thread with an event loop of its own.

graphql-core completes lists and introspection without a pause, so on the event loop of the program it would stop all
other requests. Only the statements run there, on the connection of the request.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, MiddlewareManager, execute

from app.db.exchange import Row
from app.db.rendering import Statement
from app.execution.background import Background
from app.execution.prepare import Prepared
from app.loaders.budget import AnswerValuesError, CountedRows
from app.loaders.context import Context


class StoppedError(BaseException):
    """Ends an execution: graphql-core would put an Exception into the errors of the answer, and go on."""


class RowsOfProgram:
    """The rows of a request, asked for in the event loop of a thread and fetched in that of the program."""

    def __init__(self, counted: CountedRows) -> None:
        self.counted, self._home = counted, asyncio.get_running_loop()
        self._fetches: set[asyncio.Task[object]] = set()

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and return its rows; NodeLimitError when they exceed the budget."""
        fetching = asyncio.run_coroutine_threadsafe(self._fetch(statement, parameters), self._home)
        return await asyncio.wrap_future(fetching)

    async def _fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        fetch = asyncio.ensure_future(self.counted.fetch(statement, parameters))
        self._fetches.add(fetch)
        fetch.add_done_callback(self._fetches.discard)
        return await fetch

    async def ended(self) -> None:
        """Wait until no statement is running: one that the thread has cancelled still holds the connection."""
        if self._fetches:
            await asyncio.wait(self._fetches)


class Core:
    """One execution of a query by graphql-core. Every field that it resolves counts as a value of the answer."""

    def __init__(self, schema: GraphQLSchema, prepared: Prepared, rows: RowsOfProgram, *, suggest: bool) -> None:
        self._schema, self._prepared, self._rows, self._suggest = schema, prepared, rows, suggest
        self._is_stopped = False
        self._stop: Callable[[], object] = lambda: None

    async def run(self, background: Background, context: Context) -> ExecutionResult:
        """Execute in a thread, within a turn; what the budget of rows or of values refuses is raised."""
        try:
            result = await background.run(partial(self._execute, context), self.stop)
        except StoppedError:
            result = ExecutionResult()
        finally:
            await self._rows.ended()
        if self._rows.counted.exceeded is not None:
            raise self._rows.counted.exceeded
        return result

    def stop(self) -> None:
        """End the execution: at its next field, or while it waits for rows."""
        self._is_stopped = True
        self._stop()

    def _execute(self, context: Context) -> ExecutionResult:
        with asyncio.Runner() as runner:
            return runner.run(self._main(context))

    async def _main(self, context: Context) -> ExecutionResult:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            self._stop = lambda: loop.call_soon_threadsafe(task.cancel)
        result = execute(
            self._schema,
            self._prepared.document.ast,
            variable_values=dict(self._prepared.request.variables or {}),
            operation_name=self._prepared.request.operation_name,
            context_value=context,
            hide_suggestions=not self._suggest,
            middleware=MiddlewareManager(self),
        )
        return result if isinstance(result, ExecutionResult) else await result

    def resolve(self, next_: Callable[..., Any], parent: object, info: object, /, **given: object) -> object:
        """Resolve a field, as graphql-core's middleware; StoppedError when the execution is to end."""
        if self._is_stopped:
            raise StoppedError
        try:
            self._rows.counted.add_values(1)
        except AnswerValuesError as error:
            raise StoppedError from error
        return next_(parent, info, **given)
