"""`cadastre rest`: what each legacy URL runs, and which clients still use it."""

import json
import re

import httpx2 as httpx
import pytest
from graphql import parse

from app.rest import login
from app.rest.as_graphql import rows_as_graphql
from app.rest.every_url import EVERY_URL
from app.settings import Settings
from tests.clients.api import Api
from tests.clients.login import LoginClient, serving
from tests.clients.program import cadastre

DETAIL = "/v1/iot/main/org/detail"


@pytest.mark.parametrize("path", sorted({url.full_path for url in EVERY_URL}))
def test_each_url_has_a_valid_operation_and_variables(path: str) -> None:
    rows = list(rows_as_graphql(path))
    assert [row.url for row in rows] == [url for url in EVERY_URL if url.full_path == path]
    assert any(row.variables or not parse(row.text).definitions[0].variable_definitions for row in rows)  # type: ignore[attr-defined]


def test_a_url_with_values_is_shown_as_a_client_sends_it(api: Api) -> None:
    printed = cadastre("rest", "show", f"{DETAIL}/6421").stdout
    head, _, variables = printed.partition("# variables\n")
    assert head.startswith("# 3.6 行政/业务组织详情 (active)\nquery OrgDetail($id: ID!)")
    assert json.loads(variables) == {"id": "6421"}
    assert api.data(head, json.loads(variables))["org"]["org_code"] == "101104"


def test_the_pages_shown_are_those_that_clients_may_ask_for() -> None:
    *_, tree = rows_as_graphql("org/tree/6419/1")
    assert "descendants(first: 100)" in tree.text


def test_a_url_with_parameters_in_braces_has_the_values_of_the_documents() -> None:
    assert '"id": "6419"' in cadastre("rest", "show", "org/detail/{id}").stdout


def test_the_log_in_shows_the_operations_of_all_clients() -> None:
    printed = cadastre("rest", "show", "/v1/user/authen").stdout
    assert re.findall(r"query (\w+)", printed) == [*login.BY_CLIENT.values(), "OtherClient"]


@pytest.mark.parametrize("path", ["/nope", "", "org/detail", "org/detail/1/2", f"{DETAIL}/"])
def test_another_path_is_an_error(path: str) -> None:
    done = cadastre("rest", "show", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no legacy URL" in done.stderr


def test_usage_counts_the_requests_of_each_client_at_each_url(settings: Settings) -> None:
    with serving(settings) as address, httpx.Client(base_url=address) as client:
        before = usage(address)
        token = LoginClient(client, address).legacy_log_in("ioc-client").json()["result"]["token"]["access_token"]
        for number in ("6419", "6421", "99999999"):
            client.post(f"{DETAIL}/{number}", headers={"authorization": f"bearer {token}"})
        client.post(f"{DETAIL}/6419", headers={"authorization": "bearer x"})
        client.post(f"{DETAIL}/6419")
        after = usage(address)
    assert set(after) == {url.full_path for url in EVERY_URL} | login.URLS.keys()
    grown = {
        (path, name): number - before[path].get(name, 0)
        for path, clients in after.items()
        for name, number in clients.items()
        if number != before[path].get(name)
    }
    assert grown == {(f"{DETAIL}/{{id}}", "ioc-client"): 3, ("/v1/user/authen", "ioc-client"): 1}


def usage(address: str) -> dict[str, dict[str, int]]:
    """Give what the command prints: the requests of each client at each path."""
    done = cadastre("rest", "usage", "--address", address)
    assert done.returncode == 0, done.stderr
    found = {}
    for line in done.stdout.splitlines():
        facts, _, counts = line.rpartition("  ")
        found[facts.split()[-1]] = {name: int(n) for name, n in re.findall(r"(\S+) (\d+)", counts)}
        assert found[facts.split()[-1]] or counts == "unused"
    return found


def test_usage_names_the_sections_and_the_state_of_a_url(settings: Settings) -> None:
    with serving(settings) as address:
        lines = cadastre("rest", "usage", "--address", address).stdout.splitlines()
    (update,) = [line for line in lines if "/v1/iot/main/org/update " in line]
    assert update.split()[:2] == ["3.1+3.2", "active"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1", "ftp://127.0.0.1", "file:///etc/passwd"])
def test_an_address_without_a_program_is_an_error(address: str) -> None:
    done = cadastre("rest", "usage", "--address", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert address in done.stderr
