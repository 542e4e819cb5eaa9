"""The role that requests log in as, which migrating makes: it can become the role of requests, and nothing else."""

LOGIN = "cadastre_request"

MAKE_LOGIN = """
do $$
declare
  newer constant boolean := current_setting('server_version_num')::int >= 160000;
begin
  if not exists (select from pg_roles where rolname = 'cadastre_request') then
    create role cadastre_request login noinherit;
  end if;
  if not pg_has_role('cadastre_request', 'cadastre_app', 'member') then
    execute 'grant cadastre_app to cadastre_request'
      || case when newer then ' with inherit false, set true' else '' end;
  end if;
exception
  -- another database of the cluster made it at this moment, or a superuser has to make it (docs/operating.md)
  when duplicate_object or unique_violation or insufficient_privilege then null;
end $$
"""
"""The statement that makes it where it is missing: a dump of one database does not hold the roles of its server."""
