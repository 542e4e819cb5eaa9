"""Change policies: which rows of each table a caller may change, create and delete, in words and in SQL.

A service checks the same conditions first and answers with a clear error. The database enforces these policies in any
case.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.access.capabilities import SUPER
from app.access.columns import (
    ADMIN_COLUMNS,
    CATEGORY_COLUMNS,
    CHANGED,
    CLAIM_COLUMNS,
    CREATED,
    CUSTOMER_COLUMNS,
    DECISION_COLUMNS,
    KEYS,
    LOCATION_COLUMNS,
    MENU_COLUMNS,
    NODE,
    ORG_COLUMNS,
    PARKING_COLUMNS,
    PASSWORD_COLUMNS,
    PROGRESS_COLUMNS,
    PROPERTY_COLUMNS,
    REPORT_COLUMNS,
    SPACE_COLUMNS,
    SUBMISSION_COLUMNS,
)
from app.access.holdings import ACTOR, PROPERTIES, paths_in
from app.access.policies import IS_SUPER
from app.access.staff_rights import HOLDS_WITHIN, MAY_STAFF
from app.db.scope import capability_setting
from app.models.property import IS_VALID

CHANGE_POLICY, CREATE_POLICY, DELETE_POLICY = "changeable", "creatable", "deletable"
"""The names of a table's policies: for changing, creating and deleting rows."""


@dataclass(frozen=True)
class ChangePolicy:
    """Who may change, create and delete rows of a table: in words, and as a condition on the row before and after.

    The caller must hold `capability` in the organisation whose path is `path`, or above it; the super administrator
    may change every row, and without a `path` and a `condition` no other caller may. `columns` are those that requests
    may set in a stored row, `created` those in a new one; without any, no request changes rows, or creates and deletes
    them. Rows that are not `deletable` are never deleted.
    """

    words: str
    capability: str
    path: str | None
    columns: tuple[str, ...]
    created: tuple[str, ...] = ()
    deletable: bool = True
    condition: str | None = None
    """The condition instead of `path`, for rows that several organisations may change."""

    creating: str | None = None
    """The condition on new rows, where it is another one."""

    @property
    def using(self) -> str:
        """Return the whole condition."""
        if self.condition is not None:
            return f"{IS_SUPER} or {self.condition}"
        return IS_SUPER if self.path is None else f"{IS_SUPER} or {held(self.capability, self.path)}"

    @property
    def checking(self) -> str:
        """Return the whole condition on new rows."""
        return self.using if self.creating is None else f"{IS_SUPER} or {self.creating}"


def held(capability: str, path: str) -> str:
    """Write the condition that the caller holds a capability in the organisation with a path, or above it."""
    return f"{path} ^@ any((select {paths_in(capability_setting(capability))})::text[])"


def of_changeable_space(table: str, columns: tuple[str, ...]) -> ChangePolicy:
    """Let callers change the rows of spaces that they may change."""
    path = f"(select space.org_path from space where space.id = {table}.space_id)"  # noqa: S608 - our own names
    words = "those of spaces of organisations in which the caller holds `space.write`, and of those below them"
    return ChangePolicy(words, "space.write", path, (*columns, *CHANGED), ("space_id", *columns, *CREATED))


SUPER_WORDS = "only the super administrator"

RELATED_PATH = (
    "(select business.path from org business, org administrative where business.id = org_relation.business_org_id"
    " and business.type = 'BUSINESS' and administrative.id = org_relation.administrative_org_id"
    " and administrative.type = 'ADMINISTRATIVE')"
)
"""The path of the business organisation of a relation; null where the caller does not see both organisations."""


def of_granted(
    table: str, capability: str, columns: tuple[str, ...], *changed: str, condition: str = "true", words: str = ""
) -> ChangePolicy:
    """Let callers create and delete grants of organisations that they administer, unless the super granted them.

    The `condition`, and what it says in `words`, holds for the rows of others than the super administrator.
    """
    path = (
        f"(select org.path from org where org.id = {table}.org_id and not {table}.is_granted_by_super"  # noqa: S608 - our own names
        f" and {condition})"
    )
    words = (
        f"those of business organisations in which the caller holds `{capability}`, and of those below them{words}; "
        "what the super administrator granted only the super administrator"
    )
    flag = ("is_granted_by_super",)
    return ChangePolicy(words, capability, path, (*changed, *CHANGED), (*columns, *flag, *CREATED))


KNOWN_TO = "select true from customer_org known join org on org.id = known.org_id where known.customer_id = customer.id"
HOUSED_BY = (
    "select true from property_relation relation join space on space.id = relation.space_id"  # noqa: S608 - our own words
    f" where relation.customer_id = customer.id and relation.{IS_VALID}"
)
OF_CUSTOMER = " or ".join(
    (
        held("customer.write", "(customer.top_org_id || '/')"),
        f"({KNOWN_TO} and {held('customer.write', 'org.path')} limit 1)",
        f"({HOUSED_BY} and {held('customer.write', 'space.org_path')} limit 1)",
    )
)
"""The capability is held at the top, or in an organisation that knows the customer."""

IN_TENANT = (
    f"(select true from unnest({paths_in('app.may_customer_write')}) path"  # noqa: S608 - our own names
    " where split_part(path, '/', 1) = customer.top_org_id::text limit 1)"
)
"""The capability is held somewhere in the tenant: no organisation knows a new customer yet."""

OWN_REPORT = f"work_order.space_id = {PROPERTIES} and work_order.customer_id = {ACTOR}"
"""The condition that the caller is a customer who reports for the own property."""

DEVICE_COLUMNS = ("device_token", "provider", "os", "environment", "registered_at")

OF_CHANGEABLE_STAFF = f"not admin.is_super and {MAY_STAFF.format(org='admin.org_id')} and {HOLDS_WITHIN}"
"""The condition that the caller may change a member of staff."""

MAY_REGISTER = f"(admin.id = {ACTOR} or {OF_CHANGEABLE_STAFF})"
"""The condition that the caller may register and delete the devices of a member of staff."""

CHANGES: Mapping[str, ChangePolicy] = {
    "org": ChangePolicy(
        "business organisations in which the caller holds `org.write`, and those below them; administrative "
        "organisations only the super administrator",
        "org.write",
        "(case when org.type = 'BUSINESS' then org.path end)",
        (*NODE, *ORG_COLUMNS, *CHANGED),
        ("id", "type", *KEYS, *NODE, *ORG_COLUMNS, *CREATED),
    ),
    "space": ChangePolicy(
        "spaces of business organisations in which the caller holds `space.write`, and of those below them; spaces "
        "without an organisation only the super administrator",
        "space.write",
        "space.org_path",
        (*NODE, *SPACE_COLUMNS, *CHANGED),
        ("id", "type", *KEYS, *NODE, *SPACE_COLUMNS, *CREATED),
    ),
    "space_location": of_changeable_space("space_location", LOCATION_COLUMNS),
    "parking_detail": of_changeable_space("parking_detail", PARKING_COLUMNS),
    "property_relation": ChangePolicy(
        "those of spaces of organisations in which the caller holds `property.write`, and of those below them",
        "property.write",
        "property_relation.space_org_path",
        (*PROPERTY_COLUMNS, *CHANGED),
        ("type", "space_id", "customer_id", *KEYS, *PROPERTY_COLUMNS, *CREATED),
    ),
    "verification": ChangePolicy(
        "those on spaces of organisations in which the caller holds `verification.review`, and of those below them",
        "verification.review",
        "verification.space_org_path",
        (*DECISION_COLUMNS, *CHANGED),
        (*CLAIM_COLUMNS, *SUBMISSION_COLUMNS, *DECISION_COLUMNS, *CREATED),
    ),
    "work_order": ChangePolicy(
        "those for houses of organisations in which the caller holds `work_order.write`, and of those below them; new "
        "ones also a customer for the own property",
        "work_order.write",
        "work_order.space_org_path",
        (*PROGRESS_COLUMNS, *CHANGED),
        (*REPORT_COLUMNS, *CREATED),
        creating=f"({held('work_order.write', 'work_order.space_org_path')} or {OWN_REPORT})",
    ),
    "work_order_category": ChangePolicy(
        "those of top organisations in which the caller holds `work_order.write`",
        "work_order.write",
        "(work_order_category.top_org_id || '/')",
        ("name", "status", *CHANGED),
        (*CATEGORY_COLUMNS, *CREATED),
    ),
    "org_relation": ChangePolicy(
        "relations of business organisations in which the caller holds `org.write`, and of those below them, to "
        "visible administrative organisations",
        "org.write",
        RELATED_PATH,
        (),
        ("business_org_id", "administrative_org_id", *CREATED),
    ),
    "org_menu": of_granted(
        "org_menu",
        "menu.write",
        ("org_id", "menu_id"),
        "is_granted_by_super",
        condition="(select true from menu where menu.id = org_menu.menu_id)",
        words=", with visible menus",
    ),
    "org_role": of_granted("org_role", "role.grant", ("org_id", "role_id")),
    "org_role_menu": of_granted("org_role_menu", "role.grant", ("org_id", "role_id", "menu_id")),
    "admin_grant": of_granted(
        "admin_grant",
        "role.grant",
        ("org_id", "role_id", "admin_id"),
        condition="(select not role.is_system_default from role where role.id = admin_grant.role_id)",
        words=", with ordinary roles",
    ),
    "admin": ChangePolicy(
        "staff of administrative organisations that serve only business organisations in which the caller holds "
        "`admin.write`, and those below them, unless they hold a role elsewhere, or a capability that the caller lacks "
        "there; the super administrator is changed by the super administrator only",
        "admin.write",
        None,
        (*ADMIN_COLUMNS, *PASSWORD_COLUMNS, "login_failures", "locked_until", *CHANGED),
        (*ADMIN_COLUMNS, *KEYS, *PASSWORD_COLUMNS, *CREATED),
        condition=OF_CHANGEABLE_STAFF,
    ),
    "admin_group": ChangePolicy(
        "those of business organisations in which the caller holds `admin.write`, and of those below them",
        "admin.write",
        "(select org.path from org where org.id = admin_group.org_id and org.type = 'BUSINESS')",
        ("name", *CHANGED),
        ("org_id", "name", *CREATED),
    ),
    "admin_group_member": ChangePolicy(
        "visible staff in groups of business organisations in which the caller holds `admin.write`, and of those below "
        "them",
        "admin.write",
        "(select org.path from org join admin_group on admin_group.org_id = org.id"
        " where admin_group.id = admin_group_member.group_id and org.type = 'BUSINESS'"
        " and (select true from admin where admin.id = admin_group_member.admin_id))",
        (),
        ("group_id", "admin_id", *CREATED),
    ),
    "customer": ChangePolicy(
        "customers of top organisations in which the caller holds `customer.write`, and those known to an organisation "
        "in which the caller holds it, or who hold property there now; new customers of a tenant in which the caller "
        "holds it somewhere",
        "customer.write",
        None,
        (*CUSTOMER_COLUMNS, *CHANGED),
        ("id", "top_org_id", *KEYS, *CUSTOMER_COLUMNS, *CREATED),
        deletable=False,
        condition=OF_CUSTOMER,
        creating=IN_TENANT,
    ),
    "customer_org": ChangePolicy(
        "relations of business organisations in which the caller holds `customer.write`, and of those below them, to "
        "customers that the caller may change, or has made in the same transaction",
        "customer.write",
        "(select org.path from org where org.id = customer_org.org_id and org.type = 'BUSINESS')",
        (),
        ("customer_id", "org_id", *CREATED),
    ),
    "device": ChangePolicy(
        "those of the caller, and of staff whose account the caller may change",
        "admin.write",
        None,
        (*DEVICE_COLUMNS, *CHANGED),
        ("id", "app_id", "device_id", "admin_id", *DEVICE_COLUMNS, *CREATED),
        condition=f"(select true from admin where admin.id = device.admin_id and {MAY_REGISTER})",  # noqa: S608 - our own names
    ),
    "app_grant": ChangePolicy(
        "those of top business organisations in which the caller holds `app.grant`",
        "app.grant",
        "(select org.path from org"
        " where org.id = app_grant.org_id and org.type = 'BUSINESS' and org.parent_id is null)",
        (),
        ("app_id", "app_type", "org_id", *CREATED),
    ),
    "menu": ChangePolicy(
        SUPER_WORDS, SUPER, None, (*NODE, *MENU_COLUMNS, *CHANGED), ("id", *NODE, *MENU_COLUMNS, *CREATED)
    ),
    "menu_guidance": ChangePolicy(SUPER_WORDS, SUPER, None, ("content", *CHANGED), ("menu_id", "content", *CREATED)),
}
"""The tables whose rows requests may change."""
