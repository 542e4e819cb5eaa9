"""Clients of the legacy URLs as document 003, part II, prints them: Java's RestTemplate and axios."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from tests.clients.npm import run_node, workspace
from tests.clients.served import served
from tests.databases import copied

DETAIL = "/v1/iot/main/org/detail/8829"
SPACES = "/v1/iot/main/space/list"


@pytest.fixture(scope="module")
def address(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    """Serve a demo world by the running program."""
    with copied(server, demo_template, worker_id) as url, served(url=url) as program:
        yield program.address


class RestTemplate:
    """What Java's HttpURLConnection sends for RestTemplate.postForObject: these headers, in this spelling."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self.headers: dict[str, str] = {}

    def post(self, path: str, body: str = "", **more: str) -> tuple[int, Mapping[str, str], dict[str, Any]]:
        """Send a text, on a connection that is kept."""
        content = body.encode()
        self._connection.putrequest("POST", path, skip_accept_encoding=True)
        for name, value in {
            "Accept": "application/json",
            "Content-Type": "application/json;charset=UTF-8",
            **self.headers,
            **more,
            "User-Agent": "Java/1.8.0_231",
            "Connection": "keep-alive",
            "Content-Length": str(len(content)),
        }.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(content)
        answer = self._connection.getresponse()
        return answer.status, dict(answer.getheaders()), json.loads(answer.read())

    def log_in(self, account: str) -> None:
        """Log in, and keep the three headers of the documents. Java's encoder writes a blank as '+'."""
        form = {"job_number": account, "pwd": PASSWORD, "client_id": "h5-client", "grant_type": "password"}
        result = self.post("/v1/user/authen", json.dumps(form))[2]["result"]
        info = json.dumps(result["tokenInfo"], ensure_ascii=False)
        assert "+" in quote_plus(info)
        self.headers = {
            "Authorization": f"bearer {result['token']['access_token']}",
            "tokenInfo": quote_plus(info, safe="*"),
            "client-type": "h5-client",
        }


@pytest.fixture
def java(address: str) -> Iterator[RestTemplate]:
    """Give a Java client that has logged in."""
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        client = RestTemplate(connection)
        client.log_in("yanggc4")
        yield client


def test_a_java_client_posts_an_empty_body(java: RestTemplate) -> None:
    status, headers, body = java.post(DETAIL)
    assert (status, headers["content-type"], body["code"]) == (200, "application/json", "200")
    assert body["result"]["id"] == 8829


def test_a_java_client_posts_the_text_of_the_document(java: RestTemplate) -> None:
    status, _, body = java.post(SPACES, '{"space_type":"COMMUNITY","is_super":1,"top_org_id":8829}')
    assert (status, body["code"], body["pageNo"]) == (200, "200", 1)
    assert {row["space_type"] for row in body["result"]} == {"COMMUNITY"}


@pytest.mark.parametrize("type_", ["application/json; charset=UTF-8", "application/json", "text/plain;charset=UTF-8"])
def test_a_java_client_may_name_the_type_in_another_way(java: RestTemplate, type_: str) -> None:
    assert java.post(SPACES, '{"space_name": "江山"}', **{"Content-Type": type_})[2]["code"] == "200"


def test_a_java_client_reads_every_failure_as_the_envelope(java: RestTemplate) -> None:
    assert java.post(DETAIL, Authorization="bearer eyJhbGciOiJIUzI1NiJ9.e30.x")[::2] == (
        401, {"code": "401", "message": "token无效或已过期", "result": None},
    )  # fmt: skip
    status, _, body = java.post(DETAIL, "{")
    assert (status, body["code"], body["result"]) == (400, "400", None)
    status, _, body = java.post("/v1/iot/main/org/nope")
    assert (status, body["code"], body["result"]) == (404, "404", None)


def test_axios_works_as_the_documents_print_it(address: str) -> None:
    with workspace() as folder:
        result = json.loads(run_node(folder, "axios.mjs", ADDRESS=address, PASSWORD=PASSWORD))
    page = result["page"]
    assert (page["code"], page["message"], page["pageNo"], page["pageSize"]) == ("200", "成功", 1, 10)
    assert len(set(page["result"])) == min(page["total"], 10) > 0
    assert result["detail"] == "美的集团-业务组织"
    assert (result["refused"], result["expired"]) == ([403, "403"], [401, "401"])
