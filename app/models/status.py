"""Status: whether a record counts (document 003, dictionary: 状态)."""

from enum import auto

from app.models.choice import Choice


class Status(Choice):
    """状态 whether a record counts; a filter, never a right of access."""

    ENABLED = auto(), 1, "启用", "enabled, valid"
    DISABLED = auto(), 2, "禁用", "disabled, invalid"
