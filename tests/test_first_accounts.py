"""The accounts of a register that is served: known passwords stay on this machine, and a first account is explained."""

import json
import re
import subprocess
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest

from app.bulk.demo import PASSWORD
from tests.clients.program import cadastre, environment_of
from tests.clients.served import Program, needs_curl, served
from tests.databases import ROOT

PASTED = ("  /", "  read", "  TOKEN", "  curl")
NEW_PASSWORD = "a & b % 简 ok"  # noqa: S105 - of a register that ends with the test
ALL = ["0.0.0.0", "::", "[::]"]  # noqa: S104 - refused


def status_of_login(program: Program, password: str = PASSWORD) -> int:
    form = {"grant_type": "password", "client_id": "h5-client", "username": "supperadm", "password": password}
    return httpx.post(f"{program.address}/oauth/token", data=form).status_code


def paste(program: Program, url: str) -> str:
    """Run the commands that a program prints, and return the output of the last one."""
    commands = [line.strip() for line in program.welcome.splitlines() if line.startswith(PASTED)]
    done = subprocess.run(  # noqa: S603 - what the program tells a newcomer to paste
        ["/bin/bash", "-euc", "\n".join(commands)],
        cwd=ROOT, env=environment_of(url, {"new_password": NEW_PASSWORD}), input=f"{NEW_PASSWORD}\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    return done.stdout.splitlines()[-1]


def refusal(*arguments: object, url: str) -> str:
    """Return the one line of a program that does not serve."""
    done = cadastre("serve", "--port", 0, *arguments, url=url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    return done.stderr


@needs_curl
def test_a_register_without_accounts_is_opened_by_the_commands_that_are_printed(empty_url: str, tmp_path: Path) -> None:
    with served("--data-dir", tmp_path, url=empty_url) as program:
        assert json.loads(paste(program, empty_url))["data"] == {"orgs": {"nodes": []}}
    with served("--data-dir", tmp_path, url=empty_url) as program:
        assert "create-super" not in program.welcome
        assert program.welcome.count("supperadm") == 0


@pytest.mark.parametrize("host", ALL)
def test_known_passwords_are_not_served_to_other_machines(own_url: str, host: str) -> None:
    for options in ([], ["--no-demo"], ["--demo"]):
        line = refusal("--host", host, *options, url=own_url)
        assert f"only loopback addresses are served, not {host.strip('[]')}; use --new-password" in line
    with psycopg.connect(own_url) as connection:
        connection.execute("update admin set is_enabled = false")  # may be enabled again
    assert "use --new-password" in refusal("--host", host, url=own_url)


def test_the_demo_world_is_not_loaded_for_other_machines(empty_url: str) -> None:
    assert "use --no-demo, or --new-password" in refusal("--host", ALL[0], "--demo", url=empty_url)
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select from org").fetchone() is None


def test_a_register_with_an_account_does_not_get_the_demo_world(empty_url: str, tmp_path: Path) -> None:
    cadastre("admin", "create-super", "root", url=empty_url, new_password=NEW_PASSWORD)
    with served("--demo", "--data-dir", tmp_path, url=empty_url) as program, psycopg.connect(empty_url) as connection:
        assert connection.execute("select from org").fetchone() is None
        assert PASSWORD not in program.welcome


@needs_curl
def test_a_new_password_replaces_the_public_one_and_is_printed_once(own_url: str, tmp_path: Path) -> None:
    options = ("--host", "::", "--data-dir", tmp_path)
    with served(*options, "--new-password", url=own_url) as program:
        (password,) = re.findall(r"password (\S+) \(new, printed only now\)", program.welcome)
        assert (status_of_login(program, password), status_of_login(program)) == (200, 400)
        assert json.loads(paste(program, own_url))["data"]["org"]["name"] == "美的集团"
        assert "CADASTRE_PUBLIC_URL" in program.welcome
    with served(*options, "--new-password", url=own_url) as program:
        assert password not in program.welcome
        assert status_of_login(program, password) == 200


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "[::1]"])
def test_every_loopback_address_is_served_with_the_demo_world(demo_url: str, tmp_path: Path, host: str) -> None:
    with served("--host", host, "--data-dir", tmp_path, url=demo_url) as program:
        assert PASSWORD in program.welcome
        assert program.get("/healthz").status_code == 200
