"""Each legacy URL answers what its golden file says, value by value, in as many statements.

After a change that is meant, or for a new row of the table, `GOLDEN=print pytest tests/rest/test_golden.py` prints the
files anew; read their difference. A new file takes the first request that the documents print. Where that one cannot be
answered in the demo world, write another one into the file (`{"request": {"path": ..., "body": ...}}`) and print again.
"""

import json
from collections.abc import Iterator

import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy
from tests.databases import copied
from tests.rest.goldens import FOLDER, PRINTS, Golden, asked, families, goldens, missing


@pytest.fixture
def world(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[tuple[Api, str]]:
    """Give a demo world, with its URL."""
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield api, url


def test_every_url_has_a_golden_file_and_every_file_a_url() -> None:
    assert list(missing()) == []


@pytest.mark.parametrize("family", families())
def test_each_url_answers_what_its_golden_file_says(world: tuple[Api, str], family: str) -> None:
    api, url = world
    asked_in = [each for each in goldens() if each.family == family]
    callers = {account: Legacy(api, account) for account in {each.account for each in asked_in}}
    different = []
    for golden in asked_in:
        found = asked(golden, api, callers[golden.account], url)
        if PRINTS:
            write(golden, found)
        elif golden.file.exists() and golden.content() != found:
            different.append((golden.file.name, golden.content(), found))
    assert different == []


def test_every_golden_answer_is_a_success() -> None:
    answers = {golden.file.name: golden.content()["answer"] for golden in goldens() if golden.file.exists()}
    codes = {name: answer["code"] for name, answer in answers.items() if isinstance(answer, dict)}
    assert {name: code for name, code in codes.items() if code != "200"} == {}


def write(golden: Golden, found: object) -> None:
    FOLDER.mkdir(exist_ok=True)
    golden.file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
