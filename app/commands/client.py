"""`cadastre client`: the programs that may ask for access tokens."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.commands.console import command_group, examples, print_note, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir
from app.services import client as clients

app = command_group("Programs that may ask for tokens.")

REFRESHED_GRANTS = {"authorization_code", "password"}
"""Grants that log staff in; their programs may also refresh tokens."""


@app.command(
    epilog=examples(
        "cadastre client add app --public --grant authorization_code --redirect-uri https://app.example/back",
        "cadastre client add backend --grant client_credentials",
        "cadastre client add export --public --grant authorization_code --redirect-uri https://export.example/back"
        " --max-nodes 500000",
        "cadastre client add old-app --public --grant password --password-until 2027-06-30",
    )
)
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    client_id: Annotated[str, typer.Argument(help="Client id that the program sends")],
    description: Annotated[str, typer.Option(help="What the program is (default: the client id)")] = "",
    grant: Annotated[
        list[str] | None,
        typer.Option(help="authorization_code, client_credentials or password; may be repeated"),
    ] = None,
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Address that codes may be sent to; may be repeated")
    ] = None,
    password_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day on which the password grant ends")
    ] = None,
    max_nodes: Annotated[
        int | None, typer.Option(help="Most rows that a query of the program may load (default: CADASTRE_MAX_NODES)")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="A program that cannot keep a secret")] = False,  # noqa: FBT002 - typer
    data_dir: DataDir = None,
) -> None:
    """Register a program and print its secret, which cannot be printed again.

    Programs that log staff in may refresh their tokens.
    """
    grants = [*(grant or ())]
    if REFRESHED_GRANTS & set(grants):
        grants.append("refresh_token")
    with transaction(data_dir) as connection:
        secret = clients.add(
            connection,
            client_id,
            description or client_id,
            grant_types=grants,
            redirect_uris=redirect_uri or (),
            password_until=None if password_until is None else password_until.replace(tzinfo=UTC),
            max_nodes=max_nodes,
            public=public,
        )
    secret_part = "" if secret is None else f" Its secret, printed only once: {secret}"
    print_result(f"Registered {client_id}.{secret_part}")


@app.command("list", epilog=examples("cadastre client list"))
def list_(data_dir: DataDir = None) -> None:
    """List the programs: grants, own row limits, and how often the password grant was used."""
    with transaction(data_dir) as connection:
        registered = clients.all_clients(connection)
    for client in registered:
        print_result(_line(client))
    if not registered:
        print_note("No programs are registered.")


@app.command(epilog=examples("cadastre client disable old-app"))
def disable(
    client_id: Annotated[str, typer.Argument(help="Client id of the program")],
    data_dir: DataDir = None,
) -> None:
    """Issue no more tokens to a program, and refuse its present ones after at most half a minute."""
    with transaction(data_dir) as connection:
        clients.disable(connection, client_id)
    print_result(f"Disabled {client_id}.")


def _line(client: clients.Client) -> str:
    """Return a client as one line."""
    kind = "public" if client.secret_hash is None else "secret"
    facts = [f"{client.client_id}  {kind}  {' '.join(client.grant_types)}"]
    if client.password_until is not None:
        facts.append(f"password until {client.password_until:%Y-%m-%d}, used {client.password_uses} times")
    if client.max_nodes is not None:
        facts.append(f"at most {client.max_nodes} rows a query")
    if not client.is_enabled:
        facts.append("disabled")
    return "; ".join(facts)
