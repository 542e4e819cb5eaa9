"""Writes: mutations of organisations and other nouns as a client sends them, and what the database then holds."""

from collections.abc import Mapping
from typing import Any

import psycopg

from app.bulk.trees import differences
from tests.clients.api import Api

ERRORS = "errors { code path index message }"


class Writer:
    """A member of staff who writes through GraphQL, and the database behind it."""

    def __init__(self, api: Api, url: str, account: str) -> None:
        self.api, self.url, self.account = api, url, account
        self.authorization = api.bearer(account)

    def answer(self, field: str, selection: str, input_: Mapping[str, Any]) -> dict[str, Any]:
        """Send one mutation and give the whole answer."""
        type_ = f"{field[0].upper()}{field[1:]}Input"
        query = f"mutation ($input: {type_}!) {{ {field}(input: $input) {{ {selection} {ERRORS} }} }}"
        body: dict[str, Any] = self.api.post(query, {"input": dict(input_)}, self.authorization).json()
        return body

    def payload(self, field: str, selection: str = "", **input_: Any) -> dict[str, Any]:
        """Send one mutation that is not refused as a whole and give its payload."""
        answer = self.answer(field, selection, input_)
        assert "errors" not in answer, answer["errors"]
        payload: dict[str, Any] = answer["data"][field]
        return payload

    def done(self, field: str, selection: str = "", **input_: Any) -> dict[str, Any]:
        """Send one mutation that must succeed and give its payload."""
        payload = self.payload(field, selection, **input_)
        assert payload["errors"] == [], payload["errors"]
        return payload

    def refusals(self, field: str, **input_: Any) -> list[tuple[str, list[str]]]:
        """Send one mutation that must write nothing and give the codes and paths of its errors."""
        before = self.everything()
        errors = self.payload(field, **input_)["errors"]
        assert self.everything() == before
        return [(error["code"], error["path"][1:]) for error in errors]

    def forbidden(self, field: str, **input_: Any) -> str:
        """Send one mutation that must be refused as a whole and give the capability that the caller lacks."""
        before = self.everything()
        answer = self.answer(field, "", input_)
        assert answer["data"] == {field: None}
        assert self.everything() == before
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        capability: str = error["extensions"]["capability"]
        return capability

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run SQL as the owner of the tables."""
        return self.api.sql(statement, *values)

    def everything(self) -> dict[str, tuple[int, int]]:
        """Give the number of rows of every table and the sum of their versions."""
        counted = " union all ".join(
            f"select '{table}', count(*), coalesce(sum(version), 0)::bigint from {table}" for table in self._tables()
        )
        return {table: (rows, versions) for table, rows, versions in self.sql(counted)}

    def differences(self) -> list[object]:
        """Give what `cadastre check` finds wrong in the trees."""
        with psycopg.connect(self.url) as connection:
            return [each for tree in ("org", "space", "menu") for each in differences(connection, tree)]

    def _tables(self) -> list[str]:
        query = (
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'version'"
            " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')"
            " and not c.relispartition order by 1"
        )
        return [name for (name,) in self.sql(query)]
