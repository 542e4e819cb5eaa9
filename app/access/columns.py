"""Columns: those of each table that requests may set. The services write the same ones."""

CHANGED = ("version", "updated_at", "updated_by")
"""What every change sets."""

CREATED = ("created_by", "updated_by")
"""What every new row sets."""

NODE = ("parent_id", "code", "path", "sort_key", "depth", "name", "full_name")
"""The columns of every tree, and those derived from them."""

ORG_COLUMNS = ("administrative_sub_type", "business_sub_type", "status", "fourgrid_id", "fourgrid_parent_id")

SPACE_COLUMNS = (
    "status",
    "business_type",
    "area",
    "fee_area",
    "community_id",
    "org_id",
    "org_path",
    "fourgrid_id",
    "fourgrid_parent_id",
    "fourgrid_community_id",
)

LOCATION_COLUMNS = ("province", "city", "district", "street", "longitude", "latitude", "picture")
PARKING_COLUMNS = ("number", "sub_number", "area", "fee_area", "type", "nature", "status", "charging")
MENU_COLUMNS = ("type", "url", "identifier", "capability")

PERSON_COLUMNS = (
    "org_id",
    "type",
    "name",
    "nickname",
    "account",
    "staff_number",
    "position",
    "phone",
    "email",
    "identity",
    "sex",
    "birthday",
    "picture",
    "face_picture",
    "status",
    "fourgrid_id",
)
ADMIN_COLUMNS = (*PERSON_COLUMNS, "is_enabled")
PASSWORD_COLUMNS = ("password_hash", "password_changed_at")

PROPERTY_COLUMNS = (
    "tenure",
    "is_main",
    "housing_status",
    "fourgrid_id",
    "fourgrid_customer_id",
    "fourgrid_space_id",
    "fourgrid_community_id",
)

KEYS = ("source", "external_id")
"""The key of an imported record, which never changes."""

CLAIM_COLUMNS = (
    "type",
    "space_id",
    "tenure",
    "identity_type",
    "identity",
    "app_user_id",
    "app_user_name",
    "app_user_phone",
    "fourgrid_app_user_id",
)
SUBMISSION_COLUMNS = ("submitted_from", "submitted_at")

DECISION_COLUMNS = (
    "customer_id",
    "property_relation_id",
    "status",
    "channel",
    "remark",
    "reviewed_at",
    "reviewer_id",
    "reviewer_account",
    "reviewer_name",
)

CUSTOMER_COLUMNS = (
    "type",
    "name",
    "phone",
    "identity_type",
    "identity",
    "sex",
    "face_picture",
    "level",
    "status",
    "fourgrid_id",
)

CATEGORY_COLUMNS = ("top_org_id", "parent_id", "level", "name", "status", "source", "external_id")
REPORT_COLUMNS = (
    "number",
    "space_id",
    "category_three_id",
    "description",
    "contact_name",
    "contact_phone",
    "customer_id",
    "reporter_id",
)
PROGRESS_COLUMNS = (
    "status",
    "assignee_id",
    "receiver_id",
    "assigned_at",
    "received_at",
    "repair_started_at",
    "completed_at",
    "cancelled_at",
    "settlement_party",
    "settlement_amount",
)
