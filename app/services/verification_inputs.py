"""Verification inputs: what mutations of claims on properties take (document 003, 12.3 and 12.4)."""

from dataclasses import dataclass

from app.models import Verification
from app.models.customer import IdentityType
from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationChannel, VerificationStatus
from app.services.write import UNSET, Unset, option, refers

TYPE = "产权类型 House or parking place; it follows from the space, and another one is refused"
OTHER = "迁出 Move another customer out who is verified as the same; without it, that is refused"
TENURE = "覆盖 Change the tenure of the customer's valid property relation; without it, another tenure is refused"
DECISION = "审核状态 APPROVED or REJECTED"
DECIDER = "审核渠道 Who decides; only the back office, which is the default, changes a decision"
NAMED = "客户 The customer of a claim that names none yet; another one than that of the claim is refused"


@dataclass(frozen=True)
class AddVerification:
    """后台新增认证 A claim that the back office enters, and approves at once."""

    space_id: int
    customer_id: int
    tenure: Tenure
    type: PropertyType | None = refers(Verification.type, TYPE, None)
    identity_type: IdentityType | None = None
    identity: str | None = None
    remark: str | None = None
    move_out_other: bool = option(OTHER, default=False)
    replace_tenure: bool = option(TENURE, default=False)


@dataclass(frozen=True)
class ReviewVerification:
    """认证审核 The decision on a claim."""

    id: int
    status: VerificationStatus = refers(Verification.status, DECISION)
    expected_version: int | None = None
    channel: VerificationChannel = refers(Verification.channel, DECIDER, VerificationChannel.BACK_OFFICE)
    customer_id: int | None = refers(Verification.customer_id, NAMED, None)
    remark: str | Unset | None = UNSET
    move_out_other: bool = option(OTHER, default=False)
    replace_tenure: bool = option(TENURE, default=False)


@dataclass(frozen=True)
class DeleteVerification:
    """认证删除 Delete a claim that was entered by mistake; an approved one is rejected first."""

    id: int
    expected_version: int | None = None
