"""Customer inputs: what callers send to write customers; app/services/customer.py has the rules."""

from dataclasses import dataclass

from app.models.admin import Sex
from app.models.customer import Customer, CustomerOrg, CustomerType, IdentityType
from app.models.space import Space
from app.models.status import Status
from app.services.write import UNSET, Unset, refers

ORG = (
    "所属业务组织 A business organisation of the tenant that the customer belongs to; by default that of the other"
    " organisations named, or the caller's only tenant"
)
RELATED = "关联业务组织 Business organisations that know the customer from now on, besides those that do"
UNRELATED = "取消关联业务组织 Business organisations that no longer know the customer"
COMMUNITY = "小区 A community: the organisation that owns it knows the customer from now on"


@dataclass(frozen=True)
class CreateCustomer:
    """客户新增 A new customer of the top organisation of a tenant, known to some of its business organisations."""

    name: str
    type: CustomerType = CustomerType.PERSON
    phone: str | None = None
    identity_type: IdentityType | None = None
    identity: str | None = None
    sex: Sex = Sex.UNKNOWN
    face_picture: str | None = None
    level: int | None = None
    status: Status = Status.ENABLED
    fourgrid_id: int | None = None
    org_id: int | None = refers(CustomerOrg.org_id, ORG, None)
    org_ids: tuple[int, ...] = refers(CustomerOrg.org_id, RELATED, ())


@dataclass(frozen=True)
class UpdateCustomer:
    """客户修改 A change of one customer; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    type: CustomerType | Unset = UNSET
    name: str | Unset = UNSET
    phone: str | Unset | None = UNSET
    identity_type: IdentityType | Unset | None = UNSET
    identity: str | Unset | None = UNSET
    sex: Sex | Unset = UNSET
    face_picture: str | Unset | None = UNSET
    level: int | Unset | None = UNSET
    fourgrid_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class UpsertCustomer:
    """客户同步 A customer, who is looked for by the matching rules; what is left out stays as it is."""

    id: int | None = refers(Customer.id, "编号 The customer, if it is known which one; no other is looked for", None)
    expected_version: int | None = None
    source: str | None = None
    external_id: str | None = None
    fourgrid_id: int | Unset = UNSET
    type: CustomerType | Unset = UNSET
    name: str | Unset = UNSET
    phone: str | Unset | None = UNSET
    identity_type: IdentityType | Unset | None = UNSET
    identity: str | Unset | None = UNSET
    sex: Sex | Unset = UNSET
    face_picture: str | Unset | None = UNSET
    level: int | Unset | None = UNSET
    status: Status | Unset = UNSET
    org_id: int | None = refers(CustomerOrg.org_id, ORG, None)
    org_ids: tuple[int, ...] = refers(CustomerOrg.org_id, RELATED, ())
    unrelated_org_ids: tuple[int, ...] = refers(CustomerOrg.org_id, UNRELATED, ())
    community_id: int | None = refers(Space.id, COMMUNITY, None)


@dataclass(frozen=True)
class SetCustomerStatus:
    """客户失效/生效 Declare a customer valid or invalid; the customer is named by `id` or by `fourgridId`."""

    status: Status
    id: int | None = refers(Customer.id, "编号 The customer", None)
    fourgrid_id: int | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteCustomer:
    """客户删除 Delete a customer without valid property relations and open claims."""

    id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class RelateCustomerOrgs:
    """客户关联业务组织 Which business organisations know a customer; those that are not named stay as they are."""

    id: int
    expected_version: int | None = None
    org_ids: tuple[int, ...] = refers(CustomerOrg.org_id, RELATED, ())
    unrelated_org_ids: tuple[int, ...] = refers(CustomerOrg.org_id, UNRELATED, ())


@dataclass(frozen=True)
class MergeCustomers:
    """客户合并 Two records of one customer become one, which holds what both had."""

    keep_id: int = refers(Customer.id, "保留 The customer that stays")
    lose_id: int = refers(Customer.id, "合并 The customer that is merged into it")
    keep_expected_version: int | None = refers(
        Customer.version, "保留版本 The `version` of `keepId` that the caller has read", None
    )
    lose_expected_version: int | None = refers(
        Customer.version, "合并版本 The `version` of `loseId` that the caller has read", None
    )
