"""Org inputs: what callers send to write organisations; app/services/org.py has the rules."""

from dataclasses import dataclass

from app.models.org import AdministrativeOrgSubType, BusinessOrgSubType, Org, OrgType
from app.models.status import Status
from app.services.write import UNSET, Unset, refers


@dataclass(frozen=True)
class CreateOrg:
    """组织新增 A new organisation, at the top or below a parent."""

    name: str
    parent_id: int | None = None
    type: OrgType | None = None
    administrative_sub_type: AdministrativeOrgSubType | None = None
    business_sub_type: BusinessOrgSubType | None = None
    status: Status = Status.ENABLED
    fourgrid_id: int | None = None
    fourgrid_parent_id: int | None = None


@dataclass(frozen=True)
class UpdateOrg:
    """组织修改 A change of one organisation; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    type: OrgType | None = refers(Org.type, "组织类型 The type that it has: it never changes", None)
    name: str | Unset = UNSET
    administrative_sub_type: AdministrativeOrgSubType | Unset | None = UNSET
    business_sub_type: BusinessOrgSubType | Unset | None = UNSET
    fourgrid_id: int | Unset | None = UNSET
    fourgrid_parent_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class SetOrgStatus:
    """启用禁用 Enable or disable an organisation; those below keep their own status."""

    id: int
    status: Status
    expected_version: int | None = None


@dataclass(frozen=True)
class MoveOrg:
    """组织移动 Move an organisation to another parent, behind its children."""

    id: int
    parent_id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteOrg:
    """组织删除 Delete an organisation that nothing needs any more."""

    id: int
    expected_version: int | None = None
    type: OrgType | None = refers(Org.type, "组织类型 Delete only an organisation of this type", None)


@dataclass(frozen=True)
class UpsertOrg:
    """组织同步 An organisation of another system, found by its key there; what is left out stays as it is."""

    source: str
    external_id: str
    parent_id: int | Unset | None = UNSET
    parent_external_id: str | Unset | None = refers(Org.external_id, "上级外部编号 Key of the parent there", UNSET)
    name: str | Unset = UNSET
    type: OrgType | None = None
    administrative_sub_type: AdministrativeOrgSubType | Unset | None = UNSET
    business_sub_type: BusinessOrgSubType | Unset | None = UNSET
    status: Status | Unset = UNSET
    fourgrid_id: int | Unset | None = UNSET
    fourgrid_parent_id: int | Unset | None = UNSET
