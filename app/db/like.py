"""LIKE under row-level security: a superuser tells PostgreSQL that it reveals nothing of hidden rows."""

import psycopg

TRUST = """
do $$
begin
  if exists (select from pg_proc where proname in ('textlike', 'texticlike') and not proleakproof) then
    alter function pg_catalog.textlike(text, text) leakproof;
    alter function pg_catalog.texticlike(text, text) leakproof;
  end if;
end $$
"""


def trust_like(superuser_url: str) -> None:
    """Let indexes answer `contains` and `startsWith` in a database; without it the policies come first, row by row."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(TRUST)
