"""`cadastre documents`: the documents that clients run by their hashes."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import command_group, examples, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir, settings_with
from app.declarations.resolvers import core_schema
from app.engine.document import Document
from app.engine.limits import Limits
from app.errors import OperatorError, RequestError
from app.graphql.schema import schema
from app.services import stored_document

app = command_group(
    "GraphQL documents that clients run by their hashes; the only ones with CADASTRE_TRUSTED_ONLY=true."
)

PREFIX = "sha256:"


@app.command(
    epilog=examples("cadastre documents add operations/spaces.graphql", "cadastre documents add - < spaces.graphql")
)
def add(
    file: Annotated[str, typer.Argument(help="File with one document in UTF-8; - reads the standard input")],
    name: Annotated[str | None, typer.Option(help="What it is for (default: the file's name)")] = None,
    data_dir: DataDir = None,
) -> None:
    """Store a document and print the id that clients send as `documentId`: the SHA-256 of its bytes."""
    text = _text_of(file)
    try:
        Document.of(text, core_schema(schema), Limits.of(settings_with(data_dir=data_dir)))
    except RequestError as error:
        message = f"the document cannot be run: {error}"
        raise OperatorError(message) from error
    with transaction(data_dir) as connection:
        sha256, is_new = stored_document.add(connection, text, name or Path(file).name, getpass.getuser())
    print_result(f"{PREFIX}{sha256}" if is_new else f"{PREFIX}{sha256} was stored before")


@app.command("list", epilog=examples("cadastre documents list"))
def list_(data_dir: DataDir = None) -> None:
    """List the stored documents."""
    with transaction(data_dir) as connection:
        documents = stored_document.all_documents(connection)
    for document in documents:
        print_result(
            f"{PREFIX}{document.sha256}  {document.name}  {document.created_at:%Y-%m-%d}  {document.created_by}"
        )


@app.command(epilog=examples(f"cadastre documents remove {PREFIX}5feceb66..."))
def remove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="What `add` printed")], data_dir: DataDir = None
) -> None:
    """Delete a document; running programs stop accepting its hash within a minute."""
    with transaction(data_dir) as connection:
        removed = stored_document.remove(connection, id_.removeprefix(PREFIX))
    if not removed:
        message = f"no document is stored as {id_}"
        raise OperatorError(message)
    print_result("Removed.")


def _text_of(file: str) -> str:
    """Read a document as UTF-8 without changing line ends; OperatorError when that fails."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"{file} cannot be read: {reason}"
        raise OperatorError(message) from error
