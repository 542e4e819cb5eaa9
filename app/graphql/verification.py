"""Verification in GraphQL: claims of app users on properties."""

from app import models
from app.declarations.entity import column, entity, personal, related
from app.declarations.mutations import Writes
from app.graphql.property import community_of, enclosing, org_of, space_of, top_org
from app.loaders.edges import one
from app.models.space import SpaceType
from app.services.verification import add_verifications, delete_verifications, review_verifications
from app.services.verification_inputs import AddVerification, DeleteVerification, ReviewVerification
from app.services.verification_register import CAPABILITY


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

    space = related(
        space_of(models.Verification),
        "空间 The property claimed",
    )
    community = related(
        community_of(models.Verification),
        "小区 Community of the property",
    )
    building = related(enclosing(SpaceType.BUILDING), "楼栋 Nearest building that the property is part of")
    unit = related(enclosing(SpaceType.UNIT), "单元 Nearest unit that the property is part of")
    floor = related(enclosing(SpaceType.FLOOR), "楼层 Nearest floor that the property is part of")
    org = related(
        org_of(models.Verification),
        "业务组织 Business organisation that owns the community",
    )
    top_org = related(top_org(), "顶级业务组织 Top of the tree that the organisation is in")
    customer = related(one(models.Verification.customer_id, models.Customer), "客户 Who the user was found to be")
    property_relation = related(
        one(models.Verification.property_relation_id, models.PropertyRelation),
        "产权关系 What the approval made or confirmed",
    )
    reviewer = related(one(models.Verification.reviewer_id, models.Admin), "审核人 Who decided")


WRITES = Writes(models.Verification, CAPABILITY)

MUTATIONS = {
    "add_verification": WRITES.one(
        "后台新增认证 Enter a claim and approve it at once (document 003, 12.3).",
        add_verifications,
        AddVerification,
        shares=True,
        compares=("identity",),
    ),
    "add_verifications": WRITES.bulk(
        "后台批量新增认证 Enter claims and approve them at once (document 003, 12.3).",
        add_verifications,
        AddVerification,
        shares=True,
        compares=("identity",),
    ),
    "review_verification": WRITES.one(
        "认证审核 Approve or reject a claim (document 003, 12.4).",
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
    "delete_verification": WRITES.deletion(
        "认证删除 Delete a claim that is not approved.", delete_verifications, DeleteVerification
    ),
}
"""What may be written of claims, by the names of the fields."""
