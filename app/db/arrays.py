"""Arrays: values as the text of an SQL array. psycopg encodes a list several times slower, element by element."""

from collections.abc import Iterable


def array_of(values: Iterable[object]) -> str:
    """Write numbers, texts, choices and times as the text of an array of one dimension; None is null."""
    return f"{{{','.join(map(_element_of, values))}}}"


def _element_of(value: object) -> str:
    if value is None:
        return "NULL"
    if type(value) is int:
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
