"""Organisations of the demo world, for the tests of their legacy URLs."""

from typing import Any

from tests.clients.api import Api
from tests.clients.legacy import Legacy

TOP, MIDDLE, LOW, PROJECT, FOREIGN, ABSENT = 8829, 8830, 8831, 9103, 15264, 999999999
"""A top business organisation of yanggc4, three below it, another tenant's, and none."""

ADMINISTRATIVE, PART, OTHERS = 6419, 6422, 15263
"""The administrative organisation that serves TOP, one below it, and one that serves another tenant."""


class Orgs:
    """The organisations of a demo world, as three callers; tests create what they change."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.super, self.staff, self.foreign = (Legacy(api, each) for each in ("supperadm", "yanggc4", "zhangx"))

    def made(self, name: str, **given: Any) -> dict[str, Any]:
        """Create an organisation below LOW, or where `given` says."""
        created: dict[str, Any] = self.super.result("org/update", {"org_name": name, "parentid": LOW, **given})
        return created


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """Give the ids of rows."""
    return [row["id"] for row in rows]
