"""Buildings for the register browser, made through the API, and plans as the page shows them."""

import json
from typing import Any

from playwright.sync_api import Locator

from tests.clients.page import Explorer

STRUCTURE = "9889"
"""建筑物8 of 简岸花园 (9885)."""

CUSTOMER, OTHER = "9148", "9343"


def written(explorer: Explorer, mutation: str, field: str, records: list[dict[str, Any]], selection: str) -> list[Any]:
    """Write records with a bulk mutation, which must succeed, and return them."""
    listed = ", ".join(as_literal(record) for record in records)
    answer = f"{{ {field} {{ {selection} }} errors {{ message }} }}"
    payload = explorer.ask(f"mutation {{ {mutation}(input: {{{field}: [{listed}]}}) {answer} }}")[mutation]
    assert payload["errors"] == []
    rows: list[Any] = payload[field]
    return rows


def as_literal(record: dict[str, Any]) -> str:
    """Return a record as GraphQL: names and values of enumerations have no quotes."""
    enums = ("type", "status", "tenure", "housingStatus")
    values = {name: value if name in enums else json.dumps(value) for name, value in record.items()}
    return "{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"


def spaces(explorer: Explorer, parent: str, type_: str, *names: str, **values: str) -> list[str]:
    """Create spaces below one and return their ids."""
    records = [{"parentId": parent, "type": type_, "name": name, **values} for name in names]
    return [space["id"] for space in written(explorer, "createSpaces", "spaces", records, "id")]


def relate(explorer: Explorer, space: str, customer: str, tenure: str, housing_status: str = "LIVING_IN") -> None:
    """Let a customer own or rent a property."""
    record = {"spaceId": space, "customerId": customer, "tenure": tenure, "housingStatus": housing_status}
    written(explorer, "createPropertyRelations", "propertyRelations", [record], "id")


def show(explorer: Explorer, record: str, view: str, tree: str = "space") -> None:
    """Show a view of a record as a link does, without another log-in."""
    path = f"{explorer.address}/explorer/register?tree={tree}&record={record}&view={view}"
    explorer.page.evaluate(
        "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
    )


def cell(explorer: Explorer, name: str) -> Locator:
    """Return the cell of a house or a parking place, in any state."""
    return explorer.page.locator(f'.plan [role=gridcell][aria-label^="{name}, "]')


def rows(explorer: Explorer) -> list[list[str]]:
    """Return the plan: the title of each row and the names in its cells, empty where there is no house."""
    explorer.page.get_by_role("grid").wait_for()
    script = "rows => rows.map(row => [...row.cells].map(cell => (cell.querySelector('.name') ?? cell).textContent))"
    shown: list[list[str]] = explorer.page.locator(".plan tbody tr").evaluate_all(script)
    return shown
