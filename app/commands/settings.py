"""The settings of a command: options of the command line, then the environment."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.errors import OperatorError
from app.settings import PREFIX, Settings

DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the embedded PostgreSQL (default: .cadastre in this folder)")
]


OTHER_VARIABLES = {"CADASTRE_NEW_PASSWORD"}
"""Variables that are not settings: options of a command may come from them."""

OF_KUBERNETES = re.compile(r"CADASTRE_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP|SCTP))(_\w+)?")
"""Variables that Kubernetes sets in every container beside a service that is called cadastre."""


def settings_with(**options: Any) -> Settings:
    """Read the settings; an option that is not None goes before the environment.

    OperatorError names a wrong value, or a variable that is not a setting.
    """
    refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        message = describe(error.errors()[0])
        raise OperatorError(message) from None


def describe(error: ErrorDetails) -> str:
    """Describe a wrong value. That of a URL stays out of the message, because it may hold a password.

    Messages of this program quote the value themselves.
    """
    name = variable_of(str(error["loc"][0]))
    value = (
        "" if name.endswith(("_URL", "_TOKEN")) or error["type"] == "value_error" else f", not {str(error['input'])!r}"
    )
    return f"{name}: {error['msg'].removeprefix('Value error, ')}{value}"


def variable_of(setting: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{setting.upper()}"


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise OperatorError when a variable looks like a setting and is none; empty ones count as not set."""
    known = {variable_of(name) for name in Settings.model_fields} | OTHER_VARIABLES
    named = sorted(name for name, value in environment.items() if name.upper().startswith(PREFIX) and value)
    for name in named:
        if name.upper() not in known and not OF_KUBERNETES.fullmatch(name):
            nearest = "".join(get_close_matches(name.upper(), known, 1))
            message = f"{name} is not a setting; " + (f"the nearest is {nearest}" if nearest else "see app/settings.py")
            raise OperatorError(message)
