"""Each row of the URLs of document 000 answers what its golden file says, in as many statements.

The rows are asked in the order of the table, those of section 4 by an owner, those of section 5 by a member of staff.
`GOLDEN=print pytest tests/rest/test_order_goldens.py` prints the files anew; read their difference. For a new row,
write a file with its request first: `{"request": {"path": ..., "body": ...}}`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bulk.demo import PASSWORD
from app.rest.order_urls import ORDER_URLS
from app.rest.url import Url
from tests.clients.api import Api, open_api
from tests.clients.orders import OWNER, STAFF, OrderClient
from tests.rest.goldens import PRINTS, finds_caller

FOLDER = Path(__file__).parent / "golden_orders"


@pytest.fixture
def api(own_url: str) -> Iterator[Api]:
    """Give a server that asks for log-ins, with a demo world of its own."""
    with open_api(own_url, require_login=True) as api:
        yield api


def file_of(url: Url) -> Path:
    return FOLDER / f"{url.section}-{url.operation or url.path.rpartition('/')[2]}.json"


def content_of(url: Url) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file_of(url).read_text(encoding="utf-8"))
    return content


def asked(api: Api, client: OrderClient, url: Url) -> dict[str, Any]:
    """Send the request of a golden file and give what the file should be."""
    request = content_of(url)["request"]
    api.forget()
    answer = client.send(url.method, request["path"], **({"json": request["body"]} if request["body"] else {})).json()
    statements = len([sql for sql in api.statements if not finds_caller(sql)])
    return {"request": request, "statements": statements, "answer": {**answer, **token_in(answer)}}


def token_in(answer: dict[str, Any]) -> dict[str, str]:
    return {"token": "a token"} if "token" in answer else {}


def test_every_url_has_a_golden_file_and_every_file_a_url() -> None:
    assert set(FOLDER.iterdir()) == {file_of(url) for url in ORDER_URLS}


def test_each_url_answers_what_its_golden_file_says(api: Api) -> None:
    access_token = api.client_bearer("sync-client", PASSWORD).removeprefix("Bearer ")
    clients = {"000-4": OrderClient(api, access_token), "000-5": OrderClient(api, access_token)}
    for client, who in zip(clients.values(), (OWNER, STAFF), strict=True):
        client.listed(who)
    different = []
    for url in ORDER_URLS:
        found = asked(api, clients[url.section.partition(".")[0]], url)
        if PRINTS:
            file_of(url).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        elif content_of(url) != found:
            different.append((file_of(url).name, content_of(url), found))
    assert different == []


@pytest.mark.parametrize("url", ORDER_URLS, ids=lambda url: file_of(url).stem)
def test_every_golden_answer_is_a_success(url: Url) -> None:
    assert content_of(url)["answer"]["status_code"] == ("200" if url.section in {"000-4.1", "000-5.1"} else 200)
