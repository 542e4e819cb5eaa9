"""The result of commands that add rows."""


def counts_line(inserted: dict[str, int]) -> str:
    """Return a line with the number of rows added to each table."""
    parts = ", ".join(f"{count} {table}" for table, count in inserted.items() if count)
    return f"Added: {parts or 'nothing, it was all there'}."
