"""The header X-Change-Reason: what is a reason, and how it is sent."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.clients.api import Api

QUERY = {"query": "{ __typename }"}


def sent(api: Api, reason: str | bytes) -> Any:
    value = reason.encode() if isinstance(reason, str) else reason
    return api.client.post("/graphql", json=QUERY, headers={b"x-change-reason": value})


@pytest.mark.parametrize(
    "reason",
    ["", "100% sure", quote("合同变更"), "合同变更".encode(), quote("x" * 500), quote("  " + "汉" * 500 + "  "), "%41"],
)
def test_these_are_reasons(api: Api, reason: str | bytes) -> None:
    assert sent(api, reason).status_code == 200


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("x" * 501, "has 501 characters"),
        (quote("汉" * 501), "has 501 characters"),
        ("%FF", "not UTF-8"),
        ("a%0Ab", "control character"),
        ("%00", "control character"),
        ("a%E2%80%A8b", "control character"),
    ],
)
def test_these_are_not(api: Api, reason: str | bytes, words: str) -> None:
    response = sent(api, reason)
    (error,) = response.json()["errors"]
    assert response.status_code == 400
    assert words in error["message"]
