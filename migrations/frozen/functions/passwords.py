"""Passwords: a member of staff changes the own one. No request reads a hash, not even that of the caller.

A request gets the hash without its digest: the salt and the cost. It computes the digest of what the caller takes for
the present password, and the database compares both.
"""

from migrations.frozen.functions.making import CALLER, CHANGED, Function

# ruff: noqa: S608 - our own names

BCRYPT_DIGEST = 31
"""Characters of the digest at the end of a bcrypt hash; that of Argon2 follows the last dollar sign."""

PLAIN = "regexp_replace(admin.password_hash, '^\\{bcrypt\\}', '')"

SALT = f"""
  return (
    select case when {PLAIN} like '$argon2%' then regexp_replace({PLAIN}, '[^$]+$', '')
        || repeat('A', length(substring({PLAIN} from '[^$]+$')))
      else left({PLAIN}, -{BCRYPT_DIGEST}) || repeat('A', {BCRYPT_DIGEST}) end
    from admin where admin.id = {CALLER}
  );
"""

SOURCE = "'password change'"
LOCKED = "coalesce(s.locked_until > clock_timestamp(), false)"

CHANGE = f"""
  update admin node set password_hash = new_hash, password_changed_at = clock_timestamp(),
    login_failures = 0, locked_until = null, {CHANGED}
  where node.id = {CALLER} and regexp_replace(node.password_hash, '^\\{{bcrypt\\}}', '') = present_hash
    and not exists (select from login_source s where s.admin_id = node.id and s.source = {SOURCE} and {LOCKED});
  return found;
"""

KNOWN = "coalesce(s.succeeded_at > now() - interval '90 days', false)"
LEFT = "floor(s.failures / 2 ^ least(floor(extract(epoch from clock_timestamp() - s.changed_at) / 3600), 30))::int"


def _lock_after(failures: str) -> str:
    return (
        f"case when {failures} >= allowed then clock_timestamp()"
        f" + make_interval(mins => least(15, 2 ^ least({failures} - allowed, 10))::int) end"
    )


COUNT = f"""
  with account as (
    select id from admin where id = {CALLER} for no key update
  ), counted as (
    insert into login_source as s (admin_id, source, failures, locked_until)
    select id, {SOURCE}, 1, {_lock_after("1")} from account
    on conflict (admin_id, source) do update set
      failures = {LEFT} + 1, changed_at = clock_timestamp(), locked_until = {_lock_after(f"({LEFT} + 1)")}
    where not {LOCKED}
    returning s.failures, s.succeeded_at
  ), others as (
    select coalesce(sum({LEFT}), 0) as failures from login_source s
    where s.admin_id = {CALLER} and s.source <> {SOURCE} and not {KNOWN}
  )
  update admin a set
    login_failures = a.login_failures + 1,
    locked_until = case when not {KNOWN} and s.failures + others.failures >= 10 * allowed
      then clock_timestamp() + interval '15 minutes' else a.locked_until end
  from counted s, others where a.id = {CALLER};
"""
"""Count a wrong present password of the caller as a failed log-in; after `allowed` of them changes are locked."""

FUNCTIONS = (
    Function("own_password_salt", "", "text", SALT),
    Function("change_own_password", "present_hash text, new_hash text", "boolean", CHANGE),
    Function("count_wrong_password", "allowed int", "void", COUNT),
)
