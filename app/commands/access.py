"""The commands about who may come in: clients, super administrators, signing keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.console import DataDir, database, examples, later, say, settings_with, tell
from app.errors import InvalidInputError, OperatorError

if TYPE_CHECKING:
    import psycopg

client = typer.Typer(help="Programs that may ask for tokens.", no_args_is_help=True)
admin = typer.Typer(help="Staff.", no_args_is_help=True)
keys = typer.Typer(help="Keys that sign access tokens.", no_args_is_help=True)

SHORTEST_PASSWORD = 8


@contextmanager
def connected(data_dir: Path | None) -> Iterator["psycopg.Connection"]:
    """Open a transaction of the register; what is wrong with the input is one line for the operator."""
    with database(data_dir) as url, later("psycopg:connect")(url) as connection:
        try:
            yield connection
        except InvalidInputError as error:
            raise OperatorError(str(error)) from error


@client.command(
    epilog=examples(
        "cadastre client add app --public --grant authorization_code --redirect-uri https://app.example/back",
        "cadastre client add backend --grant client_credentials",
        "cadastre client add export --public --grant authorization_code --redirect-uri https://export.example/back"
        " --max-nodes 500000",
        "cadastre client add old-app --public --grant password --password-until 2027-06-30",
    )
)
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    client_id: Annotated[str, typer.Argument(help="Name that the program gives for itself")],
    description: Annotated[str, typer.Option(help="What the program is")] = "",
    grant: Annotated[
        list[str] | None,
        typer.Option(help="authorization_code, client_credentials or password; may be repeated"),
    ] = None,
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Address that codes may be sent to; may be repeated")
    ] = None,
    password_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day that ends a legacy program's password grant")
    ] = None,
    max_nodes: Annotated[
        int | None, typer.Option(help="Most rows that a query of the program may load (default: CADASTRE_MAX_NODES)")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="A program that cannot keep a secret")] = False,  # noqa: FBT002 - typer
    data_dir: DataDir = None,
) -> None:
    """Register a program and show its secret, this once.

    Programs that log staff in may refresh their tokens.
    """
    grants = [*(grant or ())]
    if {"authorization_code", "password"} & set(grants):
        grants.append("refresh_token")
    until = None if password_until is None else password_until.replace(tzinfo=UTC)
    with connected(data_dir) as connection:
        secret = later("app.services.client:add")(
            connection,
            client_id,
            description or client_id,
            grant_types=grants,
            redirect_uris=redirect_uri or (),
            password_until=until,
            max_nodes=max_nodes,
            public=public,
        )
    say(f"Registered {client_id}." if secret is None else f"Registered {client_id}. Its secret, shown once: {secret}")


@client.command("list", epilog=examples("cadastre client list"))
def list_(data_dir: DataDir = None) -> None:
    """List the programs, their grants, their own budgets, and how often the password grant was used."""
    with connected(data_dir) as connection:
        found = later("app.services.client:all_clients")(connection)
    for one in found:
        kind = "public" if one.secret_hash is None else "secret"
        facts = [f"{one.client_id}  {kind}  {' '.join(one.grant_types)}"]
        if one.password_until is not None:
            facts.append(f"password until {one.password_until:%Y-%m-%d}, used {one.password_uses} times")
        if one.max_nodes is not None:
            facts.append(f"at most {one.max_nodes} rows a query")
        if not one.enabled:
            facts.append("disabled")
        say("; ".join(facts))
    if not found:
        tell("No programs are registered.")


@client.command(epilog=examples("cadastre client disable old-app"))
def disable(
    client_id: Annotated[str, typer.Argument(help="Name of the program")],
    data_dir: DataDir = None,
) -> None:
    """Give a program no more tokens; those that it has are useless within half a minute."""
    with connected(data_dir) as connection:
        later("app.services.client:disable")(connection, client_id)
    say(f"Disabled {client_id}.")


@admin.command("create-super", epilog=examples("cadastre admin create-super root --name 超级管理员"))
def create_super(
    account: Annotated[str, typer.Argument(help="Account name to log in with")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            envvar="CADASTRE_NEW_PASSWORD",
            help="Asked for when not given; the environment is safer than the command line",
        ),
    ],
    name: Annotated[str, typer.Option(help="Name of the person")] = "超级管理员",
    data_dir: DataDir = None,
) -> None:
    """Create a super administrator, who sees and may do everything."""
    if len(password) < SHORTEST_PASSWORD:
        message = f"the password must have at least {SHORTEST_PASSWORD} characters"
        raise OperatorError(message)
    with connected(data_dir) as connection:
        later("app.services.account:create_super")(connection, account, name, password)
    say(f"Created the super administrator {account}.")


@keys.command(epilog=examples("cadastre keys rotate"))
def rotate(data_dir: DataDir = None) -> None:
    """Sign with new keys from now on; the old ones verify until their last token has expired.

    Running programs take the new keys within a minute.
    """
    folder = settings_with(data_dir=data_dir).keys_folder
    made = later("app.access.keys:KeyRing")(folder).rotate()
    say(f"New keys in {folder}: {', '.join(made)}.")
