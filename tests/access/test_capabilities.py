"""Capabilities: what rights follow from what a caller holds, and where."""

from dataclasses import replace

import pytest

from app.access.caller import Caller
from app.access.capabilities import CAPABILITIES, EVERYWHERE, SUPER_ONLY, Held, capabilities_of, narrowed

ORDINARY = CAPABILITIES.keys() - SUPER_ONLY
CALLER = Caller(1, "h5-client", "a", is_super=False, scopes=("2/", "8829/"), admin_scopes=(), capabilities={})


def test_the_super_administrator_holds_all_everywhere() -> None:
    assert capabilities_of(is_super=True, built_in=(), by_menus=()) == dict.fromkeys(CAPABILITIES, (EVERYWHERE,))


def test_the_built_in_role_holds_all_but_the_super_administrators_where_it_is_held() -> None:
    found = capabilities_of(is_super=False, built_in=["8829/", "2/3/", "2/3/4/"], by_menus=())
    assert found == dict.fromkeys(ORDINARY, ("2/3/", "8829/"))


def test_menus_give_what_they_name_where_they_are_granted_and_no_more() -> None:
    names = ["ORG_WRITE", "SYSTEM_SUPER", "PII_READ"]
    found = capabilities_of(is_super=False, built_in=(), by_menus=[("2/", name) for name in names])
    assert found == {"org.write": ("2/",), "pii.read": ("2/",)}
    assert capabilities_of(is_super=False, built_in=(), by_menus=()) == {}


def test_a_menu_adds_nothing_below_the_built_in_role() -> None:
    found = capabilities_of(is_super=False, built_in=["2/"], by_menus=[("2/3/", "PII_READ"), ("4/", "PII_READ")])
    assert found["pii.read"] == ("2/", "4/")
    assert found["org.write"] == ("2/",)


@pytest.mark.parametrize(
    ("held", "path", "left"),
    [
        (("2/", "8829/"), "8829/8830/", ("8829/8830/",)),
        (("8829/",), "8829/", ("8829/",)),
        (("8829/8830/", "8829/8831/", "2/"), "8829/", ("8829/8830/", "8829/8831/")),
        (("2/",), "20/", None),
        (("20/",), "2/", None),
        ((EVERYWHERE,), "8829/", ("8829/",)),
    ],
)
def test_what_is_held_is_narrowed_to_an_organisation(
    held: tuple[str, ...], path: str, left: tuple[str, ...] | None
) -> None:
    assert narrowed({"pii.read": held}, path) == ({} if left is None else {"pii.read": left})


@pytest.mark.parametrize(("path", "may"), [("8829/", True), ("8829/1/", True), ("88290/", False), ("2/", False)])
def test_a_capability_counts_where_it_is_held_and_below(path: str, *, may: bool) -> None:
    caller = replace(CALLER, capabilities={"pii.read": ("8829/",)})
    assert caller.may("pii.read", path) is may
    assert not caller.may("org.write", path)


@pytest.mark.parametrize(
    ("scopes", "held", "throughout"),
    [
        (("2/", "8829/"), {"pii.read": ("2/", "8829/")}, True),
        (("2/", "8829/"), {"pii.read": ("8829/",)}, False),
        (("8829/",), {"pii.read": ("8829/8830/",)}, False),
        (("8829/8830/",), {"pii.read": ("8829/",)}, True),
        (("8829/",), {"org.write": ("8829/",)}, False),
        (("8829/",), {}, False),
        ((), {"pii.read": ("8829/",)}, False),
        ((), {}, False),
    ],
)
def test_a_capability_is_held_throughout_where_nothing_of_the_scope_is_left_out(
    scopes: tuple[str, ...], held: Held, *, throughout: bool
) -> None:
    assert replace(CALLER, scopes=scopes, capabilities=held).may_throughout("pii.read") is throughout


def test_the_super_administrator_holds_all_throughout_with_roles_or_without() -> None:
    held = capabilities_of(is_super=True, built_in=(), by_menus=())
    for scopes in ((), ("2/",)):
        caller = replace(CALLER, is_super=True, scopes=scopes, capabilities=held)
        assert all(caller.may_throughout(name) and caller.may(name, "8829/") for name in CAPABILITIES)


def test_every_capability_is_described() -> None:
    assert all(capability.chinese and capability.english for capability in CAPABILITIES.values())
    assert set(CAPABILITIES) >= SUPER_ONLY
