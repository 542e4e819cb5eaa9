"""Tables, in Markdown: what a terminal shows is what the page of results holds."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; all columns but the first are aligned to the right."""
    written = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *written, strict=True)]
    rule = [f"{'-' * widths[0]}", *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([_line(head, widths), _line(rule, widths), *(_line(row, widths) for row in written)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"


def milliseconds(value: float) -> str:
    """Write milliseconds with three figures."""
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} ms"  # noqa: PLR2004


def ratio(value: float) -> str:
    """Write a ratio."""
    return f"{value:.2f}"
