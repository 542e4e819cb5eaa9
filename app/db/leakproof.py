"""Searching under row-level security: a superuser tells PostgreSQL what reveals nothing of hidden rows."""

import psycopg

TRUST = """
do $$
declare
  harmless constant regprocedure[] := array[
    'pg_catalog.textlike(text, text)', 'pg_catalog.texticlike(text, text)', 'pg_catalog.lower(text)',
    'pg_catalog.string_to_array(text, text)', 'pg_catalog.arraycontains(anyarray, anyarray)'
  ];
  called regprocedure;
begin
  for called in select oid from pg_proc where oid = any(harmless) and not proleakproof loop
    execute format('alter function %s leakproof', called);
  end loop;
end $$
"""


def trust_searches(superuser_url: str) -> None:
    """Let indexes answer `contains` and `startsWith` in a database; without it the policies come first, row by row."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(TRUST)
