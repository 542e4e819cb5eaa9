"""Work order: the rules of reports of repairs (document 000, 4.3 and 5.3).

Staff report for the houses of organisations in which they hold the capability, customers for their own property.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.columns import REPORT_COLUMNS
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InUseError, InvalidInputError, NotFoundError
from app.models import WorkOrder
from app.models.space import SpaceType
from app.models.status import Status
from app.models.work_order import LEVELS, WorkOrderStatus
from app.services import nodes, rows
from app.services.calls import call
from app.services.nodes import Nodes
from app.services.property_number import find_houses
from app.services.space import SPACE
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.tree_writes import Step
from app.services.work_order_inputs import CreateWorkOrder, DeleteWorkOrder
from app.services.work_order_steps import CAPABILITY, Order, Taken, delete_steps, log_steps, read_orders
from app.services.write import Outcome

NO_HOUSE = Message("name the house by spaceId or by propertyNumber", "请填写报修房间（spaceId 或 propertyNumber）")
UNKNOWN_HOUSE = Message("no house has the number {number}", "没有编号为 {number} 的房间")
SEVERAL_HOUSES = Message(
    "several houses have the number {number}: give the full code of one",
    "多个房间的编号为 {number}，请填写房间的完整编码",
)
ONLY_HOUSES = Message("repairs are reported for a HOUSE; the space is a {type}", "只能为 HOUSE 报修，该空间是 {type}")
NO_ORG = Message("the space belongs to no organisation", "该空间未关联业务组织")
NO_CATEGORY = Message(
    "name a category of the third level by categoryThreeId or by categoryExternalId",
    "请填写三级报修类型（categoryThreeId 或 categoryExternalId）",
)
NOT_THIRD = Message(
    "the category is one of level {level}; name one of level 3", "该报修类型是第{level}级，请选择第三级"
)
INVALID_CATEGORY = Message("the category is no longer valid", "该报修类型已失效")
OTHER_PATH = Message("the third category lies below another one", "三级报修类型不属于该上级类型")
OTHER_TENANT = Message("the category belongs to another tenant than the house", "报修类型与房间不属于同一租户")
NO_TEXT = Message("say what is wrong", "请填写报修问题描述")
STILL_NEEDED = Message(
    "work order {number} is {status}: cancel it first", "服务单 {number} 的状态是 {status}，请先取消"
)

DELETABLE = frozenset({WorkOrderStatus.NEW, WorkOrderStatus.CANCELLED})


class Category(NamedTuple):
    """A stored category with those above it, and the tenant that has it."""

    id: int
    external_id: str | None
    level: int
    status: str
    tenant: str
    two_id: int | None
    two_key: str | None
    one_id: int | None
    one_key: str | None


CATEGORIES = statement_of(
    SQL(
        "select three.id, three.external_id, three.level, three.status, three.top_org_id::text,"
        " two.id, two.external_id, one.id, one.external_id"
        " from work_order_category three left join work_order_category two on two.id = three.parent_id"
        " left join work_order_category one on one.id = two.parent_id"
        " where three.id = any(%(ids)s::bigint[]) or three.external_id = any(%(keys)s::text[])"
    )
)

TAKE_NUMBERS = statement_of(SQL("select take_work_order_numbers(%(count)s::integer)"))

LOCK_HOUSES = call("keep_spaces", ids="bigint[]")

CONTACT = call("own_contact")


@dataclass(frozen=True)
class Report:
    """A work order as it is inserted."""

    number: str
    space_id: int
    category_three_id: int
    description: str
    contact_name: str | None
    contact_phone: str | None
    customer_id: int | None
    reporter_id: int | None


class Known(NamedTuple):
    """What the reports name."""

    houses: Mapping[str, list[int]]
    spaces: Nodes
    categories: Mapping[int, Category]
    by_key: Mapping[str, list[Category]]


async def create_work_orders(writing: Writing, caller: Caller, inputs: Sequence[CreateWorkOrder]) -> list[Outcome]:
    """Report repairs (document 000, 4.3); each gets the next number of the day.

    UserErrors: NOT_FOUND for a house or a category, INVALID_INPUT.
    """
    known, named = await _read(writing, inputs)
    if not caller.is_customer:  # of a customer only the own property is visible
        check_capability(caller, CAPABILITY, (space.scope for space in known.spaces.values()))
    errors = [_report_errors(input_, known) for input_ in named]
    if any(errors):
        return outcomes(errors)
    reports = await _reports(writing, caller, named)
    insert = rows.insert(WorkOrder, REPORT_COLUMNS)
    (made,) = await writing.fetch_all([(insert, rows.arrays(reports, REPORT_COLUMNS))])
    ids = [int(row[0]) for row in made]
    await log_steps(writing, caller, [Taken(id_, None, WorkOrderStatus.NEW) for id_ in ids])
    return outcomes(errors, ids)


async def delete_work_orders(writing: Writing, caller: Caller, deletions: Sequence[DeleteWorkOrder]) -> list[Outcome]:
    """Delete new and cancelled work orders, with their steps. UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    ids = [deletion.id for deletion in deletions]
    stored = {order.id: order for order in await read_orders(writing, caller, ids, ())}
    errors = [
        wrong or _deletion_errors(stored[deletion.id])
        for wrong, deletion in zip(target_errors(deletions, stored), deletions, strict=True)
    ]
    if not any(errors):
        await delete_steps(writing, ids)
        await writing.fetch_all([(rows.delete(WorkOrder), {"ids": ids})])
    return outcomes(errors, ids)


def _deletion_errors(order: Order) -> Errors:
    is_needed = order.status not in DELETABLE
    error = InUseError(STILL_NEEDED, path=("id",), number=order.number, status=order.status)
    return (error,) if is_needed else ()


async def _read(writing: Writing, inputs: Sequence[CreateWorkOrder]) -> tuple[Known, list[CreateWorkOrder]]:
    """Read what the reports name, as the caller; a house and a category that a text names get their ids."""
    numbers = {each.property_number for each in inputs if each.space_id is None and each.property_number}
    houses = await find_houses(writing, numbers)
    keys = [each.category_external_id for each in inputs if each.category_external_id]
    asked = {"ids": nodes.ids_of(each.category_three_id for each in inputs), "keys": keys}
    (found,) = await writing.fetch_all([(CATEGORIES, asked)])
    categories = [Category(*row) for row in found]
    by_key: dict[str, list[Category]] = {}
    for category in categories:
        by_key.setdefault(category.external_id or "", []).append(category)
    spaces = await nodes.parents(
        writing, SPACE, [*(each.space_id for each in inputs), *(id_ for ids in houses.values() for id_ in ids)]
    )
    known = Known(houses, spaces, {category.id: category for category in categories}, by_key)
    return known, [_with_ids(input_, known) for input_ in inputs]


def _with_ids(input_: CreateWorkOrder, known: Known) -> CreateWorkOrder:
    """Return a report with the ids of what a text names, as far as the text names one thing."""
    houses = known.houses.get(input_.property_number or "", []) if input_.space_id is None else []
    space = known.spaces.get(houses[0]) if len(houses) == 1 else None
    if input_.category_three_id is not None or not input_.category_external_id:
        return replace(input_, space_id=space.id) if space else input_
    tenant = space.tenant if space else None
    of_key = [each for each in known.by_key.get(input_.category_external_id, []) if tenant in (None, each.tenant)]
    category = of_key[0].id if of_key else None
    return replace(input_, space_id=space.id if space else input_.space_id, category_three_id=category)


def _report_errors(input_: CreateWorkOrder, known: Known) -> Errors:
    return (*_house_errors(input_, known), *_category_errors(input_, known), *_text_errors(input_))


def _text_errors(input_: CreateWorkOrder) -> Errors:
    return () if input_.description.strip() else (InvalidInputError(NO_TEXT, path=("description",)),)


def _house_errors(input_: CreateWorkOrder, known: Known) -> Errors:
    if input_.space_id is None:
        return _number_errors(input_.property_number, known)
    absent = missing(input_.space_id, known.spaces, "space_id")
    if absent:
        return absent
    space = known.spaces[input_.space_id]
    if space.type != SpaceType.HOUSE:
        return (InvalidInputError(ONLY_HOUSES, path=("space_id",), type=space.type),)
    return () if space.tenant else (InvalidInputError(NO_ORG, path=("space_id",)),)


def _number_errors(number: str | None, known: Known) -> Errors:
    if not number:
        return (InvalidInputError(NO_HOUSE, path=("space_id",)),)
    message = SEVERAL_HOUSES if known.houses.get(number) else UNKNOWN_HOUSE
    return (InvalidInputError(message, path=("property_number",), number=number),)


def _category_errors(input_: CreateWorkOrder, known: Known) -> Errors:
    if input_.category_three_id is None:
        named = input_.category_external_id
        error = NotFoundError(named, path=("category_external_id",)) if named else None
        return (error or InvalidInputError(NO_CATEGORY, path=("category_three_id",)),)
    absent = missing(input_.category_three_id, known.categories, "category_three_id")
    if absent:
        return absent
    category, space = known.categories[input_.category_three_id], known.spaces.get(input_.space_id or 0)
    if category.level != LEVELS:
        return (InvalidInputError(NOT_THIRD, path=("category_three_id",), level=category.level),)
    if category.status != Status.ENABLED:
        return (InvalidInputError(INVALID_CATEGORY, path=("category_three_id",)),)
    if space is not None and space.tenant != category.tenant:
        return (InvalidInputError(OTHER_TENANT, path=("category_three_id",)),)
    return _path_errors(input_, category)


def _path_errors(input_: CreateWorkOrder, category: Category) -> Errors:
    above = {
        "category_one_id": category.one_id,
        "category_one_external_id": category.one_key,
        "category_two_id": category.two_id,
        "category_two_external_id": category.two_key,
    }
    wrong = [name for name, is_ in above.items() if getattr(input_, name) not in (None, is_)]
    return tuple(InvalidInputError(OTHER_PATH, path=(name,)) for name in wrong)


async def _reports(writing: Writing, caller: Caller, inputs: Sequence[CreateWorkOrder]) -> Sequence[Report]:
    """Give each report its number, and the contact that a customer leaves out.

    The numbers of the day are locked last: a report that waits for its house must not hold up all others.
    """
    houses = {"ids": nodes.ids_of(input_.space_id for input_ in inputs)}
    steps: list[Step] = [(LOCK_HOUSES, houses), (CONTACT, {}), (TAKE_NUMBERS, {"count": len(inputs)})]
    _, person, numbers = await writing.fetch_all(steps)
    name, phone = person[0] if person else (None, None)
    return [
        Report(
            number=row[0],
            space_id=input_.space_id or 0,
            category_three_id=input_.category_three_id or 0,
            description=input_.description,
            contact_name=input_.contact_name or name,
            contact_phone=input_.contact_phone or phone,
            customer_id=caller.customer_id,
            reporter_id=caller.admin_id,
        )
        for row, input_ in zip(numbers, inputs, strict=True)
    ]
