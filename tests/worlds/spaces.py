"""Spaces of the demo world, and buildings that tests add to them."""

from typing import Any

from tests.clients.writes import Writer

COMMUNITY, OTHER_ORG = "13430", "14487"
"""A community of organisation 10454, and another project organisation of yanggc4."""

SPACE = (
    "space { id name code path fullName depth type status businessType area feeArea version createdBy"
    " communityId orgId parentId }"
)


def made(writer: Writer, **input_: Any) -> dict[str, Any]:
    """Make a space and give it."""
    space: dict[str, Any] = writer.done("createSpace", SPACE, **{"name": "x", **input_})["space"]
    return space


def building(writer: Writer, parent: str = COMMUNITY) -> list[dict[str, Any]]:
    """Make a building with a unit, a floor and a house, and give all four."""
    spaces: list[dict[str, Any]] = []
    for type_ in ("BUILDING", "UNIT", "FLOOR", "HOUSE"):
        spaces.append(made(writer, name=type_.lower(), type=type_, parentId=spaces[-1]["id"] if spaces else parent))
    return spaces
