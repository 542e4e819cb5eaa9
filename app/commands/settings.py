"""The settings of a command: options of the command line, then the environment."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.errors import OperatorError
from app.settings import Settings

DataDir = Annotated[Path | None, typer.Option(help="Folder of the embedded PostgreSQL (default: .cadastre)")]


def settings_with(**options: Any) -> Settings:
    """Read the settings; an option that is not None goes before the environment. OperatorError names a wrong value."""
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValueError as error:  # pydantic: a title, then each field and its reason
        field, reason = str(error).splitlines()[1:3]
        message = f"CADASTRE_{field.upper()}: {reason.strip().split(' [type=')[0].removeprefix('Value error, ')}"
        raise OperatorError(message) from error
