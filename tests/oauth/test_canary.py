"""Canaries: no password, token, phone or identity number is in a log or an error, whatever happens."""

import logging
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from app.bulk.demo import PASSWORD
from app.settings import Settings
from tests.login import Door

ACCOUNT, TYPED, PHONE, IDENTITY = "canary-account", "canary-password", "13900009999", "440101199001019999"


@pytest.fixture
def door(settings: Settings, address: str) -> Iterator[Door]:
    """Give a client at the running server."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield Door(client, settings.database_url or "")


def test_nothing_secret_is_logged_or_told(
    door: Door, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx2")  # the tests' own client
    door.sql(
        "update admin set mobile = %s, identity = %s, job_number = %s where job_number = 'yanggc4'",
        PHONE, IDENTITY, ACCOUNT,
    )  # fmt: skip
    tokens = door.log_in(ACCOUNT)
    second = door.refresh(tokens["refresh_token"]).json()
    refusals = [
        door.grant(ACCOUNT, TYPED),
        door.grant(PHONE, TYPED),
        door.grant(ACCOUNT, TYPED + "\0"),
        door.legacy_log_in(job_number=ACCOUNT, pwd=TYPED),
        door.legacy_log_in(job_number=[ACCOUNT], pwd=TYPED),
        door.legacy_log_in(job_number=ACCOUNT, pwd=PASSWORD, client_id=TYPED),
        door.refresh(tokens["refresh_token"]),
        door.post("/oauth/token", {"grant_type": TYPED, "client_id": "h5-client"}),
        door.post("/oauth/revoke", {"token": tokens["refresh_token"], "client_id": TYPED}),
        door.who(second["access_token"] + "x"),
        door.client.post("/v1/iot/main/user/logout/1", headers={"authorization": f"Bearer {TYPED}"}),
        door.client.get(f"/oauth/authorize?client_id={TYPED}&response_type={TYPED}"),
    ]
    break_table(door)
    refusals += [door.grant(ACCOUNT, PASSWORD), door.legacy_log_in(job_number=ACCOUNT)]

    known = [TYPED, PHONE, IDENTITY, *(t[name] for t in (tokens, second) for name in ("access_token", "refresh_token"))]
    output = capfd.readouterr()
    written = f"{caplog.text}\n{output.out}\n{output.err}"
    assert "CheckViolation 23514 broken" in written
    assert [secret for secret in [*known, ACCOUNT, PASSWORD] if secret in written] == []
    for response in refusals:
        assert response.status_code != 200 or response.json()["code"] != "200"
        assert [secret for secret in known if secret in response.text] == []


def break_table(door: Door) -> None:
    """Make the database refuse a log-in, with a message that quotes the row."""
    door.sql("alter table login add constraint broken check (admin_id < 0) not valid")
