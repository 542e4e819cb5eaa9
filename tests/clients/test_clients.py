"""Unmodified GraphQL and OAuth clients against the running program, with a real log-in."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from app.services import client
from tests.clients.npm import PACKAGES, run_node, workspace
from tests.clients.served import served, token_of
from tests.databases import ROOT, copied

REDIRECT = "https://app.example/back"
CODEGEN = PACKAGES / "node_modules" / "@graphql-codegen" / "cli" / "cjs" / "bin.js"
RELAY = PACKAGES / "node_modules" / "relay-compiler" / "cli.js"
TSC = PACKAGES / "node_modules" / "typescript" / "bin" / "tsc"


@dataclass(frozen=True)
class Site:
    """A running program, and the secret of its client `backend`."""

    address: str
    secret: str
    token: str

    def run(self, folder: Path, *arguments: str, **environment: str) -> Any:
        """Run a script of Node in a workspace, and return the JSON that it prints."""
        return json.loads(run_node(folder, *arguments, ADDRESS=self.address, PASSWORD=PASSWORD, **environment))


@pytest.fixture(scope="module")
def site(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Site]:
    """Serve a demo world, with a public and a confidential client."""
    with copied(server, demo_template, worker_id) as url:
        with psycopg.connect(url) as connection:
            grants = ["authorization_code", "refresh_token"]
            client.add(connection, "web", "a web page", grant_types=grants, redirect_uris=[REDIRECT], public=True)
            secret = client.add(connection, "backend", "a program", grant_types=["client_credentials"])
        with served(url=url) as program:
            yield Site(program.address, str(secret), token_of(program))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder with the scripts of Node and their packages."""
    with workspace() as folder:
        yield folder


def outcome(result: dict[str, Any], name: str, me: str = "超级管理员") -> None:
    """Check what every client with a cache must have shown."""
    assert result["warnings"] == []
    assert result["me"] == me
    assert len(set(result["ids"])) == 4  # two pages
    assert result["renamed"] == f"by {name}"
    assert result["conflict"] == [{"code": "CONFLICT", "path": ["input", "expectedVersion"]}]
    assert result["refusal"] == "UNAUTHENTICATED"


def test_apollo_client(site: Site, folder: Path) -> None:
    outcome(site.run(folder, "apollo.mjs"), "Apollo")


def test_urql(site: Site, folder: Path) -> None:
    outcome(site.run(folder, "urql.mjs"), "urql")


def test_relay_keeps_me_and_the_admin_in_one_store(site: Site, folder: Path) -> None:
    shutil.copy(ROOT / "schema.graphql", folder / "relay")
    run_node(folder / "relay", str(RELAY))
    result = site.run(folder, "relay.mjs")
    outcome(result, "Relay", me="杨观超")
    assert (result["me_is_admin"], result["node"]) == (True, "Admin")


def test_graphql_codegen(site: Site, folder: Path) -> None:
    run_node(folder / "codegen", str(CODEGEN), "--config", "codegen.mjs", ADDRESS=site.address, PASSWORD=PASSWORD)
    run_node(folder / "codegen", str(TSC), "--project", ".")
    result = site.run(folder / "codegen", "typed.ts", TOKEN=site.token)
    assert result == {"me": "超级管理员", "types": ["ADMINISTRATIVE"]}


def test_openid_client_discovers_without_openid(site: Site, folder: Path) -> None:
    result = site.run(folder, "openid.mjs", SECRET=site.secret, REDIRECT=REDIRECT)
    staff = {"clientId": "web", "admin": {"name": "杨观超"}}
    assert result == {
        "by_code": staff, "by_refresh": staff, "revoked": "invalid_grant",
        "active": True, "client_id": "backend", "warnings": [],
    }  # fmt: skip


RENAME = "mutation ($input: UpdateOrgInput!) { updateOrg(input: $input) { org { name } errors { code } } }"


def test_gql(site: Site) -> None:
    headers = {"authorization": f"Bearer {site.token}"}
    transport = HTTPXTransport(f"{site.address}/graphql", headers=headers)
    with Client(transport=transport, fetch_schema_from_transport=True) as session:  # it checks each document itself
        first = session.execute(gql("{ me { admin { name } } orgs(first: 1) { nodes { id version } } }"))
        (org,) = first["orgs"]["nodes"]
        given = {"id": org["id"], "expectedVersion": org["version"], "name": "by gql"}
        rename = GraphQLRequest(RENAME, variable_values={"input": given})
        renamed, conflict = (session.execute(rename)["updateOrg"] for _ in range(2))
    assert first["me"] == {"admin": {"name": "超级管理员"}}
    assert renamed == {"org": {"name": "by gql"}, "errors": []}
    assert conflict == {"org": None, "errors": [{"code": "CONFLICT"}]}
    with (
        Client(transport=HTTPXTransport(f"{site.address}/graphql")) as stranger,
        pytest.raises(TransportQueryError) as caught,
    ):
        stranger.execute(gql("{ me { clientId } }"))
    assert [error["extensions"]["code"] for error in caught.value.errors or ()] == ["UNAUTHENTICATED"]
