"""The schema under eslint's GraphQL rules and graphql-schema-linter: all their rules, with few exceptions."""

import json
from collections import defaultdict
from pathlib import Path

from tests.clients.npm import run_node, workspace

SCHEMA = Path(__file__).parent.parent.parent / "schema.graphql"

EXCEPTIONS = {
    "@graphql-eslint/alphabetize": "fields stand in the order of the noun's file, values in that of the documents",
    "type-fields-sorted-alphabetically": "the same",
    "input-object-fields-sorted-alphabetically": "the same",
    "enum-values-sorted-alphabetically": "the same",
    "@graphql-eslint/no-typename-prefix": "an edge has the name of its type: Admin.adminGrants (docs/glossary.md)",
    "@graphql-eslint/no-root-type": "the rule is for servers that only answer queries",
    "@graphql-eslint/require-field-of-type-query-in-mutation-result": "a payload leads on from the record it has",
}
"""The rules that the schema breaks on purpose, each with its reason."""


def test_the_schema_keeps_every_rule_but_the_exceptions() -> None:
    with workspace() as folder:
        found = json.loads(run_node(folder, "lint.mjs", SCHEMA=str(SCHEMA)))
    broken: dict[str, list[str]] = defaultdict(list)
    for each in found:
        broken[each["rule"]].append(f"line {each['line']}: {each['message']}")
    assert {rule: messages for rule, messages in broken.items() if rule not in EXCEPTIONS} == {}
    assert EXCEPTIONS.keys() - broken.keys() == set(), "an exception that the schema no longer needs"


def test_the_rules_are_applied(tmp_path: Path) -> None:
    schema = tmp_path / "schema.graphql"
    schema.write_text(
        '"查询 Query" type Query { "员工 Staff" get_admin: adminConnection } type adminConnection { a: Int }'
    )
    with workspace() as folder:
        found = json.loads(run_node(folder, "lint.mjs", SCHEMA=str(schema)))
    assert {each["rule"] for each in found} >= {
        "@graphql-eslint/naming-convention",
        "@graphql-eslint/relay-connection-types",
        "@graphql-eslint/require-description",
        "fields-are-camel-cased",
        "relay-connection-types-spec",
    }
