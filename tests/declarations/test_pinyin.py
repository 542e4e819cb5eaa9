"""The order of names by pinyin: the one that ICU gives, with cursors that are right in both directions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.graphql.schema import NOUNS
from app.loaders.filtering import BY_PINYIN, FILTERABLE
from tests.clients.api import Api, open_api
from tests.clients.npm import run_node
from tests.databases import ROOT

ORDERED = [
    "#1", "10栋", "2栋", "Adam", "ａdele", "Bob", "吖", "阿", "安徽", "北京", "陈二", "陈一", "成都", "龘", "单田芳",
    "鄱阳", "上海", "尧", "张三", "长沙", "長沙", "重庆", "䶵", "𠀀",
]  # fmt: skip
"""Names as Chinese readers expect them: digits and letters come first, a rare character without a reading last."""

PAGE = """
query ($order: [RoleOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  page: roles(
    filter: { createdBy: { eq: "pinyin" } }, orderBy: $order, first: $first, after: $after, last: $last, before: $before
  ) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}
"""
SORT = """
const characters = Array.from(require("fs").readFileSync("characters", "utf8"));
console.log(characters.sort(new Intl.Collator("zh-u-co-pinyin").compare).join(""));
"""


@pytest.fixture(params=[True, False], ids=["compiled", "core"])
def named(request: pytest.FixtureRequest, own_url: str) -> Iterator[Api]:
    """Give the API over roles with these names, created in another order."""
    with psycopg.connect(own_url) as connection, connection.cursor() as cursor:
        rows = [[name] for name in sorted(ORDERED, key=lambda name: (len(name), name), reverse=True)]
        cursor.executemany("insert into role (name, created_by) values (%s, 'pinyin')", rows)
    with open_api(own_url, compiled=request.param) as api:
        yield api


def names(page: Any) -> list[str]:
    return [node["name"] for node in page["nodes"]]


def order_by(direction: str) -> list[dict[str, str]]:
    return [{"field": BY_PINYIN, "direction": direction}]


@pytest.mark.parametrize(("direction", "expected"), [("ASC", ORDERED), ("DESC", ORDERED[::-1])])
def test_names_are_read_by_pinyin_forwards_and_backwards(named: Api, direction: str, expected: list[str]) -> None:
    forward, backward, after, before = list[str](), list[str](), None, None
    for _ in range(0, len(ORDERED), 4):
        page = named.data(PAGE, {"order": order_by(direction), "first": 4, "after": after})["page"]
        forward, after = forward + names(page), page["pageInfo"]["endCursor"]
        back = named.data(PAGE, {"order": order_by(direction), "last": 4, "before": before})["page"]
        backward, before = names(back) + backward, back["pageInfo"]["startCursor"]
    assert forward == backward == expected
    assert not page["pageInfo"]["hasNextPage"]
    assert not back["pageInfo"]["hasPreviousPage"]


def test_a_cursor_of_one_order_of_names_is_refused_in_the_other(named: Api) -> None:
    cursor = named.data(PAGE, {"order": order_by("ASC"), "first": 1})["page"]["pageInfo"]["endCursor"]
    answer = named.post(PAGE, {"order": [{"field": "NAME"}], "after": cursor}).json()
    assert "another order" in answer["errors"][0]["message"]


def test_every_list_of_names_with_an_index_has_the_order() -> None:
    assert {model.__tablename__ for model in NOUNS if BY_PINYIN in FILTERABLE[model].orders} == {
        "org", "space", "menu", "role", "admin", "customer",
    }  # fmt: skip


def test_the_order_is_that_of_icu(own_url: str, tmp_path: Path) -> None:
    frozen = "".join((ROOT / "migrations" / "frozen" / "pinyin.txt").read_text("utf-8").split())[::7]
    (tmp_path / "characters").write_text(frozen[::-1], "utf-8")
    assert run_node(tmp_path, "-e", SORT).strip() == frozen
    with psycopg.connect(own_url) as connection:
        ((kept,),) = connection.execute(
            "select string_agg(letter, '' order by pinyin_key(letter) collate \"C\") from unnest(%s::text[]) letter",
            [list(frozen)],
        )
    assert kept == frozen
