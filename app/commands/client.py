"""`cadastre client`: the programs that may ask for access tokens."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.commands.console import command_group, examples, operator, print_note, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir
from app.services import client as clients
from app.services import client_grant as client_grants

app = command_group("Programs that may ask for tokens.")

ClientId = Annotated[str, typer.Argument(help="Client id of the program")]
OrgId = Annotated[str, typer.Option(help="Id of the business organisation")]
RoleName = Annotated[str, typer.Option(help="Id or name of a role of the organisation")]

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
    if client_grants.SELF in grants:
        print_note(f"It sees nothing until it holds a role: cadastre client grant {client_id} --org ID --role NAME")


@app.command("list", epilog=examples("cadastre client list"))
def list_(data_dir: DataDir = None) -> None:
    """List the programs: grants, own row limits, how often the password grant was used, and the roles they hold."""
    with transaction(data_dir) as connection:
        registered, held = clients.all_clients(connection), client_grants.held_by_client(connection)
    for client in registered:
        print_result(_line(client, held.get(client.client_id, ())))
    if not registered:
        print_note("No programs are registered.")


@app.command(epilog=examples("cadastre client show backend"))
def show(client_id: ClientId, data_dir: DataDir = None) -> None:
    """Print a program: what it is, where codes may be sent, and a line for each role that it holds."""
    with transaction(data_dir) as connection:
        client = clients.named(connection, client_id)
        held = client_grants.held_by_client(connection).get(client_id, ())
    print_result(_line(client))
    print_result(f"description: {client.description}")
    print_result(f"registered: {client.created_at.astimezone(UTC):%Y-%m-%d}")
    for uri in client.redirect_uris:
        print_result(f"redirect URI: {uri}")
    for each in held:
        print_result(f"role: {each.role_id} {each.role_name} in {each.org_id} {each.org_name}")


@app.command(
    epilog=examples(
        "cadastre client grant backend --org 8829 --role 管理员",
        "cadastre client grant backend --org 9099 --role 42500",
    )
)
def grant(client_id: ClientId, org: OrgId, role: RoleName, data_dir: DataDir = None) -> None:
    """Give a program that calls for itself a role in a business organisation, as staff hold roles.

    Its tokens, those it has included, see and may do what the role gives within a second.
    """
    with transaction(data_dir) as connection:
        held, is_new = client_grants.grant(connection, client_id, org, role, operator())
    what = f"{client_id} {{}} the role {held.name} ({held.id}) in organisation {org}."
    print_result(what.format("now holds" if is_new else "holds already"))


@app.command(epilog=examples("cadastre client revoke backend --org 8829 --role 管理员"))
def revoke(client_id: ClientId, org: OrgId, role: RoleName, data_dir: DataDir = None) -> None:
    """Take a role from a program; its tokens lose what the role gave within a second."""
    with transaction(data_dir) as connection:
        lost = client_grants.revoke(connection, client_id, org, role)
    print_result(f"{client_id} no longer holds the role {lost.name} ({lost.id}) in organisation {org}.")


@app.command(epilog=examples("cadastre client rotate backend"))
def rotate(client_id: ClientId, data_dir: DataDir = None) -> None:
    """Give a program a new secret and print it; it cannot be printed again.

    The old secret is refused at once, and the program's own tokens within a second.
    """
    with transaction(data_dir) as connection:
        secret = clients.rotate(connection, client_id)
    print_result(f"The new secret of {client_id}, printed only once: {secret}")


@app.command(epilog=examples("cadastre client disable old-app"))
def disable(client_id: ClientId, data_dir: DataDir = None) -> None:
    """Issue no more tokens to a program, end its log-ins, and refuse its tokens within a second."""
    with transaction(data_dir) as connection:
        clients.disable(connection, client_id)
    print_result(f"Disabled {client_id}.")


@app.command(epilog=examples("cadastre client enable old-app"))
def enable(client_id: ClientId, data_dir: DataDir = None) -> None:
    """Let a disabled program ask for tokens again. The tokens that it had stay invalid; its roles are kept."""
    with transaction(data_dir) as connection:
        clients.enable(connection, client_id)
    print_result(f"Enabled {client_id}.")


def _line(client: clients.Client, held: Sequence[client_grants.Held] = ()) -> str:
    """Return a client as one line."""
    kind = "public" if client.secret_hash is None else "secret"
    facts = [f"{client.client_id}  {kind}  {' '.join(client.grant_types)}"]
    if client.password_until is not None:
        facts.append(f"password until {client.password_until:%Y-%m-%d}, used {client.password_uses} times")
    if client.max_nodes is not None:
        facts.append(f"at most {client.max_nodes} rows a query")
    if held:
        facts.append("roles " + ", ".join(f"{each.role_name} in {each.org_id}" for each in held))
    if not client.is_enabled:
        facts.append("disabled")
    return "; ".join(facts)
