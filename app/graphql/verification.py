"""Verification in GraphQL: claims of app users on properties."""

from app import models
from app.declarations.entity import column, entity, personal, related
from app.loaders.edge import one


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
