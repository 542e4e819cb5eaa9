"""docs/analysts.md says what is true: each of its questions is one compiled query that is answered."""

import re
from collections.abc import Iterator

import pytest

from tests.clients.api import Api, open_api
from tests.databases import ROOT

PAGE = (ROOT / "docs" / "analysts.md").read_text("utf-8")
QUESTIONS = re.findall(r"^## ([^\n]+)\n.*?^```graphql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def development(demo_url: str) -> Iterator[Api]:
    """Give the API that reports how a query was run."""
    with open_api(demo_url, development=True) as api:
        yield api


def test_the_page_has_fifteen_questions_and_more() -> None:
    assert (
        len(QUESTIONS)
        == len(re.findall("^## ", PAGE, re.MULTILINE))
        == len(re.findall("^```graphql", PAGE, re.MULTILINE))
    )
    assert len(QUESTIONS) >= 15


@pytest.mark.parametrize("query", [query for _, query in QUESTIONS], ids=[name for name, _ in QUESTIONS])
def test_a_question_is_one_compiled_query(development: Api, query: str) -> None:
    answer = development.post(query).json()
    assert "errors" not in answer
    assert answer["extensions"]["plan"]["way"] == "compiled"
    statements = sum(len(step["statements"]) for level in answer["extensions"]["plan"]["levels"] for step in level)
    assert len(development.statements) <= statements


def test_the_first_questions_have_answers_in_the_demo_world(development: Api) -> None:
    answers = [next(iter(development.data(query).values())) for _, query in QUESTIONS[:5]]
    assert answers[0]["nodes"]
    assert answers[1]["totalCount"] == len(answers[1]["nodes"]) < 100
    assert answers[2]["propertyRelations"]
    assert {"supperadm", "yanggc4"} & {admin["account"] for admin in answers[3]["nodes"]}
    assert answers[4]["nodes"][0]["summary"]["houses"]
