"""AppGrant: which top business organisations an app may serve (document 003, 14.2).

One app of a type serves an organisation. An app keeps the organisations in which its users have approved claims.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.app_grant import AppGrant, AppType
from app.services import rows
from app.services.calls import call
from app.services.granting import NamedOrg, Orgs, lock_orgs
from app.services.targets import REPEATED, Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers

CAPABILITY = "app.grant"

NOT_TOP = Message(
    "an app serves top business organisations; organisation {id} is below another one",
    "App只能授权给顶级业务组织，组织 {id} 不是顶级组织",
)
TAKEN = Message("organisation {id} is granted to another app of this type", "业务组织 {id} 已授权给同类型的其他App")

COLUMNS = ("app_id", "app_type", "org_id")

GRANTS = statement_of(
    SQL(
        "select held.id, held.app_id, held.app_type, held.org_id from app_grant held join org on org.id = held.org_id"
        " where held.app_id = any(%(app_ids)s::text[]) or held.org_id = any(%(ids)s::bigint[])"
        " order by held.org_id, held.id"
    )
)
"""The grants of some apps, and those of some organisations, as far as the organisations are visible."""

BOUND = call("bound_app_grants", ids="bigint[]")


@dataclass(frozen=True)
class SetAppGrants:
    """App授权业务组织 The organisations that an app may serve from now on, instead of those before."""

    app_id: str
    app_type: AppType
    org_ids: tuple[int, ...] = refers(
        AppGrant.org_id, "业务组织 Top business organisations; those in which app users have approved claims stay"
    )


class Grant(NamedTuple):
    """A stored grant."""

    id: int
    app_id: str
    app_type: str
    org_id: int


class App(NamedTuple):
    """What grants are given to: the id of an app, and its type."""

    id: str
    type: str


async def set_app_grants(writing: Writing, caller: Caller, inputs: Sequence[SetAppGrants]) -> list[Outcome]:
    """Say which organisations apps may serve (document 003, 14.2); the answer lists the grants that hold afterwards.

    Organisations in which the caller does not hold the capability stay as they are. So do those in which users of the
    app have approved claims. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    named = {id_ for input_ in inputs for id_ in input_.org_ids}
    before = await _grants(writing, inputs, named)
    orgs = await lock_orgs(writing, named | {grant.org_id for grant in before})
    stored = await _grants(writing, inputs, named)
    wanted = [(_app(input_), id_) for input_ in inputs for id_ in input_.org_ids]
    held = {(App(grant.app_id, grant.app_type), grant.org_id) for grant in stored}
    new = [pair for pair in wanted if pair not in held]
    check_capability(caller, CAPABILITY, (orgs[id_].path for _, id_ in new if id_ in orgs))
    errors = _all_errors(inputs, orgs, stored)
    if any(errors):
        return outcomes(errors)
    await _drop(writing, [grant for grant in stored if _is_dropped(caller, grant, inputs, orgs)])
    values = [NewGrant(app.id, app.type, id_) for app, id_ in new]
    await writing.fetch_all([(rows.insert(AppGrant, COLUMNS), rows.arrays(values, COLUMNS))])
    return await _outcomes(writing, inputs)


class NewGrant(NamedTuple):
    """A new grant."""

    app_id: str
    app_type: str
    org_id: int


async def _grants(writing: Writing, inputs: Sequence[SetAppGrants], org_ids: Iterable[int]) -> list[Grant]:
    values = {"app_ids": [input_.app_id for input_ in inputs], "ids": sorted(org_ids)}
    (found,) = await writing.fetch_all([(GRANTS, values)])
    return [Grant(*row) for row in found]


async def _drop(writing: Writing, grants: Sequence[Grant]) -> None:
    """Delete grants, but keep bound ones; a claim counts whether the caller sees it or not."""
    ids = [grant.id for grant in grants]
    (bound,) = await writing.fetch_all([(BOUND, {"ids": ids})])
    kept = {row[0] for row in bound}
    await writing.fetch_all([(rows.delete(AppGrant), {"ids": [id_ for id_ in ids if id_ not in kept]})])


async def _outcomes(writing: Writing, inputs: Sequence[SetAppGrants]) -> list[Outcome]:
    held = await _grants(writing, inputs, ())
    by_app = [tuple(each.id for each in held if App(each.app_id, each.app_type) == _app(input_)) for input_ in inputs]
    return [Outcome(None, ids=ids) for ids in by_app]


def _is_dropped(caller: Caller, grant: Grant, inputs: Sequence[SetAppGrants], orgs: Orgs) -> bool:
    """Return whether an app loses an organisation, in which the caller may decide."""
    own = [input_ for input_ in inputs if _app(input_) == App(grant.app_id, grant.app_type)]
    is_named = any(grant.org_id in input_.org_ids for input_ in own)
    return bool(own) and not is_named and grant.org_id in orgs and caller.may(CAPABILITY, orgs[grant.org_id].path)


def _all_errors(inputs: Sequence[SetAppGrants], orgs: Orgs, stored: Sequence[Grant]) -> list[Errors]:
    apps = {(grant.org_id, grant.app_type): grant.app_id for grant in stored}
    times = Counter((id_, input_.app_type.value) for input_ in inputs for id_ in input_.org_ids)
    repeated = {id_ for (id_, _), number in times.items() if number > 1}
    return [_errors(input_, orgs, apps, repeated) for input_ in inputs]


def _errors(input_: SetAppGrants, orgs: Orgs, apps: Mapping[tuple[int, str], str], repeated: Collection[int]) -> Errors:
    return tuple(
        error
        for id_ in input_.org_ids
        for error in missing(id_, orgs, "org_ids")
        or _refusals(orgs[id_], id_ in repeated, apps.get((id_, input_.app_type.value)) not in (None, input_.app_id))
    )


def _refusals(org: NamedOrg, is_repeated: bool, is_taken: bool) -> Errors:  # noqa: FBT001 - facts of one organisation
    reasons = {NOT_TOP: org.path.count("/") > 1, TAKEN: is_taken, REPEATED: is_repeated}
    return tuple(InvalidInputError(reason, path=("org_ids",), id=org.id) for reason, holds in reasons.items() if holds)[
        :1
    ]


def _app(input_: SetAppGrants) -> App:
    return App(input_.app_id, input_.app_type.value)
