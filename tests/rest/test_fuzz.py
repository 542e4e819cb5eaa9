"""Generated requests to every described URL: no answer is a 5xx, and each is as the description says."""

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as run_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from app.rest.openapi.document import document
from app.settings import Settings
from tests.clients.login import serving
from tests.clients.orders import OWNER, STAFF
from tests.databases import copied

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LOG_OUT = "user_logout"
"""It would end the session of all other requests."""

ORDERS = "^/api/v1/"
"""The URLs of document 000, which have other tokens."""

EXAMPLES = 4
"""Requests to each URL, as each caller."""

DESCRIBED = schemathesis.openapi.from_dict(document())
SCHEMA = DESCRIBED.exclude(operation_id_regex=LOG_OUT).exclude(path_regex=ORDERS)
ORDER_SCHEMA = DESCRIBED.include(path_regex=ORDERS)


@pytest.fixture(scope="module")
def address(
    server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve a demo world that the requests may change."""
    folder = tmp_path_factory.mktemp("fuzz")
    with (
        copied(server, demo_template, worker_id) as url,
        serving(Settings(database_url=url, data_dir=folder)) as address,
    ):
        yield address


@pytest.mark.parametrize("account", ["supperadm", "yanggc4"])
def test_no_request_is_a_bug(address: str, account: str) -> None:
    send_requests(SCHEMA, address, {"authorization": bearer(address, account)})


@pytest.mark.parametrize("person", [OWNER, STAFF], ids=["owner", "staff"])
def test_no_request_about_work_orders_is_a_bug(address: str, person: dict[str, str]) -> None:
    form = {"grant_type": "client_credentials", "client_id": "sync-client", "client_secret": PASSWORD}
    client = {"authorization": f"Bearer {httpx.post(f'{address}/oauth/token', data=form).json()['access_token']}"}
    token = httpx.get(f"{address}/api/v1/incident_requests", params=person, headers=client).json()["token"]
    send_requests(ORDER_SCHEMA, address, {**client, "token": token})


def send_requests(schema: BaseSchema, address: str, headers: dict[str, str]) -> None:
    """Send generated requests to each URL of a description, and check the answers."""
    for result in schema.get_all_operations():
        operation = result.ok() if isinstance(result, Ok) else pytest.fail(str(result.err()))

        @given(case=operation.as_strategy())
        @run_settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            response = case.call(base_url=address, headers=headers)
            case.validate_response(response, checks=CHECKS)

        ask()


def bearer(address: str, account: str) -> str:
    """Log a member of staff in."""
    form = {"grant_type": "password", "username": account, "password": PASSWORD, "client_id": "h5-client"}
    return f"Bearer {httpx.post(f'{address}/oauth/token', data=form).json()['access_token']}"
