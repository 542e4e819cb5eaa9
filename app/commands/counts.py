"""The result of commands that add rows."""


def counts_line(inserted: dict[str, int], register: str) -> str:
    """Return a line with the number of rows added to each table of a register."""
    parts = ", ".join(f"{count} {table}" for table, count in inserted.items() if count)
    return f"Added to {register}: {parts or 'nothing, it was all there'}."
