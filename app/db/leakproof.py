"""Index searches under row-level security: PostgreSQL runs only leakproof functions before the policies.

The functions below reveal nothing about their arguments, but only a superuser may mark them leakproof.
"""

from app.db.connecting import connect

MARK = """
do $$
declare
  searching constant regprocedure[] := array[
    'pg_catalog.textlike(text, text)', 'pg_catalog.texticlike(text, text)', 'pg_catalog.lower(text)',
    'pg_catalog.string_to_array(text, text)', 'pg_catalog.arraycontains(anyarray, anyarray)'
  ];
  called regprocedure;
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then return; end if;
  for called in select oid from pg_proc where oid = any(searching) and not proleakproof loop
    execute format('alter function %s leakproof', called);
  end loop;
end $$
"""
"""Does nothing unless a superuser runs it. A dump does not hold the marks: a restored database needs them again."""


def mark_leakproof(superuser_url: str) -> None:
    """Let indexes answer `contains` and `startsWith` in a database; otherwise each row passes its policy first."""
    with connect(superuser_url, autocommit=True) as connection:
        connection.execute(MARK)
