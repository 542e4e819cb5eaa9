"""OrgRelation: the rules of which administrative organisations serve a business one (document 003, 3.10 and 18.2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import OrgRelation, OrgType
from app.services import nodes
from app.services.nodes import Beside, Nodes
from app.services.org import ORG
from app.services.stamp import WRITER
from app.services.targets import REPEATED, Errors, check_capability, missing
from app.services.upserts import Known
from app.services.write import Outcome, refers

CAPABILITY = "org.write"

NOT_BUSINESS = Message("organisation {id} is not a business organisation", "组织 {id} 不是业务组织")
NOT_ADMINISTRATIVE = Message("organisation {id} is not an administrative organisation", "组织 {id} 不是行政组织")
OUT_OF_RANGE = Message(
    "organisation {id} is not, and is not below, an administrative organisation that serves the tenant of {org}",
    "行政组织 {id} 不在业务组织 {org} 所属租户的行政组织范围内",
)
ONE_TOP = Message(
    "the super administrator relates administrative organisations of one top organisation",
    "超级管理员只可关联一个顶级行政组织",
)

WANTED = (
    "unnest(%(business)s::bigint[], %(administrative)s::bigint[]) with ordinality as wanted (org, served_by, place)"
)

DELETE = statement_of(
    SQL(
        "delete from org_relation relation where business_org_id = any(%(orgs)s::bigint[]) and not exists"  # noqa: S608 - our own names, here and below
        f" (select from {WANTED} where org = relation.business_org_id and served_by = relation.administrative_org_id)"
    )
)
INSERT = statement_of(
    SQL(
        "insert into org_relation (business_org_id, administrative_org_id, created_by, updated_by)"  # noqa: S608
        f" select org, served_by, {{writer}}, {{writer}} from {WANTED} order by place"
        " on conflict (business_org_id, administrative_org_id) do nothing"
    ).format(writer=WRITER)
)
RANGE = statement_of(
    SQL(
        "select distinct split_part(served.path, '/', 1), serving.path from org_relation relation"
        " join org served on served.id = relation.business_org_id"
        " join org serving on serving.id = relation.administrative_org_id"
        " where split_part(served.path, '/', 1) = any(%(tenants)s::text[])"
    )
)
"""The paths of the administrative organisations that serve some tenants, as far as the caller sees both."""
READ = statement_of(
    SQL(
        "select business_org_id, administrative_org_id, id from org_relation"
        " where business_org_id = any(%(orgs)s::bigint[]) order by id"
    )
)


@dataclass(frozen=True)
class RelateAdministrativeOrgs:
    """关联行政组织 All administrative organisations that are to serve a business organisation; others no longer do."""

    org_id: int = refers(OrgRelation.business_org_id, "业务组织 The business organisation")
    administrative_org_ids: tuple[int, ...] = refers(
        OrgRelation.administrative_org_id,
        "行政组织 The administrative organisations; the super administrator names those of one top organisation",
    )


async def relate_administrative_orgs(
    writing: Writing, caller: Caller, inputs: Sequence[RelateAdministrativeOrgs]
) -> list[Outcome]:
    """Replace the administrative organisations of business organisations (document 003, 3.10).

    Relations that stay are not written. The range of an ordinary caller (3.5A) are the administrative organisations
    that serve the caller's organisations of the same tenant, and those below. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    named = [id_ for input_ in inputs for id_ in input_.administrative_org_ids]
    targets = [Known(input_.org_id) for input_ in inputs]
    stored = await nodes.targets(writing, ORG, targets, Beside(named), exclusive=False)
    check_capability(caller, CAPABILITY, (stored[each.id].scope for each in targets if each.id in stored))
    times = Counter(each.id for each in targets)
    ranges = {} if caller.is_super else await _ranges(writing, [node.tenant for node in stored.values()])
    errors = [
        _errors(input_, stored, times[input_.org_id])
        or (_super_errors(input_, stored) if caller.is_super else _range_errors(input_, stored, ranges))
        for input_ in inputs
    ]
    ids = {} if any(errors) else await _replace(writing, inputs)
    return [Outcome(None, each, tuple(ids.get(input_.org_id, ()))) for each, input_ in zip(errors, inputs, strict=True)]


async def _ranges(writing: Writing, tenants: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the paths of the administrative organisations that serve each tenant."""
    (found,) = await writing.fetch_all([(RANGE, {"tenants": sorted(set(tenants))})])
    paths: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for tenant, path in found:
        paths[tenant] += (path,)
    return paths


async def _replace(writing: Writing, inputs: Sequence[RelateAdministrativeOrgs]) -> Mapping[int, list[int]]:
    """Write the difference, and return the ids of all relations of each business organisation.

    The database compares new relations with the range, which the old ones are a part of.
    """
    wanted = [(input_.org_id, id_) for input_ in inputs for id_ in input_.administrative_org_ids]
    orgs = {"orgs": [input_.org_id for input_ in inputs]}
    pairs = {"business": [org for org, _ in wanted], "administrative": [served_by for _, served_by in wanted]}
    *_, found = await writing.fetch_all([(INSERT, pairs), (DELETE, {**orgs, **pairs}), (READ, orgs)])
    ids = defaultdict(list)
    for org, _, id_ in found:
        ids[org].append(id_)
    return ids


def _errors(input_: RelateAdministrativeOrgs, stored: Nodes, times: int) -> Errors:
    if absent := missing(input_.org_id, stored, "org_id"):
        return absent
    if times > 1:
        return (InvalidInputError(REPEATED, path=("org_id",), id=input_.org_id),)
    if stored[input_.org_id].type != OrgType.BUSINESS:
        return (InvalidInputError(NOT_BUSINESS, path=("org_id",), id=input_.org_id),)
    return tuple(each for id_ in input_.administrative_org_ids for each in _wrong(id_, stored))


def _wrong(id_: int, stored: Nodes) -> Errors:
    """Return the error of a named administrative organisation."""
    if id_ not in stored or stored[id_].type == OrgType.ADMINISTRATIVE:
        return missing(id_, stored, "administrative_org_ids")
    return (InvalidInputError(NOT_ADMINISTRATIVE, path=("administrative_org_ids",), id=id_),)


def _range_errors(input_: RelateAdministrativeOrgs, stored: Nodes, ranges: Mapping[str, tuple[str, ...]]) -> Errors:
    """Refuse administrative organisations that the caller sees through another tenant only."""
    within = ranges.get(stored[input_.org_id].tenant, ())
    outside = [id_ for id_ in input_.administrative_org_ids if not stored[id_].path.startswith(within)]
    path = ("administrative_org_ids",)
    return tuple(InvalidInputError(OUT_OF_RANGE, path=path, id=id_, org=input_.org_id) for id_ in outside)


def _super_errors(input_: RelateAdministrativeOrgs, stored: Nodes) -> Errors:
    named = [stored[id_] for id_ in input_.administrative_org_ids]
    if len({node.tenant for node in named}) > 1:
        return (InvalidInputError(ONE_TOP, path=("administrative_org_ids",)),)
    return ()
