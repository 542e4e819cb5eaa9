"""Inputs of the mutations of staff (document 003, section 7)."""

from dataclasses import dataclass
from datetime import date

from app.models.admin import Admin, AdminStatus, AdminType, Sex
from app.models.base import OWN_SOURCE
from app.models.org import Org
from app.services.write import UNSET, Unset, refers, secret

ORG_CODE = "行政组织编码 Code of the organisation: instead of `orgId`, or to be compared with it"
FIRST_PASSWORD = "密码 The first password of the account; without one it cannot log in yet"  # noqa: S105 - a description
NEW_PASSWORD = "密码 The new password; log-ins with the former one end"  # noqa: S105 - a description


@dataclass(frozen=True)
class CreateAdmin:
    """员工新增 A new member of staff of an administrative organisation, with or without an account."""

    name: str
    org_id: int | None = None
    org_code: str | None = refers(Org.code, ORG_CODE, None)
    type: AdminType = AdminType.PROPERTY
    nickname: str | None = None
    account: str | None = None
    staff_number: str | None = None
    position: str | None = None
    phone: str | None = None
    email: str | None = None
    identity: str | None = None
    sex: Sex = Sex.UNKNOWN
    birthday: date | None = None
    picture: str | None = None
    face_picture: str | None = None
    status: AdminStatus = AdminStatus.ACTIVE
    source: str = OWN_SOURCE
    fourgrid_id: int | None = None
    password: str | None = secret(FIRST_PASSWORD, None)


@dataclass(frozen=True)
class UpdateAdmin:
    """员工修改 Other values of a member of staff; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    org_id: int | Unset = UNSET
    org_code: str | None = refers(Org.code, ORG_CODE, None)
    type: AdminType | Unset = UNSET
    name: str | Unset = UNSET
    nickname: str | Unset | None = UNSET
    account: str | Unset | None = UNSET
    staff_number: str | Unset | None = UNSET
    position: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    identity: str | Unset | None = UNSET
    sex: Sex | Unset = UNSET
    birthday: date | Unset | None = UNSET
    picture: str | Unset | None = UNSET
    face_picture: str | Unset | None = UNSET
    status: AdminStatus | Unset = UNSET
    fourgrid_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class UpsertAdmin:
    """员工同步 A member of staff of another system, who is created, or changed if the register knows them.

    What is left out of a known one stays as it is.
    """

    fourgrid_id: int
    name: str
    source: str = OWN_SOURCE
    org_id: int | Unset = UNSET
    org_code: str | None = refers(Org.code, ORG_CODE, None)
    type: AdminType | Unset = UNSET
    nickname: str | Unset | None = UNSET
    account: str | Unset | None = UNSET
    staff_number: str | Unset | None = UNSET
    position: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    identity: str | Unset | None = UNSET
    sex: Sex | Unset = UNSET
    birthday: date | Unset | None = UNSET
    picture: str | Unset | None = UNSET
    face_picture: str | Unset | None = UNSET
    status: AdminStatus | Unset = UNSET
    password: str | None = secret(NEW_PASSWORD, None)


@dataclass(frozen=True)
class DeleteAdmin:
    """员工删除 Delete a member of staff who holds no role, with group memberships, devices and log-ins."""

    id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteAdmins:
    """批量删除员工 Delete members of staff by their ids, or, without ids, by their ids in the former user table."""

    ids: tuple[int, ...] = refers(Admin.id, "编号 Ids of members of staff", ())
    fourgrid_ids: tuple[int, ...] = refers(Admin.fourgrid_id, "原用户表主键 Ids in the former user table", ())


@dataclass(frozen=True)
class SetAdminEnabled:
    """启用禁用 Allow an account to be used, or not any more."""

    id: int
    is_enabled: bool
    expected_version: int | None = None


@dataclass(frozen=True)
class ValidateAdmin:
    """唯一性校验 Values that no other member of staff may have; those of `id` themselves do not count."""

    id: int | None = refers(Admin.id, "编号 The member of staff that the values are for, if there is one", None)
    type: AdminType = AdminType.PROPERTY
    account: str | None = None
    staff_number: str | None = None
    identity: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class SetPassword:
    """修改密码 A new password for the account of a member of staff."""

    id: int
    password: str = secret(NEW_PASSWORD)
    expected_version: int | None = None


@dataclass(frozen=True)
class ChangeOwnPassword:
    """修改本人密码 A new password for the caller's own account."""

    old_password: str = secret("旧密码 The present password; a wrong one counts as a failed log-in")
    new_password: str = secret(NEW_PASSWORD)
