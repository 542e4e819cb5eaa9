"""`cadastre`, the operator's program.

Exit status: 0 done; 1 done, and something was found (differences, bad rows); 2 not possible, with one line on stderr;
3 done in part, rows were skipped; 130 cancelled, by Ctrl-C or by the end of the input at a prompt.
"""

import gc
import inspect
import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any

import typer
from typer import Abort, BadParameter, TyperException
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.build import VERSION
from app.commands.console import print_result, print_trouble, write_any_letter
from app.errors import OperatorError

COMMANDS = {
    "serve": ("app.commands.serve", "Serve the register over HTTP until Ctrl-C."),
    "relay": ("app.commands.relay", "Send every change and every published event to Kafka until Ctrl-C."),
    "migrate": ("app.commands.migrate", "Migrate the database to the newest revision."),
    "demo": ("app.commands.demo", "Load the demo world: the records of the documents' examples."),
    "generate": ("app.commands.generate", "Generate a large register for measurements."),
    "import": (
        "app.commands.import_",
        "Import organisations, spaces, staff, customers, property relations or work orders.",
    ),
    "export": (
        "app.commands.export",
        "Export organisations, spaces, staff, customers, property relations or work orders.",
    ),
    "check": (
        "app.commands.check",
        "Check the derived columns of all trees, the totals of spaces, and that no two records have one id.",
    ),
    "schema": ("app.commands.schema", "Print the GraphQL schema."),
    "errors": ("app.commands.errors", "Print the error codes as a page in Markdown: docs/errors.md."),
    "limits": ("app.commands.limits", "Print the limits as a page in Markdown: docs/limits.md."),
    "client": ("app.commands.client", "Programs that may ask for tokens."),
    "admin": ("app.commands.admin", "Staff accounts."),
    "keys": ("app.commands.keys", "Keys that sign access tokens."),
    "rest": ("app.commands.rest", "The legacy URLs: their GraphQL operations, and which clients use them."),
    "documents": ("app.commands.documents", "GraphQL documents that clients run by their hashes."),
    "changes": ("app.commands.changes", "The record of who changed what, when and why."),
    "events": ("app.commands.events", "What waits to be sent to Kafka, and what the brokers refuse."),
    "webhook": ("app.commands.webhook", "Addresses that are sent changes."),
    "personal-reads": ("app.commands.personal_reads", "Who was shown customers' personal data unmasked."),
}
"""The module of each command, and its line in `cadastre --help`. A module is imported when its command is run, because
those of the server and the database take seconds."""


ONE_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
"""The end of a line within a paragraph: the terminal has another width than the docstring."""


CANCELLED = 130
"""Exit status of shells for a program that Ctrl-C ended."""


def imported(module: str) -> ModuleType:
    """Import a module without collecting garbage meanwhile: all that imports make stays, so a quarter is saved."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()


class LazyCommand(TyperCommand):
    """A command whose module is imported when the command is run."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self._module = module

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Parse the arguments by the command's own options."""
        command = get_command(imported(self._module).app)
        for shown in (command, *getattr(command, "commands", {}).values()):
            shown.help = ONE_LINE_END.sub(" ", inspect.cleandoc(shown.help or ""))
        return command.make_context(*arguments, **options)


def _print_version(context: typer.Context, *, wanted: bool) -> None:
    if wanted:
        print_result(f"cadastre {VERSION}")
        context.exit()


OPTIONS = typer.Typer(add_completion=False)


@OPTIONS.callback()
def options(
    version: Annotated[  # noqa: FBT002 - typer
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the program itself."""


app = TyperGroup(
    name="cadastre",
    help="Cadastre, the register behind property-management platforms.",
    epilog="Start with: cadastre serve. Settings are environment variables: CADASTRE_DATABASE_URL (PostgreSQL 15 or "
    "newer, instead of the embedded one), CADASTRE_DATA_DIR, CADASTRE_HOST, CADASTRE_PORT and others.",
    no_args_is_help=True,
    commands={name: LazyCommand(name, *row) for name, row in COMMANDS.items()},
    params=get_command(OPTIONS).params,
)


def main() -> None:
    """Run a command; an error that an operator can fix is one line on stderr and exit status 2."""
    write_any_letter()
    try:
        status = app(prog_name="cadastre", standalone_mode=False)
    except Abort:
        print_trouble(["cadastre: cancelled"])
        status = CANCELLED
    except (OperatorError, TyperException) as error:
        text = error.format_message() if isinstance(error, BadParameter) else str(error)
        if text:  # there is none when the help was printed instead, for lack of a subcommand
            print_trouble([f"cadastre: {' '.join(text.split())}"])
        status = 2
    sys.exit(status)


if __name__ == "__main__":
    main()
