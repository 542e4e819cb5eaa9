"""What `cadastre serve` prints: only what works with the settings in force."""

from typing import Any

import pytest

from app.bulk.demo_accounts import DemoLogin
from app.commands.welcome import welcome
from app.db.opening import Register
from app.serving import Ready
from app.settings import Settings

REGISTER = Register("postgresql://me:very-secret@db.example:5433/register", "0001", None)
LOGINS = [DemoLogin("supperadm", "超级管理员", is_super=True, password="known-password")]  # noqa: S106 - of no account


def printed(*, logins: bool = False, has_super: bool = False, is_local: bool = True, **settings: Any) -> str:
    ready = Ready("http://127.0.0.1:8000", REGISTER, LOGINS if logins else [], has_super, is_local)
    return welcome(ready, Settings(**settings))


@pytest.mark.parametrize(
    ("state", "present", "absent"),
    [
        ({"logins": True, "has_super": True}, ["username=supperadm", "known-password", "TOKEN"], ["create-super"]),
        ({}, ["create-super root", "client add console", "username=root", "same CADASTRE_DATABASE_URL"], ["supperadm"]),
        ({"has_super": True}, ["docs/login.md", "curl"], ["create-super", "oauth/token", "supperadm"]),
        ({"logins": True, "require_login": False}, ["curl"], ["TOKEN"]),
        ({"logins": True, "trusted_only": True}, ["documents add", "oauth/token"], ["/graphql -H"]),
        ({"is_local": False}, ["CADASTRE_PUBLIC_URL"], []),
        ({"is_local": False, "public_url": "https://register.example.com"}, [], ["CADASTRE_PUBLIC_URL"]),
    ],
)
def test_only_what_works_is_printed(state: dict[str, Any], present: list[str], absent: list[str]) -> None:
    text = printed(**state)
    assert [part for part in present if part not in text] == []
    assert [part for part in absent if part in text] == []
    assert "db.example:5433/register" in text
    assert "very-secret" not in text
