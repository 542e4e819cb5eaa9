"""Capability: what a caller may do besides reading what is in their scope."""

from enum import auto

from app.models.choice import Choice


class Capability(Choice):
    """权限 What a caller may do besides reading what is in their scope."""

    ORG_WRITE = (
        auto(), "org.write", "组织",
        "Create, change, move and delete organisations, and relate administrative to business ones",
    )  # fmt: skip
    SPACE_WRITE = (
        auto(), "space.write", "空间",
        "Create, change, move and delete spaces, their locations and parking details",
    )  # fmt: skip
    MENU_WRITE = auto(), "menu.write", "菜单", "Change menus and their guidance, and grant menus to organisations"
    ROLE_GRANT = auto(), "role.grant", "角色", "Create roles, give them menus, and give them to staff"
    ADMIN_WRITE = auto(), "admin.write", "员工", "Create, change, disable and group staff, and set their passwords"
    CUSTOMER_WRITE = auto(), "customer.write", "客户", "Create, change and delete customers"
    PROPERTY_WRITE = (
        auto(), "property.write", "产权关系",
        "Bind and unbind customers and properties, and keep housing records",
    )  # fmt: skip
    VERIFICATION_REVIEW = (
        auto(), "verification.review", "信息认证",
        "Approve and reject what app users claim, and enter approved claims",
    )  # fmt: skip
    WORK_ORDER_WRITE = (
        auto(), "work_order.write", "服务单",
        "Report, assign, take and finish work orders, and change their categories",
    )  # fmt: skip
    APP_GRANT = auto(), "app.grant", "App授权", "Say which apps may serve top organisations"
    EVENT_PUBLISH = auto(), "event.publish", "事件", "Publish events of the register to other systems"
    PII_READ = auto(), "pii.read", "个人信息", "Read identity numbers, phone numbers and e-mail addresses in full"
    SYSTEM_SUPER = (
        auto(), "system.super", "超级管理员",
        "What concerns all tenants: the menu tree, granting menus to top organisations",
    )  # fmt: skip

    @property
    def description(self) -> str:
        """Describe the capability: its terms, and its name in the code and in the documentation."""
        return f"{self.chinese} {self.english} (`{self.code}`)"
