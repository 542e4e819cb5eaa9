"""Numbers on the command line, in ASCII digits only: Python's `int` also reads "8_829", " 8829" and "８８２９"."""

import re

import typer

from app.models.base import LARGEST_ID


def id_number(text: str) -> int:
    """Return the id of a record."""
    if not re.fullmatch(r"0*[1-9][0-9]{0,18}", text) or int(text) > LARGEST_ID:
        message = f"{text!r} is not an id (a positive whole number)"
        raise typer.BadParameter(message)
    return int(text)
