"""`cadastre schema`: the GraphQL schema as text."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import examples, print_trouble
from app.errors import OperatorError
from app.graphql.schema import schema as graphql_schema

app = typer.Typer(add_completion=False)


@app.command(epilog=examples("cadastre schema", "cadastre schema --check schema.graphql"))
def schema(
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit status 1 when different")] = None,
) -> None:
    """Print the GraphQL schema."""
    if check is not None and not check.is_file():
        message = f"there is no file {check}"
        raise OperatorError(message)
    text = graphql_schema.as_str() + "\n"
    if check is None:
        sys.stdout.write(text)
    elif check.read_text(encoding="utf-8") != text:
        print_trouble([f"{check} differs from the schema of this program; run scripts/schema"])
        raise typer.Exit(1)
