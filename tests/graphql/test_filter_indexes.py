"""Filters that need no scope are answered by an index, under the policies that every request runs under."""

from typing import Any

import psycopg
import pytest

from app import models
from app.db.rendering import render
from app.db.scope import Scope
from app.graphql.entity import FILTERABLE
from app.loaders.edge import KEYS
from app.loaders.everything import everything
from app.loaders.window import Window
from tests.calls import run_call


def plan_of(url: str, wanted: dict[str, Any]) -> str:
    """Explain the list of spaces as a request runs it, by its own role and under the policies."""
    condition = FILTERABLE[models.Space].condition(wanted, plain=False)
    statement = render(everything(models.Space).rows(("id", "name"), Window((condition,), limit=21)))
    with psycopg.connect(url) as connection:
        run_call(connection, Scope.everything().opening)
        return "\n".join(run_call(connection, statement.call({KEYS: [0]}), "explain"))


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"name": {"contains": "生成小区"}}, "space_name_trgm_idx"),
        ({"name": {"startsWith": "生成小区"}}, "space_name_trgm_idx"),
        ({"name": {"eq": "生成小区1"}}, "space_name_trgm_idx"),
        ({"parentId": {"eq": "100001"}}, "space_parent_id_idx"),
        ({"under": "100003"}, "space_path_key"),
        ({"code": {"startsWith": "100000000100000003100000002100000001"}}, "space_code_idx"),
        ({"type": {"eq": "ZONE"}}, "space_type_idx"),
    ],
)
def test_an_index_answers_what_needs_no_scope(generated_url: str, wanted: dict[str, Any], index: str) -> None:
    plan = plan_of(generated_url, wanted)
    assert index in plan
    assert "Seq Scan on space" not in plan
