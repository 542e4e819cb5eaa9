"""The commands about stored documents: what clients may run by a hash."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import DataDir, database, examples, later, say, settings_with
from app.errors import OperatorError, RequestError

documents = typer.Typer(
    help="GraphQL documents that clients run by their hashes; the only ones with CADASTRE_TRUSTED_ONLY=true.",
    no_args_is_help=True,
)

PREFIX = "sha256:"


@documents.command(
    epilog=examples("cadastre documents add operations/spaces.graphql", "cadastre documents add - < spaces.graphql")
)
def add(
    file: Annotated[str, typer.Argument(help="File with one document in UTF-8; - reads the standard input")],
    name: Annotated[str | None, typer.Option(help="What it is for (default: the file's name)")] = None,
    data_dir: DataDir = None,
) -> None:
    """Store a document and print the id that clients send as `documentId`: its SHA-256, byte for byte."""
    text = text_of(file)
    try:
        graphql_schema = later("app.declarations.resolvers:core_schema")(later("app.graphql.schema:schema"))
        limits = later("app.engine.limits:Limits.of")(settings_with(data_dir=data_dir))
        later("app.engine.document:Document.of")(text, graphql_schema, limits)
    except RequestError as error:
        message = f"the document cannot be run: {error}"
        raise OperatorError(message) from error
    with database(data_dir) as url, later("psycopg:connect")(url) as connection:
        store = later("app.services.stored_document:add")
        sha256, is_new = store(connection, text, name or Path(file).name, getpass.getuser())
    say(f"{PREFIX}{sha256}" if is_new else f"{PREFIX}{sha256} was stored before")


@documents.command("list", epilog=examples("cadastre documents list"))
def list_(data_dir: DataDir = None) -> None:
    """List the stored documents."""
    with database(data_dir) as url, later("psycopg:connect")(url) as connection:
        found = later("app.services.stored_document:all_documents")(connection)
    for one in found:
        say(f"{PREFIX}{one.sha256}  {one.name}  {one.created_at:%Y-%m-%d}  {one.created_by}")


@documents.command(epilog=examples(f"cadastre documents remove {PREFIX}5feceb66..."))
def remove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="What `add` printed")], data_dir: DataDir = None
) -> None:
    """Forget a document; running programs do within a minute."""
    with database(data_dir) as url, later("psycopg:connect")(url) as connection:
        removed = later("app.services.stored_document:remove")(connection, id_.removeprefix(PREFIX))
    if not removed:
        message = f"no document is stored as {id_}"
        raise OperatorError(message)
    say("Removed.")


def text_of(file: str) -> str:
    """Read a document, byte for byte; OperatorError."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"{file} cannot be read: {reason}"
        raise OperatorError(message) from error
