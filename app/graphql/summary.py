"""Summary in GraphQL: what the spaces of an organisation, or those below a space, add up to (decision 14)."""

from collections.abc import Sequence
from decimal import Decimal
from enum import auto
from typing import Any

import strawberry

from app import models
from app.declarations.field import Field
from app.declarations.types import choice_type
from app.loaders.edges import below
from app.loaders.kept import KEPT, Kept
from app.loaders.reads import Totals
from app.models.choice import Choice
from app.models.parking import ParkingStatus
from app.models.space import SpaceType
from app.models.status import Status
from app.models.work_order import WorkOrderStatus

KEPT[models.Space] = Kept(
    models.Space,
    "kept_spaces",
    (models.Space.org_id, models.Space.community_id, models.Space.type, models.Space.status),
)

SPACE, OCCUPANCY, PARKING, ORDER, STEP = "SPACE", "OCCUPANCY", "PARKING", "WORK_ORDER", "STEP"
"""The kinds of totals (migrations/frozen/totals.py, migrations/frozen/summaries.py)."""

OPEN, DONE = "OPEN", "DONE"


class Occupancy(Choice):
    """入住情况 Whether a house is lived in, by its valid property relations."""

    LIVED_IN = auto(), 1, "在住", "At least one customer lives there"
    AWAY = auto(), 2, "暂离", "Customers own or rent it, and all of them are away"
    EMPTY = auto(), 3, "空置", "No customer owns or rents it"


@strawberry.type(description="空间合计 The spaces of one type and status.")
class SpaceTotal:
    """空间合计 The spaces of one type and status."""

    type: choice_type(SpaceType) = strawberry.field(description="空间类型 What the spaces are")  # type: ignore[valid-type]
    status: choice_type(Status) = strawberry.field(description="状态 Valid or invalid")  # type: ignore[valid-type]
    count: int = strawberry.field(description="数量 Number of spaces")
    area: Decimal = strawberry.field(description="面积 Sum of their areas in square metres")
    fee_area: Decimal = strawberry.field(description="收费面积 Sum of their charged areas in square metres")


@strawberry.type(description="房屋合计 The houses of one occupancy.")
class HouseTotal:
    """房屋合计 The houses of one occupancy."""

    occupancy: choice_type(Occupancy) = strawberry.field(description="入住情况 How they are occupied")  # type: ignore[valid-type]
    count: int = strawberry.field(description="数量 Number of houses")


@strawberry.type(description="车位合计 The parking places of one state.")
class ParkingTotal:
    """车位合计 The parking places of one state."""

    status: choice_type(ParkingStatus) | None = strawberry.field(  # type: ignore[valid-type]
        description="车位状态 Whether they are sold, let or used; null where nothing is recorded"
    )
    count: int = strawberry.field(description="数量 Number of parking places")


@strawberry.type(description="服务单步骤 How long work orders take until a step.")
class WorkOrderTotal:
    """服务单步骤 How long work orders take until a step."""

    status: choice_type(WorkOrderStatus) = strawberry.field(description="服务单状态 The status that the step leads to")  # type: ignore[valid-type]
    count: int = strawberry.field(description="数量 Number of work orders that have taken the step")
    mean_hours: Decimal = strawberry.field(description="平均小时数 Mean hours from the report to the step")


@strawberry.type(description="空间汇总 What spaces add up to.")
class SpaceSummary:
    """空间汇总 What spaces add up to."""

    space_count: int = strawberry.field(description="空间数量 Number of spaces of all types")
    spaces: list[SpaceTotal] = strawberry.field(
        description="空间合计 By type and status, in this order; what there is none of is left out"
    )
    houses: list[HouseTotal] = strawberry.field(description="房屋合计 Houses by occupancy, all of them")
    parking: list[ParkingTotal] = strawberry.field(description="车位合计 Parking places by state, all of them")
    open_work_order_count: int = strawberry.field(
        description="未完结服务单 Work orders that are neither done nor cancelled"
    )
    done_work_order_count: int = strawberry.field(description="已完结服务单 Work orders that are done")
    work_order_steps: list[WorkOrderTotal] = strawberry.field(
        description="服务单步骤 Steps that work orders have taken, in their order"
    )


def summarised(totals: Sequence[Sequence[Any]]) -> SpaceSummary:
    """Make the summary from the totals of all kinds."""
    spaces = [
        SpaceTotal(type=type_, status=status, count=number, area=area, fee_area=fee_area)
        for kind, type_, status, number, area, fee_area in totals
        if kind == SPACE
    ]
    return SpaceSummary(
        space_count=sum(each.count for each in spaces),
        spaces=sorted(spaces, key=lambda each: (TYPES[each.type], STATUSES[each.status])),
        houses=[
            HouseTotal(occupancy=value, count=number)
            for value, number in completed(spaces, SpaceType.HOUSE, Occupancy, Occupancy.EMPTY, totals)
        ],
        parking=[
            ParkingTotal(status=value, count=number)
            for value, number in completed(spaces, SpaceType.PARK_SPACE, ParkingStatus, None, totals)
        ],
        **of_work_orders(totals),
    )


def of_work_orders(totals: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Make the members of the summary that tell of work orders."""
    counted = {total[1]: total[3] for total in totals if total[0] == ORDER}
    steps = [
        WorkOrderTotal(status=total[1], count=total[3], mean_hours=total[4]) for total in totals if total[0] == STEP
    ]
    return {
        "open_work_order_count": counted.get(OPEN, 0),
        "done_work_order_count": counted.get(DONE, 0),
        "work_order_steps": sorted(steps, key=lambda step: STEPS[step.status]),
    }


TYPES = {type_.name: place for place, type_ in enumerate(SpaceType)}
STEPS = {status.name: place for place, status in enumerate(WorkOrderStatus)}
STATUSES = {status.name: place for place, status in enumerate(Status)}
KINDS: dict[type[Choice], str] = {Occupancy: OCCUPANCY, ParkingStatus: PARKING}


def completed(
    spaces: list[SpaceTotal],
    type_: SpaceType,
    values: type[Choice],
    rest: Choice | None,
    totals: Sequence[Sequence[Any]],
) -> list[tuple[str | None, int]]:
    """Return the number of spaces of a type for each value; `rest` is the value of those that no total counts."""
    counted = {total[1]: total[3] for total in totals if total[0] == KINDS[values]}
    others = sum(each.count for each in spaces if each.type == type_.name) - sum(counted.values())
    own = [(value.name, counted.get(value.name, 0)) for value in values if value is not rest]
    return [*own, (None if rest is None else rest.name, others)]


def of_orgs() -> Any:
    """Declare the summary of an organisation."""
    text = "空间汇总 What the spaces of this business organisation and of those below it add up to"
    return Field(Totals(below(models.Space.org_path), "summary_of_orgs", summarised), SpaceSummary, text)


def of_spaces() -> Any:
    """Declare the summary of a space."""
    text = "空间汇总 What this space and those below it add up to"
    return Field(Totals(below(models.Space.path), "summary_of_spaces", summarised), SpaceSummary, text)
