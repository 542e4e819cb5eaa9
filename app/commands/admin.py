"""`cadastre admin`: staff accounts."""

from typing import Annotated

import typer

from app.commands.console import command_group, examples, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir
from app.errors import OperatorError
from app.services import account as accounts

app = command_group("Staff accounts.")

SHORTEST_PASSWORD = 8


@app.command("create-super", epilog=examples("cadastre admin create-super root --name 超级管理员"))
def create_super(
    account: Annotated[str, typer.Argument(help="Account name to log in with")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            envvar="CADASTRE_NEW_PASSWORD",
            help="Prompted for by default; the environment is safer than the command line",
        ),
    ],
    name: Annotated[str, typer.Option(help="Name of the person")] = "超级管理员",
    data_dir: DataDir = None,
) -> None:
    """Create a super administrator, who sees and may do everything."""
    if len(password) < SHORTEST_PASSWORD:
        message = f"the password must have at least {SHORTEST_PASSWORD} characters"
        raise OperatorError(message)
    with transaction(data_dir) as connection:
        accounts.create_super(connection, account, name, password)
    print_result(f"Created the super administrator {account}.")
