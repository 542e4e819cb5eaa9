"""Property inputs: what mutations of property relations take (document 003, 11.3 and 11.4)."""

from dataclasses import dataclass

from app.models import Customer, PropertyRelation, Space
from app.models.property import HousingStatus, PropertyType, Tenure
from app.services.write import UNSET, Unset, refers

TYPE = "产权类型 House or parking place; it follows from the space, and another one is refused"
KEPT_SPACE = "空间 The house or parking place; it never changes, and another one is refused"
KEPT_CUSTOMER = "客户 The customer; it never changes, and another one is refused"
BY_FOURGRID = "used where {} is left out"


@dataclass(frozen=True)
class CreatePropertyRelation:
    """产权关系新增 A customer owns or rents a house or a parking place from now on."""

    space_id: int
    customer_id: int
    type: PropertyType | None = refers(PropertyRelation.type, TYPE, None)
    tenure: Tenure = Tenure.OWNER
    is_main: bool = False
    housing_status: HousingStatus = HousingStatus.LIVING_IN


@dataclass(frozen=True)
class UpdatePropertyRelation:
    """产权关系修改 Changes of a property relation; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    space_id: int | None = refers(PropertyRelation.space_id, KEPT_SPACE, None)
    customer_id: int | None = refers(PropertyRelation.customer_id, KEPT_CUSTOMER, None)
    type: PropertyType | None = refers(PropertyRelation.type, TYPE, None)
    tenure: Tenure | Unset = UNSET
    is_main: bool | Unset = UNSET
    housing_status: HousingStatus | Unset = UNSET


@dataclass(frozen=True)
class UpsertPropertyRelation:
    """产权关系同步 A property relation, created, or changed if the register has it by `id` or else by `fourgridId`.

    A new one names the space and the customer, each by its id or by its id in the 4g system.
    """

    id: int | None = refers(PropertyRelation.id, "编号 Id of a stored relation, instead of `fourgridId`", None)
    fourgrid_id: int | None = None
    space_id: int | None = None
    customer_id: int | None = None
    fourgrid_space_id: int | None = refers(
        Space.fourgrid_id, f"四格 Id of the space in the 4g system, {BY_FOURGRID.format('`spaceId`')}", None
    )
    fourgrid_community_id: int | None = refers(
        Space.fourgrid_community_id, "四格 Id of the community in the 4g system, where several spaces have the id", None
    )
    fourgrid_customer_id: int | None = refers(
        Customer.fourgrid_id, f"四格 Id of the customer in the 4g system, {BY_FOURGRID.format('`customerId`')}", None
    )
    type: PropertyType | None = refers(PropertyRelation.type, TYPE, None)
    tenure: Tenure | Unset = UNSET
    is_main: bool | Unset = UNSET
    housing_status: HousingStatus | Unset = UNSET


@dataclass(frozen=True)
class SetHousingStatus:
    """住房状态 Whether the customer of a property relation lives there from now on."""

    id: int
    housing_status: HousingStatus
    expected_version: int | None = None


@dataclass(frozen=True)
class DeletePropertyRelation:
    """产权关系删除 Delete a property relation that was entered by mistake, with its housing log."""

    id: int
    expected_version: int | None = None
