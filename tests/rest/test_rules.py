"""Each rule of document 003 has a test that names it: `@pytest.mark.rules("org-add/1")` is the first one of org-add."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
RULES: dict[str, list[str]] = json.loads((HERE / "rules.json").read_text(encoding="utf-8"))
ALL = {f"{operation}/{number}" for operation, rules in RULES.items() for number, _ in enumerate(rules, 1)}


def marks(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rules":
            yield from (ast.literal_eval(argument) for argument in node.args)


MARKED = {mark for file in HERE.glob("test_*.py") for mark in marks(file)}


def test_every_rule_is_named_by_a_test_and_no_other_is() -> None:
    assert not MARKED ^ ALL
