"""The metrics count requests, errors, log-ins and connections, by labels that are no values."""

import platform

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from app.build import VERSION
from app.main import create_app
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.clients.login import LoginClient

CANARY = "canary-13800138000"


def samples(text: str) -> dict[str, float]:
    """Read the metrics as Prometheus does; each series stands once."""
    read = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    named = {f"{sample.name}{labels(sample.labels)}": sample.value for sample in read}
    assert len(named) == len(read)
    return named


def labels(values: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{value}"' for name, value in sorted(values.items()))
    return f"{{{pairs}}}" if pairs else ""


def metrics(client: httpx.Client) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    return samples(response.text)


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


def test_requests_are_counted_by_route_and_status_and_errors_by_code(api: Api) -> None:
    before = metrics(api.client)
    api.client.get(f"/{CANARY}")
    api.client.post(f"/v1/iot/main/user/logout/{CANARY}")
    api.post("{")
    api.post("{ __typename }")
    counted = grown(before, metrics(api.client))
    assert counted['cadastre_http_requests_total{method="GET",route="",status="404"}'] == 1
    route = "/v1/iot/main/user/logout/{appId}"
    assert counted[f'cadastre_http_requests_total{{method="POST",route="{route}",status="401"}}'] == 1
    assert counted['cadastre_http_requests_total{method="POST",route="/graphql",status="200"}'] == 2
    assert counted['cadastre_queries_total{way="compiled"}'] == 1
    codes = ("URL_NOT_FOUND", "UNAUTHENTICATED", "GRAPHQL_PARSE_FAILED")
    assert [counted[f'cadastre_errors_total{{code="{code}"}}'] for code in codes] == [1, 1, 1]
    assert CANARY not in str(counted)


def test_logins_and_tokens_are_counted(shared_login: LoginClient) -> None:
    before = metrics(shared_login.client)
    tokens = shared_login.log_in()
    shared_login.refresh(tokens["refresh_token"])
    shared_login.grant(password=CANARY)
    counted = grown(before, metrics(shared_login.client))
    outcomes = ("succeeded", "failed")
    assert [counted[f'cadastre_logins_total{{outcome="{outcome}"}}'] for outcome in outcomes] == [1, 1]
    grants = ("password", "refresh_token")
    assert [counted[f'cadastre_tokens_total{{grant="{grant}"}}'] for grant in grants] == [1, 1]
    assert counted['cadastre_errors_total{code="invalid_grant"}'] == 1


def test_the_build_the_process_and_the_pools_are_described(api: Api) -> None:
    found = metrics(api.client)
    assert found[f'cadastre_build_info{{python="{platform.python_version()}",version="{VERSION}"}}'] == 1
    assert found["cadastre_workers"] == 1
    for name in ("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"):
        assert found[name] > 0
    for pool in ("register", "login", "token"):
        assert f'cadastre_pool_idle{{pool="{pool}"}}' in found


@pytest.mark.parametrize("port", [0, 9090])
def test_with_a_port_of_their_own_the_metrics_are_not_at_the_port_of_the_api(demo_url: str, port: int) -> None:
    with open_api(demo_url, metrics_port=port) as api:
        assert api.client.get("/metrics").status_code == 404


@pytest.mark.parametrize(("token", "address", "sent", "status"), [
    (None, "127.0.0.1", {}, 200),
    (None, "::1", {}, 200),
    (None, "192.0.2.1", {}, 401),
    (None, "127.0.0.1", {"x-forwarded-for": "192.0.2.1"}, 401),
    ("secret", "192.0.2.1", {"authorization": "Bearer secret"}, 200),
    ("secret", "127.0.0.1", {}, 401),
    ("secret", "127.0.0.1", {"authorization": "Bearer secrets"}, 401),
])  # fmt: skip
def test_the_metrics_are_for_this_machine_or_for_those_who_have_the_token(
    demo_url: str, token: str | None, address: str, sent: dict[str, str], status: int
) -> None:
    app = create_app(Settings(database_url=demo_url, metrics_token=None if token is None else SecretStr(token)))
    assert TestClient(app, client=(address, 5)).get("/metrics", headers=sent).status_code == status
