"""Capabilities: what rights follow from what a caller holds."""

from app.access.capabilities import CAPABILITIES, SUPER_ONLY, capabilities_of


def test_the_super_administrator_holds_all() -> None:
    assert capabilities_of(is_super=True, built_in=False, menu_capabilities=()) == set(CAPABILITIES)


def test_the_built_in_role_holds_all_but_the_super_administrators() -> None:
    assert capabilities_of(is_super=False, built_in=True, menu_capabilities=()) == set(CAPABILITIES) - SUPER_ONLY


def test_menus_give_what_they_name_and_no_more() -> None:
    named = ["org.write", "system.super", "no.such", "pii.read"]
    assert capabilities_of(is_super=False, built_in=False, menu_capabilities=named) == {"org.write", "pii.read"}
    assert capabilities_of(is_super=False, built_in=False, menu_capabilities=()) == frozenset()


def test_every_capability_is_described() -> None:
    assert all(description.strip() for description in CAPABILITIES.values())
    assert set(CAPABILITIES) >= SUPER_ONLY
