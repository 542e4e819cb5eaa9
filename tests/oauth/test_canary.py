"""Canaries: no log and no error contains a password, a token, a phone number or an identity number."""

import json
import logging
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from app.bulk.demo import PASSWORD
from app.settings import Settings
from tests.clients.login import LoginClient
from tests.clients.served import served
from tests.databases import DATA_DIR

NAME, QUERY, TOKENS = "canary-name", "canaryQuery", ("access_token", "refresh_token")
ACCOUNT, TYPED, PHONE, IDENTITY = "canary-account", "canary-password", "13900009999", "440101199001019999"


@pytest.fixture
def login(settings: Settings, address: str) -> Iterator[LoginClient]:
    """Return a client of the running server."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield LoginClient(client, settings.database_url or "")


def test_no_secret_is_logged_or_answered(
    login: LoginClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx2")  # the tests' own client
    login.sql(
        "update admin set phone = %s, identity = %s, account = %s where account = 'yanggc4'",
        PHONE, IDENTITY, ACCOUNT,
    )  # fmt: skip
    tokens = login.log_in(ACCOUNT)
    second = login.refresh(tokens["refresh_token"]).json()
    refusals = [
        login.grant(ACCOUNT, TYPED),
        login.grant(PHONE, TYPED),
        login.grant(ACCOUNT, TYPED + "\0"),
        login.legacy_log_in(job_number=ACCOUNT, pwd=TYPED),
        login.legacy_log_in(job_number=[ACCOUNT], pwd=TYPED),
        login.legacy_log_in(job_number=ACCOUNT, pwd=PASSWORD, client_id=TYPED),
        login.refresh(tokens["refresh_token"]),
        login.post("/oauth/token", {"grant_type": TYPED, "client_id": "h5-client"}),
        login.post("/oauth/revoke", {"token": tokens["refresh_token"], "client_id": TYPED}),
        login.who(second["access_token"] + "x"),
        login.client.post("/v1/iot/main/user/logout/1", headers={"authorization": f"Bearer {TYPED}"}),
        login.client.get(f"/oauth/authorize?client_id={TYPED}&response_type={TYPED}"),
    ]
    break_table(login)
    refusals += [login.grant(ACCOUNT, PASSWORD), login.legacy_log_in(job_number=ACCOUNT)]

    known = [TYPED, PHONE, IDENTITY, *(t[name] for t in (tokens, second) for name in ("access_token", "refresh_token"))]
    output = capfd.readouterr()
    written = f"{caplog.text}\n{output.out}\n{output.err}"
    assert "CheckViolation 23514 broken" in written
    assert [secret for secret in [*known, ACCOUNT, PASSWORD] if secret in written] == []
    for response in refusals:
        assert response.status_code != 200 or response.json()["code"] != "200"
        assert [secret for secret in known if secret in response.text] == []


def test_no_value_is_in_the_logs_and_metrics_of_the_program(own_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    database_log = DATA_DIR / "postgres" / "server.log"
    begin = database_log.stat().st_size
    with (
        served(url=own_url, log_format="json") as program,
        httpx.Client(base_url=program.address, timeout=60) as client,
    ):
        login = LoginClient(client, own_url)
        values = "update admin set phone = %s, identity = %s, account = %s, name = %s where account = 'yanggc4'"
        login.sql(values, PHONE, IDENTITY, ACCOUNT, NAME)
        tokens = login.log_in(ACCOUNT)
        assert NAME in login.who(tokens["access_token"]).text
        login.grant(ACCOUNT, TYPED)
        login.grant(TYPED, PASSWORD, TYPED)
        ask(
            login,
            tokens["access_token"],
            f'query {QUERY} {{ orgs(filter: {{name: {{eq: "{TYPED}"}}}}) {{ totalCount }} }}',
        )
        ask(login, tokens["access_token"], f"{{ {QUERY} }}")
        client.get(f"/{TYPED}?{TYPED}", headers={"user-agent": TYPED, "x-request-id": f"{TYPED};"})
        client.post(f"/v1/iot/main/user/logout/{TYPED}", headers={"authorization": f"Bearer {TYPED}"})
        break_table(login)
        broken = login.grant(ACCOUNT, PASSWORD)
        metrics = client.get("/metrics").text
    written = capfd.readouterr().err
    known = [TYPED, PHONE, IDENTITY, ACCOUNT, NAME, QUERY, PASSWORD, *(tokens[name] for name in TOKENS)]
    everywhere = written + metrics + database_log.read_bytes()[begin:].decode()
    assert [value for value in known if value in everywhere] == []
    assert "127.0.0.1" not in written
    records = [json.loads(line) for line in written.splitlines()]
    assert all({"time", "level", "logger", "event"} <= set(record) for record in records)
    (bug,) = [record for record in records if record["event"].startswith("unexpected error")]
    assert bug["request_id"] == broken.headers["x-request-id"]
    assert 'cadastre_logins_total{outcome="failed"} 1.0' in metrics
    assert 'cadastre_errors_total{code="INTERNAL"} 1.0' in metrics


def ask(login: LoginClient, token: str, query: str) -> None:
    """Send a GraphQL request."""
    login.client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"})


def break_table(login: LoginClient) -> None:
    """Make PostgreSQL refuse a log-in with a message that quotes the row."""
    login.sql("alter table login add constraint broken check (admin_id < 0) not valid")
