"""Letters of names: what is too short to have trigrams is found within names by its letters."""

from alembic import op

revision = "letters_of_names"
down_revision = "spaces_by_organisation"
branch_labels = None
depends_on = None

TABLES = ("admin", "customer", "menu", "org", "role", "space")

# See row_level_security: a policy comes before every condition whose functions are not known to tell nothing.
TRUST = """
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter function pg_catalog.lower(text) leakproof;
    alter function pg_catalog.string_to_array(text, text) leakproof;
    alter function pg_catalog.arraycontains(anyarray, anyarray) leakproof;
  end if;
end $$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.execute(TRUST)
    for table in TABLES:
        op.execute(
            f"create index {table}_name_letters_idx on {table} using gin (string_to_array(lower(name), null::text))"
        )


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for table in TABLES:
        op.execute(f"drop index {table}_name_letters_idx")
