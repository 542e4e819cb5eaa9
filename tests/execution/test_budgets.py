"""How many rows a query may load: the setting says it, or the client's own number, up or down."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.services import client
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute

CHILDREN = '{ org(id: "6419") { id children { id } } }'  # one row, and four below it
ROWS = 5
BUDGETS = {"scant": ROWS - 1, "enough": ROWS, "largest": client.LARGEST_BUDGET, "ordinary": None}
SETTINGS = {"tight": ROWS - 1, "wide": 100_000}


@pytest.fixture(scope="module")
def own(server: Any, demo_template: str, worker_id: str) -> Iterator[tuple[str, str]]:
    """Give the URL of a demo world with clients of several budgets, and the secret of one that calls for itself."""
    name = f"budgets_{worker_id}"
    url = copy_of(server, demo_template, name)
    until = datetime(2030, 12, 31, tzinfo=UTC)
    with psycopg.connect(url) as connection:
        for client_id, most in BUDGETS.items():
            client.add(
                connection, client_id, "", grant_types=["password"], password_until=until, max_nodes=most, public=True
            )
        secret = client.add(connection, "backend", "", grant_types=["client_credentials"], max_nodes=7)
    assert secret is not None
    yield url, secret
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def apis(request: pytest.FixtureRequest, own: tuple[str, str]) -> Iterator[dict[str, Api]]:
    """Give the API under a tight setting and under a wide one, with plans, and under graphql-core alone."""
    url, _ = own
    options: dict[str, Any] = {"compiled": request.param, "development": True}
    with (
        open_api(url, max_nodes=SETTINGS["tight"], **options) as tight,
        open_api(url, max_nodes=SETTINGS["wide"], **options) as wide,
    ):
        yield {"tight": tight, "wide": wide}


def bearer(api: Api, client_id: str) -> str:
    """Log the super administrator in with a client."""
    form = {"grant_type": "password", "username": "supperadm", "password": PASSWORD, "client_id": client_id}
    return f"Bearer {api.client.post('/oauth/token', data=form).json()['access_token']}"


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("client_id", BUDGETS)
def test_a_clients_own_budget_replaces_the_setting(apis: dict[str, Api], setting: str, client_id: str) -> None:
    api, limit = apis[setting], BUDGETS[client_id] or SETTINGS[setting]
    answer = api.post(CHILDREN, authorization=bearer(api, client_id)).json()
    assert answer["extensions"]["cost"]["limit"] == limit
    if limit < ROWS:
        (error,) = answer["errors"]
        assert error["extensions"] == {"code": "NODE_LIMIT_EXCEEDED", "found": ROWS, "allowed": limit}
        assert "data" not in answer
    else:
        assert len(answer["data"]["org"]["children"]) == ROWS - 1


def test_who_calls_without_a_token_has_the_settings_budget(apis: dict[str, Api]) -> None:
    for setting, limit in SETTINGS.items():
        assert apis[setting].post(CHILDREN).json()["extensions"]["cost"]["limit"] == limit


def test_a_refused_document_is_told_the_budget_of_its_client(apis: dict[str, Api]) -> None:
    api = apis["wide"]
    answer = api.post("{", authorization=bearer(api, "scant")).json()
    cost = {"estimated": None, "estimatedLimit": 1_000_000, "actual": 0, "limit": BUDGETS["scant"]}
    assert answer["extensions"]["cost"] | cost == answer["extensions"]["cost"]


def test_a_narrowed_caller_keeps_the_budget(apis: dict[str, Api]) -> None:
    api = apis["wide"]
    headers = {"authorization": bearer(api, "scant"), "cadastre-org": "8829"}
    answer = api.client.post("/graphql", json={"query": "{ spaces { nodes { id } } }"}, headers=headers).json()
    assert answer["errors"][0]["extensions"]["allowed"] == BUDGETS["scant"]


def test_a_client_that_calls_for_itself_has_its_own_budget(apis: dict[str, Api], own: tuple[str, str]) -> None:
    _, secret = own
    form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": secret}
    token = apis["wide"].client.post("/oauth/token", data=form).json()["access_token"]
    answer = apis["wide"].post(CHILDREN, authorization=f"Bearer {token}").json()
    assert answer["data"] == {"org": None}
    assert answer["extensions"]["cost"]["limit"] == 7


@pytest.mark.parametrize("most", [0, -1])
def test_the_database_keeps_no_budget_that_nothing_fits(own: tuple[str, str], most: int) -> None:
    url, _ = own
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="client_max_nodes_positive_check"),
    ):
        connection.execute("update client set max_nodes = %s", [most])
