"""The devices of staff, and the brands of the devices of communities, through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Device", "49200", "admin", "15678"),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected


def test_22_1_brands_are_listed_in_the_order_of_the_documents(api: Api) -> None:
    brands = api.data("{ deviceBrands { __typename code name } }")["deviceBrands"]
    assert [(brand["code"], brand["name"]) for brand in brands] == [
        ("1", "捷顺"), ("2", "富士"), ("3", "大华"), ("4", "海康"),
        ("5", "拓桥"), ("6", "日驰"), ("7", "立林"), ("0", "其他"),
    ]  # fmt: skip
    assert {brand["__typename"] for brand in brands} == {"DeviceBrand"}
    assert api.statements == []
