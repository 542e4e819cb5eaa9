"""What every command needs: parts of the program when it runs, its settings and its database."""

import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.errors import OperatorError

if TYPE_CHECKING:
    from app.settings import Settings

DataDir = Annotated[Path | None, typer.Option(help="Folder of the embedded PostgreSQL (default: .cadastre)")]


def later(name: str) -> Callable[..., Any]:
    """Load a part of the program, named as `module:function`."""
    part: Callable[..., Any] = pkgutil.resolve_name(name)
    return part


def examples(*lines: str) -> str:
    """Set a command's examples below its help."""
    return "\n\n".join(("Examples:", *lines))


def say(line: str) -> None:
    """Write a line of a command's answer."""
    print(line)  # noqa: T201 - the answer


def tell(line: str) -> None:
    """Tell the operator something that is no part of the answer."""
    sys.stderr.write(f"{line}\n")


def settings_with(**given: object) -> "Settings":
    """Read the environment, with what the command line gave instead; OperatorError names a wrong value."""
    try:
        settings: Settings = later("app.settings:Settings")(**{k: v for k, v in given.items() if v is not None})
    except ValueError as error:  # pydantic: a title, then each field and its reason
        field, reason = str(error).splitlines()[1:3]
        message = f"CADASTRE_{field.upper()}: {reason.strip().split(' [type=')[0]}"
        raise OperatorError(message) from error
    return settings


@contextmanager
def database(data_dir: Path | None) -> Iterator[str]:
    """Open the database of the settings and give its URL."""
    with later("app.db.opening:opened")(settings_with(data_dir=data_dir)) as opened:
        yield opened.url
