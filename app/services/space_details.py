"""Space details: the addresses of communities and the details of parking places (document 003, 4.2, 4.3, 4.6, 4.7).

A space has at most one of each. Setting one creates it, or changes the columns that are set. An input names the space,
or the detail by its own `id`; an `id` that no detail has is that of the space.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from typing import Any

from psycopg.sql import SQL, Identifier

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.models import Entity, ParkingDetail, SpaceLocation
from app.models.parking import ParkingCharging, ParkingNature, ParkingStatus, ParkingType
from app.models.space import SpaceType
from app.services import nodes, rows
from app.services.nodes import Node
from app.services.space import AREAS, CAPABILITY, NEGATIVE, SPACE
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import UNSET, Outcome, Unset, refers

OTHER_TYPE = Message("this is for a {expected}; the space is a {type}", "仅适用于 {expected}，该空间是 {type}")
OUT_OF_RANGE = Message("a coordinate lies between -180 and 180 degrees", "坐标必须在 -180 到 180 度之间")
TWICE = Message("the space is named twice", "空间重复出现")
NO_SPACE = Message("spaceId is missing, and so is id", "缺少 spaceId 或 id")
TWO_SPACES = Message("id belongs to the space {space_id}, not to spaceId", "id 属于空间 {space_id}，与 spaceId 不符")

INSTEAD = "instead of `spaceId`"
LARGEST_DEGREES = 180


@dataclass(frozen=True)
class SetSpaceLocation:
    """项目地址 The address of a community; what is left out stays as it is."""

    space_id: int | None = None
    id: int | None = refers(SpaceLocation.id, f"编号 Id of the address or of the community, {INSTEAD}", None)
    expected_version: int | None = None
    province: str | Unset | None = UNSET
    city: str | Unset | None = UNSET
    district: str | Unset | None = UNSET
    street: str | Unset | None = UNSET
    longitude: float | Unset | None = UNSET
    latitude: float | Unset | None = UNSET
    picture: str | Unset | None = UNSET


@dataclass(frozen=True)
class SetParkingDetail:
    """车位详情 The details of a parking place; what is left out stays as it is."""

    space_id: int | None = None
    id: int | None = refers(ParkingDetail.id, f"编号 Id of the details or of the parking place, {INSTEAD}", None)
    expected_version: int | None = None
    number: str | Unset | None = UNSET
    sub_number: str | Unset | None = UNSET
    area: Decimal | Unset | None = UNSET
    fee_area: Decimal | Unset | None = UNSET
    type: ParkingType | Unset = UNSET
    nature: ParkingNature | Unset | None = UNSET
    status: ParkingStatus | Unset | None = UNSET
    charging: ParkingCharging | Unset | None = UNSET


@dataclass(frozen=True)
class DeleteSpaceLocation:
    """删除项目地址 Delete the address of a community."""

    space_id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteParkingDetail:
    """删除车位详情 Delete the details of a parking place."""

    space_id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class Detail:
    """One kind of detail: its table, the type of space that has it, and the check of its values."""

    model: type[Entity]
    of_type: SpaceType
    value_errors: Callable[[Any], Errors]


@dataclass(frozen=True)
class Change:
    """A detail as `rows` writes it: `id` is the record's; the other fields are those of the input."""

    id: int | None
    input: Any

    def __getattr__(self, name: str) -> Any:
        """Return a field of the input."""
        return getattr(self.input, name)


def _location_errors(input_: SetSpaceLocation) -> Errors:
    coordinates = {"longitude": input_.longitude, "latitude": input_.latitude}
    return tuple(
        InvalidInputError(OUT_OF_RANGE, path=(name,))
        for name, degrees in coordinates.items()
        if isinstance(degrees, float | int) and not -LARGEST_DEGREES <= degrees <= LARGEST_DEGREES
    )


def _parking_errors(input_: SetParkingDetail) -> Errors:
    areas = {name: getattr(input_, name) for name in AREAS}
    return tuple(
        InvalidInputError(NEGATIVE, path=(name,))
        for name, area in areas.items()
        if isinstance(area, Decimal) and area < 0
    )


LOCATION = Detail(SpaceLocation, SpaceType.COMMUNITY, _location_errors)
PARKING = Detail(ParkingDetail, SpaceType.PARK_SPACE, _parking_errors)


async def set_space_locations(writing: Writing, caller: Caller, inputs: Sequence[SetSpaceLocation]) -> list[Outcome]:
    """Set addresses of communities (document 003, 4.2). UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT."""
    return await _set(writing, caller, inputs, LOCATION)


async def set_parking_details(writing: Writing, caller: Caller, inputs: Sequence[SetParkingDetail]) -> list[Outcome]:
    """Set details of parking places (document 003, 4.6). UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT."""
    return await _set(writing, caller, inputs, PARKING)


async def delete_space_locations(
    writing: Writing, caller: Caller, inputs: Sequence[DeleteSpaceLocation]
) -> list[Outcome]:
    """Delete addresses of communities. UserErrors: NOT_FOUND, CONFLICT."""
    return await _delete(writing, caller, inputs, LOCATION)


async def delete_parking_details(
    writing: Writing, caller: Caller, inputs: Sequence[DeleteParkingDetail]
) -> list[Outcome]:
    """Delete details of parking places. UserErrors: NOT_FOUND, CONFLICT."""
    return await _delete(writing, caller, inputs, PARKING)


async def _set(writing: Writing, caller: Caller, inputs: Sequence[Any], detail: Detail) -> list[Outcome]:
    inputs, contradictions = await _named(writing, inputs, detail)
    if any(contradictions):
        return outcomes(contradictions)
    spaces, stored = await _targets(writing, caller, inputs, detail)
    errors = [_set_errors(place, inputs, spaces, stored, detail) for place in range(len(inputs))]
    if any(errors):
        return outcomes(errors)
    columns = tuple(field.name for field in fields(inputs[0]) if field.name not in NAMING)
    known = [Change(stored[input_.space_id][0], input_) for input_ in inputs if input_.space_id in stored]
    new = [Change(None, input_) for input_ in inputs if input_.space_id not in stored]
    if known:
        await writing.fetch_all([(rows.update(detail.model, columns), rows.changes(known, columns))])
    if new:
        values = rows.arrays(new, ("space_id", *columns))
        await writing.fetch_all([(rows.insert(detail.model, ("space_id", *columns)), values)])
    (ids,) = await writing.fetch_all([(_by_space(detail), {"ids": [input_.space_id for input_ in inputs]})])
    of_space = {row[1]: row[0] for row in ids}
    return [Outcome(of_space[input_.space_id]) for input_ in inputs]


async def _named(writing: Writing, inputs: Sequence[Any], detail: Detail) -> tuple[list[Any], list[Errors]]:
    """Put the space of a detail that is named by its `id` into the input; an `id` beside a `space_id` is dropped.

    Return the inputs and the errors of those that name no space, or two.
    """
    ids = [input_.id for input_ in inputs if input_.id is not None]
    (rows_,) = await writing.fetch_all([(_by_id(detail), {"ids": ids})]) if ids else ([],)
    space_of: dict[int, int] = dict(rows_)
    named = [
        replace(each, space_id=space_of.get(each.id, each.id)) if each.space_id is None else replace(each, id=None)
        for each in inputs
    ]
    return named, [_naming_errors(each, space_of) for each in inputs]


def _naming_errors(input_: Any, space_of: Mapping[int, int]) -> Errors:
    if input_.space_id is None:
        return () if input_.id is not None else (InvalidInputError(NO_SPACE, path=("space_id",)),)
    other = space_of.get(input_.id, input_.space_id)
    return () if other == input_.space_id else (InvalidInputError(TWO_SPACES, path=("id",), space_id=other),)


async def _delete(writing: Writing, caller: Caller, inputs: Sequence[Any], detail: Detail) -> list[Outcome]:
    spaces, stored = await _targets(writing, caller, inputs, detail)
    errors = [
        missing(input_.space_id, spaces, "space_id")
        or (() if input_.space_id in stored else (NotFoundError(input_.space_id, path=("space_id",)),))
        or _version_errors(input_, stored)
        for input_ in inputs
    ]
    ids = [stored[input_.space_id][0] if input_.space_id in stored else None for input_ in inputs]
    if not any(errors):
        await writing.fetch_all([(rows.delete(detail.model), {"ids": ids})])
    return outcomes(errors, ids)


NAMING = ("id", "space_id", "expected_version")
"""The fields of an input that are no columns to set."""

Stored = Mapping[int, tuple[int, int]]
"""The ids and versions of details by the ids of their spaces."""


async def _targets(
    writing: Writing, caller: Caller, inputs: Sequence[Any], detail: Detail
) -> tuple[Mapping[int, Node], Stored]:
    """Lock the spaces, so that a space gets no second detail, and read them with their details."""
    changes = [SpaceOf(input_.space_id) for input_ in inputs]
    spaces = await nodes.targets(writing, SPACE, changes, exclusive=False)
    check_capability(caller, CAPABILITY, (node.scope for node in spaces.values()))
    (found,) = await writing.fetch_all([(_by_space(detail), {"ids": [*spaces]})])
    return spaces, {row[1]: (row[0], row[2]) for row in found}


@dataclass(frozen=True)
class SpaceOf:
    """The space of a detail, which is locked like a target."""

    id: int
    expected_version: None = None


def _set_errors(
    place: int, inputs: Sequence[Any], spaces: Mapping[int, Node], stored: Stored, detail: Detail
) -> Errors:
    input_ = inputs[place]
    field = "space_id" if input_.id is None else "id"
    if input_.space_id not in spaces:
        return missing(input_.space_id, spaces, field)
    if any(each.space_id == input_.space_id for each in inputs[:place]):
        return (InvalidInputError(TWICE, path=(field,)),)
    type_ = spaces[input_.space_id].type
    if type_ != detail.of_type:
        return (InvalidInputError(OTHER_TYPE, path=(field,), expected=detail.of_type, type=type_),)
    return (*_version_errors(input_, stored), *detail.value_errors(input_))


def _version_errors(input_: Any, stored: Stored) -> Errors:
    """Compare the version that the caller has read; 0 is that of a detail that does not exist."""
    version = stored.get(input_.space_id, (0, 0))[1]
    is_read = input_.expected_version in (None, version)
    return () if is_read else (ConflictError(version, path=("expected_version",)),)


@cache
def _by_space(detail: Detail) -> Statement:
    table = Identifier(detail.model.__tablename__)
    return statement_of(
        SQL("select id, space_id, version from {} where space_id = any(%(ids)s::bigint[])").format(table)
    )


@cache
def _by_id(detail: Detail) -> Statement:
    table = Identifier(detail.model.__tablename__)
    return statement_of(SQL("select id, space_id from {} where id = any(%(ids)s::bigint[])").format(table))
