"""OrgRelation addition: relates an organisation to more of the other type, whichever it is (document 003, 3.11)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, RequestError
from app.models.org import OrgRelation, OrgType
from app.services import nodes
from app.services.nodes import Nodes
from app.services.org import ORG
from app.services.org_relation import ONE_TOP, READ, RelateAdministrativeOrgs, relate_administrative_orgs
from app.services.targets import missing
from app.services.upserts import Known
from app.services.write import Outcome, refers

SAME_TYPE = Message(
    "the organisations {id} and {other} are of the same type: a business and an administrative one are related",
    "组织 {id} 与 {other} 类型相同：只能关联业务组织与行政组织",
)

Pair = tuple[int, int]
"""A business organisation and an administrative one."""


@dataclass(frozen=True)
class AddOrgRelations:
    """增加关联 Organisations of the other type that an organisation is related to, besides those that it has."""

    org_id: int = refers(OrgRelation.administrative_org_id, "组织 An administrative or a business organisation")
    other_org_ids: tuple[int, ...] = refers(
        OrgRelation.business_org_id, "另一类组织 Organisations of the other type; at least one"
    )


async def add_org_relations(writing: Writing, caller: Caller, inputs: Sequence[AddOrgRelations]) -> list[Outcome]:
    """Relate organisations; a relation that exists stays as it is, and so do all others (document 003, 3.11).

    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    stored = await nodes.targets(writing, ORG, [Known(id_) for id_ in _named(inputs)], exclusive=False)
    errors = [tuple(_errors(input_, stored)) for input_ in inputs]
    if any(errors):
        return [Outcome(None, each) for each in errors]
    pairs = [list(_pairs(input_, stored)) for input_ in inputs]
    added = [pair for each in pairs for pair in each]
    related = await _related(writing, added)
    wanted = _by_business([*related, *added])
    replaced = await relate_administrative_orgs(writing, caller, [RelateAdministrativeOrgs(*each) for each in wanted])
    if any(outcome.errors for outcome in replaced):
        return [Outcome(None, (InvalidInputError(ONE_TOP, path=("other_org_ids",)),)) for _ in inputs]
    ids = await _related(writing, added)
    return [Outcome(None, (), tuple(dict.fromkeys(ids[pair] for pair in each))) for each in pairs]


def _named(inputs: Iterable[AddOrgRelations]) -> set[int]:
    return {id_ for input_ in inputs for id_ in (input_.org_id, *input_.other_org_ids)}


async def _related(writing: Writing, pairs: Iterable[Pair]) -> Mapping[Pair, int]:
    """Return the ids of all relations of the business organisations of some pairs."""
    (found,) = await writing.fetch_all([(READ, {"orgs": [business for business, _ in pairs]})])
    return {(business, administrative): id_ for business, administrative, id_ in found}


def _by_business(pairs: Iterable[Pair]) -> list[tuple[int, tuple[int, ...]]]:
    served: dict[int, list[int]] = {}
    for business, administrative in pairs:
        served.setdefault(business, []).append(administrative)
    return [(business, tuple(dict.fromkeys(each))) for business, each in served.items()]


def _pairs(input_: AddOrgRelations, stored: Nodes) -> Iterator[Pair]:
    is_business = stored[input_.org_id].type == OrgType.BUSINESS
    for other in input_.other_org_ids:
        yield (input_.org_id, other) if is_business else (other, input_.org_id)


def _errors(input_: AddOrgRelations, stored: Nodes) -> Iterator[RequestError]:
    yield from missing(input_.org_id, stored, "org_id")
    for other in input_.other_org_ids:
        yield from missing(other, stored, "other_org_ids")
        if {input_.org_id, other} <= stored.keys() and stored[other].type == stored[input_.org_id].type:
            yield InvalidInputError(SAME_TYPE, path=("other_org_ids",), id=input_.org_id, other=other)
