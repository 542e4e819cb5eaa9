"""Verification in GraphQL: claims of app users on properties."""

from app import models
from app.declarations.entity import column, entity, personal, related
from app.declarations.mutations import Writes
from app.loaders.edge import one
from app.services.verification import CAPABILITY, add_verifications, review_verifications
from app.services.verification_inputs import AddVerification, ReviewVerification


@entity(models.Verification)
class Verification:
    """信息认证 The claim of an app user on a property (document 003, part 12)."""

    type = column()
    tenure = column()
    status = column()
    channel = column()
    identity_type = column()
    identity = personal("identity", recorded=True)
    app_user_id = column()
    app_user_name = column()
    app_user_phone = personal("phone", recorded=True)
    main_customer_name = column()
    main_customer_phone = personal("phone", recorded=True)
    submitted_from = column()
    remark = column()
    submitted_at = column()
    reviewed_at = column()
    reviewer_account = column()
    reviewer_name = column()
    reviewer_id = column()
    space_id = column()
    customer_id = column()
    property_relation_id = column()
    fourgrid_app_user_id = column()

    space = related(one(models.Verification.space_id, models.Space), "空间 The property claimed")
    customer = related(one(models.Verification.customer_id, models.Customer), "客户 Who the user was found to be")
    property_relation = related(
        one(models.Verification.property_relation_id, models.PropertyRelation), "产权关系 What the approval made"
    )
    reviewer = related(one(models.Verification.reviewer_id, models.Admin), "审核人 Who decided")


WRITES = Writes(models.Verification, CAPABILITY)

MUTATIONS = {
    "add_verification": WRITES.one(
        "新增认证 Verify a property for a customer (document 003, 12.3): the claim is made and approved at once.",
        add_verifications,
        AddVerification,
        shares=True,
    ),
    "add_verifications": WRITES.bulk(
        "批量新增认证 Verify properties for customers (document 003, 12.3).",
        add_verifications,
        AddVerification,
        shares=True,
    ),
    "review_verification": WRITES.one(
        "认证审核 Approve or reject a claim (document 003, 12.4); an approval makes or confirms the property relation.",
        review_verifications,
        ReviewVerification,
        shares=True,
    ),
    "review_verifications": WRITES.bulk(
        "批量认证审核 Approve or reject claims (document 003, 12.4).",
        review_verifications,
        ReviewVerification,
        shares=True,
    ),
}
"""What may be written of claims, by the names of the fields."""
