"""Customer upserts: customers that the matching rules find are changed, others made (document 003, 10.1, 10.4, 10.5).

The front end, its brief variant, the synchronisation of the 4g system and imports differ in what they send. An `id`
decides alone; without one the rules of app/services/customer_matching.py are tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, NotFoundError, RequestError, RetryError
from app.models.customer import IdentityType
from app.services.customer import paths_of_new, related_to_new, tenant_errors, top_of, written
from app.services.customer_inputs import UpsertCustomer
from app.services.customer_matching import REGIONAL, Match, find_matches
from app.services.customer_orgs import org_errors, property_errors, read_communities
from app.services.customer_records import (
    CAPABILITY,
    Known,
    check_customers,
    merged_errors,
    read_customers,
)
from app.services.customer_writes import Plan, keys_of, planned, value_errors
from app.services.granting import NamedOrg, Orgs, read_orgs
from app.services.integrity import MESSAGES
from app.services.targets import Errors, check_capability, missing
from app.services.write import Outcome

REPEATED = Message("the customer is already in record {index} of the list", "该客户已在第 {index} 条记录中出现")
NO_SOURCE = Message("source is missing: it names the system of externalId", "缺少 source：外部编号所属的系统")


@dataclass
class Batch:
    """The rows of an upsert, and what they name."""

    caller: Caller
    rows: Sequence[UpsertCustomer]
    orgs: Orgs
    communities: Mapping[int, NamedOrg]
    tops: Sequence[int | None]
    matches: Mapping[int, Match] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: Known({}, ()))
    plans: list[Plan] = field(default_factory=list)

    def id_of(self, place: int) -> int | None:
        """Return the id of the stored customer of a row; None for a new one."""
        row = self.rows[place]
        return row.id if row.id is not None or place not in self.matches else self.matches[place].id

    def related(self, row: UpsertCustomer) -> tuple[int, ...]:
        """Return the organisations that a row names as knowing the customer, that of its community included."""
        community = self.communities.get(row.community_id or 0)
        return tuple(dict.fromkeys((*row.org_ids, *(() if community is None else (community.id,)))))

    @property
    def named(self) -> Orgs:
        """All named organisations by id."""
        return {**self.orgs, **{org.id: org for org in self.communities.values()}}


async def upsert_customers(writing: Writing, caller: Caller, rows: Sequence[UpsertCustomer]) -> list[Outcome]:
    """Create or change a customer for each row.

    UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT. CONFLICT also stands for a key of a customer that the caller does
    not see. RetryError when another request creates, merges or deletes one of the customers meanwhile.
    """
    batch = await _read(writing, caller, rows)
    await _match(writing, batch)
    named, stored = batch.named, batch.known.visible
    check_customers(caller, stored.values())
    batch.plans = [_plan(batch, place) for place in range(len(rows))]
    new = [plan for place, plan in enumerate(batch.plans) if batch.id_of(place) is None]
    related = (id_ for plan in batch.plans for id_ in (*plan.related, *plan.unrelated))
    check_capability(caller, CAPABILITY, (named[id_].path for id_ in related if id_ in named))
    check_capability(caller, CAPABILITY, (path for plan in new for path in paths_of_new(plan, named)))
    repeated = _repeated_errors(batch)
    used = await property_errors(writing, [(plan.id, org) for plan in batch.plans for org in plan.unrelated])
    refused = [
        _naming_errors(batch, place)
        or repeated[place]
        or value_errors(caller, plan)
        or tuple(error for org in plan.unrelated for error in used.get((plan.id, org), ()))
        for place, plan in enumerate(batch.plans)
    ]
    done = await written(writing, batch.plans, refused)
    if not any(refused) and any(outcome.errors for outcome in done):
        await _match_again(writing, batch)
    return done


async def _match_again(writing: Writing, batch: Batch) -> None:
    """Raise RetryError when a customer that has the values of a new one was created after the search for it."""
    new = [place for place in range(len(batch.rows)) if batch.id_of(place) is None and batch.tops[place] is not None]
    if await find_matches(writing, [_keys(batch, place) for place in new]):
        raise RetryError


async def _read(writing: Writing, caller: Caller, rows: Sequence[UpsertCustomer]) -> Batch:
    """Read what the rows name beside the customer, and find the tenant of each."""
    orgs = await read_orgs(writing, [id_ for row in rows for id_ in _org_ids(row)])
    communities = await read_communities(writing, [row.community_id for row in rows])
    known = await read_customers(writing, [row.id for row in rows])
    tops: list[int | None] = []
    for row in rows:
        named = [orgs[id_] for id_ in _org_ids(row) if id_ in orgs]
        named += [communities[id_] for id_ in (row.community_id or 0,) if id_ in communities]
        stored = known.visible.get(row.id or 0)
        tops.append(top_of(caller, named) if stored is None or named else stored.top_org_id)
    return Batch(caller, rows, orgs, communities, tops, known=known)


def _org_ids(row: UpsertCustomer) -> tuple[int, ...]:
    first = () if row.org_id is None else (row.org_id,)
    return (*first, *row.org_ids, *row.unrelated_org_ids)


async def _match(writing: Writing, batch: Batch) -> None:
    """Find the customers of the rows without an id, lock them, and see that the rules still find the same ones."""
    wanted = [place for place, row in enumerate(batch.rows) if row.id is None and batch.tops[place] is not None]
    if not wanted:
        return
    first = await find_matches(writing, [_keys(batch, place) for place in wanted])
    matched = await read_customers(writing, [match.id for match in first.values()])
    again = await find_matches(writing, [_keys(batch, place) for place in wanted]) if first else first
    if again != first or {match.id for match in first.values()} - matched.visible.keys() - {*matched.hidden}:
        raise RetryError
    batch.matches = {wanted[number]: match for number, match in first.items()}
    visible = {**batch.known.visible, **matched.visible}
    batch.known = Known(visible, {*batch.known.hidden, *matched.hidden})


def _keys(batch: Batch, place: int) -> Plan:
    """Return the values that the rules compare."""
    row = batch.rows[place]
    plan = planned(row, batch.tops[place] or 0, None)
    plan.source, plan.external_id = row.source, row.external_id
    return plan


def _plan(batch: Batch, place: int) -> Plan:
    row, id_ = batch.rows[place], batch.id_of(place)
    stored = batch.known.visible.get(id_ or 0)
    plan = planned(row, batch.tops[place] or 0, stored)
    if stored is None:
        plan.source, plan.external_id = row.source, row.external_id
    elif place in batch.matches and row.identity_type == IdentityType.HONG_KONG:
        kept = stored.values["identity_type"]
        plan.values["identity_type"] = kept if kept in REGIONAL else row.identity_type.value
    plan.related = batch.related(row) if id_ is not None else _related_to_new(batch, row)
    plan.unrelated = row.unrelated_org_ids
    return plan


def _related_to_new(batch: Batch, row: UpsertCustomer) -> tuple[int, ...]:
    return related_to_new(batch.related(row), row.org_id, batch.orgs)


def _naming_errors(batch: Batch, place: int) -> Errors:
    """Return what is wrong with what a row names: the customer, its version, the tenant, organisations."""
    row, top = batch.rows[place], batch.tops[place]
    stored = batch.known.visible.get(batch.id_of(place) or 0)
    if row.id is not None and stored is None:
        return (NotFoundError(row.id, path=("id",)),)
    absent = (
        *missing(row.org_id, batch.orgs, "org_id"),
        *missing(row.community_id, batch.communities, "community_id"),
    )
    if absent or (stored is None and row.id is None and tenant_errors(top)):
        return absent or tenant_errors(top)
    if row.external_id is not None and row.source is None:
        return (InvalidInputError(NO_SOURCE, path=("source",)),)
    owner = (stored.top_org_id if stored else top) or 0
    return tuple(_customer_errors(batch, place)) or org_errors(
        batch.related(row), row.unrelated_org_ids, batch.named, owner
    )


def _customer_errors(batch: Batch, place: int) -> Iterator[RequestError]:
    row, match = batch.rows[place], batch.matches.get(place)
    stored = batch.known.visible.get(batch.id_of(place) or 0)
    if match is not None and stored is None:  # hidden: the answer is that of a creation
        yield ConflictError(detail=MESSAGES[match.rule.constraint], path=(match.rule.field,))
    if stored is not None:
        yield from merged_errors(stored)
        if row.expected_version not in (None, stored.version):
            yield ConflictError(stored.version, path=("expected_version",))


def _repeated_errors(batch: Batch) -> list[Errors]:
    """Refuse each row about the customer of an earlier one, stored or new."""
    first: dict[object, int] = {}
    errors: list[Errors] = []
    for place, row in enumerate(batch.rows):
        id_ = batch.id_of(place)
        same = [id_] if id_ is not None else keys_of(batch.plans[place])
        others = [first[key] for key in same if key in first]
        first |= {key: place for key in same if key not in first}
        path = ("name",) if row.id is None else ("id",)
        errors.append((InvalidInputError(REPEATED, path=path, index=min(others)),) if others else ())
    return errors
