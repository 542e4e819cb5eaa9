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
def register(data_dir: Path | None, *, may_create: bool = False) -> Iterator[Register]:
    """Open the register that the settings name; only some commands may create an embedded one."""
    with opened(settings_with(data_dir=data_dir), may_create=may_create) as opened_register:
        yield opened_register


@contextmanager
def transaction(data_dir: Path | None) -> Iterator[psycopg.Connection]:
    """Open the register and run a transaction on it; InvalidInputError becomes OperatorError."""
    with register(data_dir) as opened_register, connect(opened_register.url) as connection:
        try:
            yield connection
        except InvalidInputError as error:
            raise OperatorError(str(error)) from error
