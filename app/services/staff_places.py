"""Staff places: the organisations that staff and groups of staff are put into, by id or by code."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Literal

from app.access.policies import IS_SUPER
from app.access.staff_rights import MAY_STAFF
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, NotFoundError
from app.models.org import OrgType
from app.services.nodes import ids_of
from app.services.targets import Errors
from app.services.write import UNSET

WRONG_TYPES: Mapping[OrgType, Message] = {
    OrgType.ADMINISTRATIVE: Message(
        "staff belong to an administrative organisation; organisation {id} is not one",
        "员工须属于行政组织，组织 {id} 不是",
    ),
    OrgType.BUSINESS: Message(
        "groups belong to a business organisation; organisation {id} is not one",
        "分组须属于业务组织，组织 {id} 不是",
    ),
}
NO_ORG = Message("name the organisation by orgId or orgCode", "请填写所属组织（orgId 或 orgCode）")
OTHER_CODE = Message("organisation {id} has the code {code}", "组织 {id} 的编码是 {code}")
SEVERAL = Message("several organisations have this code: use orgId", "多个组织使用该编码，请填写 orgId")


class Place(NamedTuple):
    """An organisation; `may_staff` says whether the caller may write its staff, `path` where a capability counts."""

    id: int
    code: str
    type: str
    path: str
    may_staff: bool


class Named(NamedTuple):
    """The organisation that an input names, if it names one, and what is wrong with it."""

    place: Place | None
    errors: Errors = ()


async def named_places(writing: Writing, inputs: Sequence[Any], type_: OrgType) -> list[Named]:
    """Read the organisation that each input names by `org_id` or `org_code`; invisible ones are NOT_FOUND."""
    ids = ids_of(_id(input_) for input_ in inputs)
    codes = sorted({input_.org_code for input_ in inputs if input_.org_code is not None})
    if not ids and not codes:
        return [Named(None)] * len(inputs)
    (found,) = await writing.fetch_all([(_places(type_), {"ids": ids, "codes": codes})])
    places = [Place(*row) for row in found]
    return [_named(input_, places, type_) for input_ in inputs]


def missing_place(named: Named) -> Errors:
    """Return the errors of a new record, which needs an organisation."""
    return named.errors or (() if named.place is not None else (InvalidInputError(NO_ORG, path=("org_id",)),))


def _id(input_: Any) -> int | None:
    return None if input_.org_id is UNSET else input_.org_id


def _named(input_: Any, places: Iterable[Place], type_: OrgType) -> Named:
    id_, code = _id(input_), input_.org_code
    if id_ is not None:
        place = next((each for each in places if each.id == id_), None)
        return Named(None, (NotFoundError(id_, path=("org_id",)),)) if place is None else _checked(place, code, type_)
    if code is None:
        return Named(None)
    coded = [each for each in places if each.code == code and each.type == type_]
    if len(coded) > 1:
        return Named(None, (InvalidInputError(SEVERAL, path=("org_code",)),))
    return Named(coded[0]) if coded else Named(None, (NotFoundError(code, path=("org_code",)),))


def _checked(place: Place, code: str | None, type_: OrgType) -> Named:
    if place.type != type_:
        return Named(place, (InvalidInputError(WRONG_TYPES[type_], path=("org_id",), id=place.id),))
    if code not in (None, place.code):
        return Named(place, (InvalidInputError(OTHER_CODE, path=("org_code",), id=place.id, code=place.code),))
    return Named(place)


@cache
def _places(type_: OrgType) -> Statement:
    may = MAY_STAFF.format(org="org.id") if type_ is OrgType.ADMINISTRATIVE else "false"
    return statement_of(
        SQL(
            "select id, code, type, path, coalesce({may}, false) from org"
            " where id = any(%(ids)s::bigint[]) or code = any(%(codes)s::text[]) and type = {type} order by id"
        ).format(may=SQL(f"{IS_SUPER} or {may}"), type=Literal(type_.value))
    )
