"""Histories of records in the register browser, and changes that others make meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator

from tests.clients.page import Explorer
from tests.clients.record import REGISTER
from tests.explorer.buildings import show

COMMUNITY, OTHER, OF_LISI = "9885", "9888", "3429"
ORG_ABOVE = "9103"
OCCUPIED, RENTED = "4238", "20704"
AWAY = 'mutation { updatePropertyRelation(input: {id: "48001", housingStatus: AWAY}) { errors { message } } }'


@contextmanager
def register_opened(
    chromium: Browser, program: str, account: str = "supperadm", button: str = "Log in", **options: Any
) -> Iterator[Explorer]:
    """Open the register and log in."""
    with Explorer.opened(chromium, program, REGISTER, **options) as register:
        register.log_in_to_register(account, button)
        yield register


def show_history(register: Explorer, id_: str, tree: str = "space") -> None:
    """Show the history of a record as a link does."""
    show(register, id_, "history", tree)


def change(register: Explorer, mutation: str, reason: str = "", **input_: Any) -> Any:
    """Write as the super administrator in another session, and return the payload."""
    noun = "org { id }" if "Org" in mutation else "space { id }"
    selection = "errors { message }" if "delete" in mutation else f"{noun} errors {{ message }}"
    type_ = f"{mutation[0].upper()}{mutation[1:]}Input!"
    query = f"mutation ($input: {type_}) {{ {mutation}(input: $input) {{ {selection} }} }}"
    payload = register.ask(query, {"input": input_}, reason)[mutation]
    assert payload["errors"] == []
    return payload


def building(register: Explorer, name: str, parent: str = COMMUNITY) -> str:
    """Create a building, and return its id."""
    id_: str = change(register, "createSpace", name=name, parentId=parent, type="BUILDING")["space"]["id"]
    return id_


def unit(register: Explorer, name: str, parent: str) -> str:
    id_: str = change(register, "createSpace", name=name, parentId=parent, type="UNIT")["space"]["id"]
    return id_


def organisation(register: Explorer, name: str, parent: str) -> str:
    id_: str = change(register, "createOrg", name=name, parentId=parent)["org"]["id"]
    return id_


def entries(register: Explorer) -> Locator:
    return register.page.get_by_role("list", name="Changes").locator("> li")


def headings(register: Explorer) -> Locator:
    return entries(register).get_by_role("heading")


def restore(register: Explorer, entry: int = 0) -> Locator:
    """Press the button of an entry, and return the dialog that asks."""
    entries(register).nth(entry).get_by_role("button", name="Restore").click()
    return register.page.get_by_role("dialog")
