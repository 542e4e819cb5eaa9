"""Space inputs: what callers send to write spaces; app/services/space.py has the rules."""

from dataclasses import dataclass
from decimal import Decimal

from app.models.org import Org
from app.models.space import BusinessType, Space, SpaceType
from app.models.status import Status
from app.services.write import UNSET, Unset, refers

OWNER = "业务组织 Business organisation that owns a community; by default that of the community above"

TENANT = (
    "顶级业务组织 A business organisation of the tenant: its top one owns a community that is not yet related to a "
    "project, which has no `orgId` and no owner above"
)


@dataclass(frozen=True)
class CreateSpace:
    """空间新增 A new space, below a parent or, for communities, at the top."""

    name: str
    type: SpaceType
    parent_id: int | None = None
    org_id: int | None = refers(Space.org_id, OWNER, None)
    top_org_id: int | None = refers(Space.org_id, TENANT, None)
    status: Status = Status.ENABLED
    business_type: BusinessType | None = None
    area: Decimal | None = None
    fee_area: Decimal | None = None
    fourgrid_id: int | None = None
    fourgrid_parent_id: int | None = None
    fourgrid_community_id: int | None = None


@dataclass(frozen=True)
class UpdateSpace:
    """空间修改 A change of one space; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    type: SpaceType | None = refers(Space.type, "空间类型 The type that the space has; it never changes", None)
    name: str | Unset = UNSET
    business_type: BusinessType | Unset | None = UNSET
    area: Decimal | Unset | None = UNSET
    fee_area: Decimal | Unset | None = UNSET
    fourgrid_id: int | Unset | None = UNSET
    fourgrid_parent_id: int | Unset | None = UNSET
    fourgrid_community_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class UpsertSpace:
    """空间同步 A space of another system, found by its key there; what is left out stays as it is."""

    source: str
    external_id: str
    parent_id: int | Unset | None = UNSET
    parent_external_id: str | Unset | None = refers(Space.external_id, "上级外部编号 Key of the parent there", UNSET)
    org_id: int | None = refers(Space.org_id, f"{OWNER}. Only for a new one", None)
    name: str | Unset = UNSET
    type: SpaceType | None = None
    status: Status | Unset = UNSET
    business_type: BusinessType | Unset | None = UNSET
    area: Decimal | Unset | None = UNSET
    fee_area: Decimal | Unset | None = UNSET
    fourgrid_id: int | Unset | None = UNSET
    fourgrid_parent_id: int | Unset | None = UNSET
    fourgrid_community_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class SetSpaceStatus:
    """启用禁用 Declare a space valid or invalid; those below keep their own status."""

    id: int
    status: Status
    expected_version: int | None = None


@dataclass(frozen=True)
class MoveSpace:
    """空间移动 Move a space to another parent, behind its children; a community may move to the top."""

    id: int
    parent_id: int | None
    expected_version: int | None = None


@dataclass(frozen=True)
class SetCommunityOrg:
    """小区关联业务组织 Relate a community to another business organisation, or to none."""

    id: int
    org_id: int | None = refers(Org.id, "业务组织 The business organisation; null cancels the relation")
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteSpace:
    """空间删除 Delete a space that nothing needs any more."""

    id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteSpaceTree:
    """级联删除空间 Delete a space with everything below it."""

    id: int
    expected_version: int | None = None
