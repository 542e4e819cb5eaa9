<%!
def own(lines):
    """Leave out the comments that Alembic puts around the operations."""
    return "\n".join(line for line in lines.splitlines() if "# ### " not in line).strip()
%>\
"""${message[:1].upper()}${message[1:].rstrip(".!")}."""

${imports}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades or "pass" | own}


def downgrade() -> None:
    ${downgrades or "pass" | own}
