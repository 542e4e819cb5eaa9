"""Canary: no log, no error and no metric holds personal data, in a sound register and in a broken one."""

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.clients.api import open_api
from tests.databases import copy_of, execute
from tests.worlds.personal import IDENTITY, MASKED, PHONE, PLAIN, secrets

FAILING = [
    f'{{ customers(filter: {{phone: {{eq: "{PHONE}"}}, identity: {{ne: "{IDENTITY}"}}}}) {{ nodes {{ id }} }} }}',
    f'{{ customers(filter: {{phone: {{eq: "{PHONE}\\u0000"}}}}) {{ nodes {{ id }} }} }}',
    f'{{ customers(filter: {{phone: {{eq: "{PHONE}"}}}}, after: "{PHONE}") {{ nodes {{ phone identity }} }} }}',
    "{ customers { nodes { phone identity } } }",
]
BREAKING = ["select 1", "alter table customer drop column identity cascade"]


@pytest.fixture(params=BREAKING, ids=["sound", "broken"])
def canary_url(request: pytest.FixtureRequest, server: Any, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of a demo world of the test's own, sound or not."""
    url = copy_of(server, demo_template, f"canary_{worker_id}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(request.param)
    yield url
    execute(server, f"drop database canary_{worker_id} with (force)")


@pytest.mark.parametrize("compiled", [True, False])
def test_a_canary_is_in_no_log_no_error_and_no_metric(
    canary_url: str, demo_url: str, caplog: pytest.LogCaptureFixture, *, compiled: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx2")  # the tests' own client
    with open_api(canary_url, compiled=compiled) as api:
        answers = [api.post(query, authorization=api.bearer(who)) for query in FAILING for who in (PLAIN, MASKED)]
        told = [str(answer.json().get("errors", "")) for answer in answers] + [api.client.get("/metrics").text]
    assert any(told[:-1])
    written = "".join(told) + caplog.text + "".join(answer.text for answer in answers[1::2])
    assert [value for value in secrets(demo_url) if value in written] == []
