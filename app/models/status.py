"""Status: whether a record is in use (document 003, dictionary: 状态)."""

from enum import auto

from app.models.choice import Choice


class Status(Choice):
    """状态 Whether a record is in use; it filters lists and changes no rights."""

    ENABLED = auto(), 1, "启用", "Enabled, valid"
    DISABLED = auto(), 2, "禁用", "Disabled, invalid"
