"""`cadastre documents`: the documents that clients run by their hashes."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import command_group, examples, operator, print_result, print_trouble
from app.commands.manifest import Entry, entries_of
from app.commands.register import transaction
from app.commands.settings import DataDir, settings_with
from app.declarations.resolvers import core_schema
from app.engine.document import Document
from app.engine.guard import operations_of
from app.engine.limits import Limits
from app.errors import InvalidInputError, OperatorError, RequestError
from app.graphql.schema import schema
from app.services import stored_document
from app.services.stored_document import PREFIX

app = command_group(
    "GraphQL documents that clients run by their hashes; the only ones with CADASTRE_TRUSTED_ONLY=true."
)

MOST_TROUBLE = 20
"""The most problems of a manifest that are printed."""


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
        sha256, is_new = stored_document.add(connection, text, name or Path(file).name, operator())
    print_result(f"{PREFIX}{sha256}" if is_new else f"{PREFIX}{sha256} was stored before")


@app.command(
    "import",
    epilog=examples(
        "cadastre documents import persisted_queries.json", "cadastre documents import persisted-query-manifest.json"
    ),
)
def import_(
    manifest: Annotated[
        str, typer.Argument(help="File that Relay's or Apollo's compiler wrote; - is the standard input")
    ],
    data_dir: DataDir = None,
) -> None:
    """Store all documents of a manifest, or none if one of them cannot be run.

    Clients send the manifest's id as `documentId`: with `sha256:` before a SHA-256, any other id as it is.
    """
    entries = entries_of(_text_of(manifest))
    prepared = _prepared(entries, Limits.of(settings_with(data_dir=data_dir)))
    is_new = []
    with transaction(data_dir) as connection:
        for entry, document in zip(entries, prepared, strict=True):
            name = entry.name or _operation_name(document) or Path(manifest).name
            try:
                is_new.append(stored_document.add_as(connection, entry.id, entry.text, name, operator()))
            except InvalidInputError as error:
                message = f"nothing is stored: the document {entry.id!r}: {error}"
                raise OperatorError(message) from error
    print_result(f"Stored {sum(is_new)} documents; {len(is_new) - sum(is_new)} were stored before.")


def _prepared(entries: Sequence[Entry], limits: Limits) -> list[Document]:
    """Check that each document can be run; OperatorError after printing those that cannot."""
    documents, trouble = [], []
    for entry in entries:
        try:
            documents.append(Document.of(entry.text, core_schema(schema), limits))
        except RequestError as error:
            trouble.append(f"the document {entry.id!r} ({entry.name or 'no name'}) cannot be run: {error}")
    if trouble:
        print_trouble(trouble[:MOST_TROUBLE], len(trouble))
        message = f"nothing is stored: {len(trouble)} of {len(entries)} documents cannot be run"
        raise OperatorError(message)
    return documents


def _operation_name(document: Document) -> str | None:
    names = (operation.name.value for operation in operations_of(document.ast) if operation.name)
    return next(names, None)


@app.command("list", epilog=examples("cadastre documents list"))
def list_(data_dir: DataDir = None) -> None:
    """List the stored documents."""
    with transaction(data_dir) as connection:
        documents = stored_document.all_documents(connection)
    for document in documents:
        print_result(
            f"{PREFIX}{document.sha256}  {document.name}  {document.created_at:%Y-%m-%d}  {document.created_by}"
            f"{'' if document.manifest_id is None else f'  id {document.manifest_id}'}"
        )


@app.command(epilog=examples(f"cadastre documents remove {PREFIX}5feceb66..."))
def remove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="What `add` printed, or the id in a manifest")],
    data_dir: DataDir = None,
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
