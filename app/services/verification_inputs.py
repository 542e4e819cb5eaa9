"""Verification inputs: what mutations of claims on properties take (document 003, 12.3 and 12.4)."""

from dataclasses import dataclass

from app.models import Verification
from app.models.customer import IdentityType
from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationStatus
from app.services.write import option, refers

TYPE = "产权类型 House or parking place; it follows from the space, and another one is refused"
MOVE_OUT = "是否迁出 Whether another customer for whom the property is verified is moved out; else that is an error"


@dataclass(frozen=True)
class AddVerification:
    """新增认证 A claim on a property that the back office makes for a customer and approves at once."""

    space_id: int
    customer_id: int = refers(Verification.customer_id, "客户 The customer who owns or rents the property")
    tenure: Tenure = Tenure.OWNER
    type: PropertyType | None = refers(Verification.type, TYPE, None)
    identity_type: IdentityType | None = None
    identity: str | None = None
    remark: str | None = None
    move_out_others: bool = option(MOVE_OUT, default=False)


@dataclass(frozen=True)
class ReviewVerification:
    """认证审核 The decision of the back office on a claim; a decision may be changed."""

    id: int
    status: VerificationStatus = refers(Verification.status, "审核状态 `APPROVED` or `REJECTED`")
    customer_id: int | None = refers(
        Verification.customer_id,
        "客户 The customer that the app user was found to be, where the claim names none",
        None,
    )
    remark: str | None = None
    move_out_others: bool = option(MOVE_OUT, default=False)
    expected_version: int | None = None
