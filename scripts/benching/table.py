"""Markdown tables, the same for the terminal and for the page."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; all columns but the first are aligned to the right."""
    body = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    rule = [f"{'-' * widths[0]}", *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([_line(head, widths), _line(rule, widths), *(_line(row, widths) for row in body)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"


def milliseconds(value: float) -> str:
    """Format milliseconds with three digits."""
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} ms"  # noqa: PLR2004


def ratio(value: float) -> str:
    """Format a ratio."""
    return f"{value:.2f}"
