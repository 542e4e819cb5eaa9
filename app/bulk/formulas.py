"""Formulas: texts that a spreadsheet would run when it opens a CSV file, made harmless by an apostrophe before them.

A text that begins with one of these characters is a formula to spreadsheets (OWASP, "CSV injection"). Exports write an
apostrophe before it, and imports of text files remove it. A text that has apostrophes before such a character gets one
more, so that every text comes back as it was.
"""

import re

APOSTROPHE = "'"

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return APOSTROPHE + text if _DANGEROUS.match(text) else text


def original(cell: str) -> str:
    """Return the text that `harmless` was applied to."""
    return cell[1:] if cell.startswith(APOSTROPHE) and _DANGEROUS.match(cell) else cell
