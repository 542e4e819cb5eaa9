"""The register that a command works on: its settings, its database and a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.commands.settings import settings_with
from app.db.connecting import connect
from app.db.opening import Register, opened
from app.errors import InvalidInputError, OperatorError


@contextmanager
def register(data_dir: Path | None) -> Iterator[Register]:
    """Open the register that the settings name."""
    with opened(settings_with(data_dir=data_dir)) as opened_register:
        yield opened_register


@contextmanager
def transaction(data_dir: Path | None) -> Iterator[psycopg.Connection]:
    """Run a transaction on the register; InvalidInputError becomes OperatorError."""
    with register(data_dir) as opened_register, connect(opened_register.url) as connection:
        try:
            yield connection
        except InvalidInputError as error:
            raise OperatorError(str(error)) from error
