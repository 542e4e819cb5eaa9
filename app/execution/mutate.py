"""Mutate: a prepared mutation runs in one transaction, and no fallback runs it a second time.

It runs again only after a RetryError: then nothing of the first run is left, neither in the database nor in the answer.
The plans of the payloads are compiled before anything is written. Each root field has a savepoint: what it wrote is
undone when it fails, and the fields after it still run. The transaction commits when every payload has been read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from graphql import GraphQLError
from strawberry.utils.str_converters import to_camel_case

from app.access.caller import Caller
from app.db.pool import Pool
from app.db.transaction import Writing
from app.engine.mutation import MutationPlan, RootField, payload_row
from app.engine.operation import Audience
from app.engine.plan import Inputs as PlanInputs
from app.engine.plans import Engine
from app.engine.running import run
from app.error_codes import Language
from app.errors import ForbiddenError, InvalidInputError, RequestError, UnauthenticatedError
from app.execution.disclosures import record_disclosures_in
from app.execution.documents import Documents
from app.execution.errors import error_json, own_json
from app.execution.extensions import extensions_of
from app.execution.idempotency import kept, key_of, replay
from app.execution.prepare import Prepared
from app.execution.request import COMPILED, Answer, Run
from app.execution.retries import retried
from app.execution.writing import InputError, Inputs, RowError, UndoError, Written, write_all
from app.loaders.budget import CountedRows, ShareExceededError
from app.loaders.disclosures import Disclosures
from app.metrics.requests import ERRORS
from app.services.admin_password import WrongPasswordError, count_failure
from app.services.idempotency import Key
from app.services.integrity import INTEGRITY, conflict_of
from app.services.write import WRITE, Write
from app.settings import Settings


@dataclass
class Session:
    """One mutation request while it runs: its transaction, and the parts of the answer that are complete."""

    writing: Writing
    caller: Caller
    prepared: Prepared
    rows: CountedRows
    state: Run
    settings: Settings
    data: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    """The codes of the user errors, which are counted after the commit."""


class Mutations:
    """Runs mutations, each in one transaction that writes."""

    def __init__(self, engine: Engine, documents: Documents, pool: Pool, settings: Settings) -> None:
        self._engine, self._documents, self._pool, self._settings = engine, documents, pool, settings

    async def run(self, prepared: Prepared, state: Run) -> Answer:
        """Run the root fields in their order; UnauthenticatedError without a caller."""
        if state.caller is None:
            raise UnauthenticatedError
        audience = Audience(state.sees_personal, state.scope.extent, prepared.request.dialect)
        plan = await self._engine.mutation(prepared.asked_by(audience), self._documents.aside)
        state.way = COMPILED
        key = key_of(prepared.request, state.caller)
        return await retried(partial(self._run, plan, prepared, state, state.caller, key))

    async def _run(self, plan: MutationPlan, prepared: Prepared, state: Run, caller: Caller, key: Key | None) -> Answer:
        """Run a mutation once, in a transaction of its own, unless the answer under its key is kept."""
        state.disclosures, state.actual, state.values = Disclosures(), 0, 0
        async with self._pool.writing(state.scope, prepared.request.origin) as writing:
            if key is not None and (answer := await replay(writing, key, caller, prepared)):
                return answer
            rows = CountedRows(writing, state.budget)
            session = Session(writing, caller, prepared, rows, state, self._settings)
            await run_fields(session, plan)
            await record_disclosures_in(writing, state.disclosures, prepared.document)
            answer = Answer({"data": session.data, **({"errors": session.errors} if session.errors else {})})
            if key is not None:
                answer.body["extensions"] = extensions_of(state, self._settings)
                answer = await kept(writing, key, answer, plan, state)
        for code in session.codes:
            ERRORS.labels(code).inc()
        return answer


async def run_fields(session: Session, plan: MutationPlan) -> None:
    """Run each root field behind a savepoint. A refused field is null in the data and has an error with its path.

    A document of the program is all or nothing: it ends with the first error, and nothing of it is written.
    """
    session.writing.excludes = excludes(plan)
    for key, root in plan.fields.items():
        try:
            session.data[key] = root if isinstance(root, str) else await run_field(session, root)
        except RowError as error:
            raise error.of(key) from error
        except (ForbiddenError, InvalidInputError, GraphQLError) as error:
            if session.prepared.request.is_own:
                raise
            session.data[key] = None
            session.errors.append({"path": [key], **field_error(error, session.prepared.request.language)})


def excludes(plan: MutationPlan) -> bool:
    """Return whether a request takes the locks of its tenants alone: several fields do not all share them."""
    roots = [root for root in plan.fields.values() if isinstance(root, RootField)]
    writes: list[Write] = [root.declared.extensions[WRITE] for root in roots]
    return len(writes) > 1 and not all(write.shares for write in writes)


def field_error(error: RequestError | GraphQLError, language: Language) -> dict[str, Any]:
    """Write why a root field is null; graphql-core's error says that a variable is null where it must not be."""
    return error_json(error, {}, language) if isinstance(error, GraphQLError) else own_json(error, language)


async def run_field(session: Session, root: RootField) -> dict[str, Any]:
    """Write what a root field asks for and return its payload."""
    write: Write = with_settings(root.declared.extensions[WRITE], session.settings)
    if write.capability is not None and not session.caller.may_somewhere(write.capability):
        raise ForbiddenError(write.capability)
    inputs = Inputs.read(write, root.arguments(session.prepared.variables)["input"])
    note_comparisons(session.state.disclosures, write, inputs)
    try:
        async with session.writing.savepoint():
            written = await write_all(session.writing, session.caller, write, inputs)
            answer = await payload(session, root, written)
            await session.writing.send_waiting()  # a payload without records has sent nothing
            undo_dry_run(inputs, written, answer)
            return answer
    except UndoError as undo:
        await count_failures(session, undo.written)
        return undo.payload or await payload(session, root, undo.written)
    except INTEGRITY as error:  # others wrote at the same time, and the service could not foresee it
        return await payload(session, root, Written([], [InputError(("input",), None, conflict_of(error))]))


def with_settings(write: Write, settings: Settings) -> Write:
    """Give a service the settings that it takes."""
    given = {name: getattr(settings, name) for name in write.settings}
    return replace(write, service=partial(write.service, **given)) if given else write


def note_comparisons(disclosures: Disclosures, write: Write, inputs: Inputs) -> None:
    """Note which personal data are compared with those of stored records, also if nothing is written then."""
    if write.compares is None:
        return
    for input_ in inputs.by_place.values():
        if columns := write.compares.columns_of(input_):
            disclosures.compare(write.compares.entity, columns, inputs=1)


async def count_failures(session: Session, written: Written) -> None:
    """Count wrong passwords as failed log-ins: what a refused field wrote is undone, and this must not be."""
    for each in written.errors:
        if isinstance(each.error, WrongPasswordError):
            async with session.writing.savepoint():
                await count_failure(session.writing, session.settings.login_failures)


def undo_dry_run(inputs: Inputs, written: Written, answer: dict[str, Any]) -> None:
    """End a dry run by UndoError."""
    if inputs.is_dry_run:
        raise UndoError(written, answer)


async def payload(session: Session, root: RootField, written: Written) -> dict[str, Any]:
    """Read the selection of the payload in the transaction of the write."""
    if written.errors and session.prepared.request.is_own:
        raise written.errors[0].refusal()
    session.codes += [each.error.code for each in written.errors]
    errors = user_errors(written.errors, session.prepared.request.language)
    plan = root.payload.starting_with(payload_row(written.ids, errors))
    inputs = PlanInputs(session.prepared.variables, session.caller)
    rows, disclosures = session.rows, session.state.disclosures
    mark = rows.mark()
    try:
        return await run(plan, inputs, rows, disclosures, together=True)
    except ShareExceededError:
        rows.return_to(mark)
        return await run(plan, inputs, rows, disclosures, together=False)
    finally:
        session.state.count(rows)


def user_errors(errors: Sequence[InputError], language: Language) -> list[dict[str, Any]]:
    """Return errors as the fields of UserError."""
    return [
        {
            "code": each.error.code,
            "message": each.error.message_in(language),
            "path": [*each.place, *map(to_camel_case, each.error.path)],
            "index": each.index,
        }
        for each in errors
    ]
