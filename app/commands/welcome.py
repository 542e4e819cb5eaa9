"""What `cadastre serve` prints when it is ready: addresses, accounts, and lines to paste that work as they are."""

import json
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.bulk.demo import PASSWORD
from app.bulk.demo_accounts import DemoLogin
from app.serving import PUBLIC_CLIENT, Ready
from app.settings import Settings

TREE_QUERY = '{ org(id: "6419") { name children { name children { name } } } }'
ANY_QUERY = "{ orgs(first: 3) { nodes { id name } } }"
CONTENT_TYPE = "-H 'content-type: application/json'"
BEARER = '-H "authorization: Bearer $TOKEN" '
YEAR = timedelta(days=365)


def welcome(ready: Ready, settings: Settings) -> str:
    """Return the text. Each command works with the settings in force, in the folder where the program was started."""
    rows = {
        "GraphQL": f"{ready.address}/graphql",
        "Explorer": f"{ready.address}/explorer",
        "Health": f"{ready.address}/healthz  {ready.address}/readyz",
        "Database": ready.register.name.removeprefix("the ").removeprefix("database "),
        "Accounts": _accounts(ready),
        **_issuer(ready, settings),
    }
    lines = [
        f"Cadastre serves {ready.address} (Ctrl-C ends it)",
        *(f"  {name:<9} {value}" for name, value in rows.items()),
        *(_login(ready) if settings.require_login else []),
        *_query(ready, settings),
    ]
    return "\n".join([*lines, ""])


def _accounts(ready: Ready) -> str:
    if not ready.logins:
        return "none of the demo world" if ready.has_super else "none"
    names = [f"{login.account} ({login.name}{', super administrator' * login.is_super})" for login in ready.logins]
    password = ready.logins[0].password
    return f"{', '.join(names)}; password {password}{'' if password == PASSWORD else ' (new, printed only now)'}"


def _issuer(ready: Ready, settings: Settings) -> dict[str, str]:
    """Say what clients on other machines need."""
    if ready.is_local or settings.public_url is not None:
        return {}
    return {"Issuer": f"{ready.address}; clients on other machines need CADASTRE_PUBLIC_URL"}


def _login(ready: Ready) -> list[str]:
    """Return how to get an access token: as a demo account, or after the first super administrator is created."""
    if ready.logins:
        login = ready.logins[0]
        return ["", "An access token, for two hours:", f"  {_token_line(ready.address, PUBLIC_CLIENT, login)}"]
    if ready.has_super:
        return ["", "An access token in the variable TOKEN: see docs/login.md"]
    until = (datetime.now(UTC) + YEAR).date()
    commands = ("admin create-super root", f"client add console --public --grant password --password-until {until}")
    return [
        "",
        f"A first super administrator, and a client to log in with{_with_database(ready)}:",
        *(f"  {_program()} {command}{_data_dir(ready)}" for command in commands),
        "",
        "An access token, for two hours:",
        f"  read -rsp 'Password of root: ' PASSWORD && {_token_line(ready.address, 'console', None)}",
    ]


def _query(ready: Ready, settings: Settings) -> list[str]:
    if settings.trusted_only:
        return ["", "Only stored documents are run:", f"  {_program()} documents add FILE{_data_dir(ready)}"]
    body = json.dumps({"query": TREE_QUERY if ready.logins else ANY_QUERY})
    bearer = BEARER if settings.require_login else ""
    return ["", "A first query:", f"  curl -s {ready.address}/graphql {bearer}{CONTENT_TYPE} -d '{body}'"]


def _token_line(address: str, client: str, login: DemoLogin | None) -> str:
    """Return the shell command that sets TOKEN to an access token of a demo account, or else of root."""
    account, password = (
        ("root", '--data-urlencode "password=$PASSWORD"')
        if login is None
        else (login.account, f"-d password={login.password}")
    )
    form = f"-d grant_type=password -d client_id={client} -d username={account} {password}"
    return f'TOKEN=$(curl -s {address}/oauth/token {form} | sed \'s/.*"access_token": *"\\([^"]*\\)".*/\\1/\')'


def _program() -> str:
    """Return how this program is run in a shell."""
    started = Path(sys.argv[0])
    return (
        shlex.quote(str(started)) if started.suffix != ".py" else f"{shlex.quote(sys.executable)} -m app.commands.main"
    )


def _data_dir(ready: Ready) -> str:
    server = ready.register.server
    return "" if server is None else f" --data-dir {shlex.quote(str(server.data_dir))}"


def _with_database(ready: Ready) -> str:
    return " (with the same CADASTRE_DATABASE_URL)" if ready.register.server is None else ""
