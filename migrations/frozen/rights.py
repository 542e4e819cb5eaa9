"""Rights: the triggers of the tables that decide what a caller may see and do.

Every process caches its callers. A change of these tables is announced on the channel `cadastre_rights` when its
transaction commits, and every process then finds its callers anew. The transaction that changes them also gets a
message with the SQLSTATE CDR01, by which the process that it belongs to knows at once. The id of a log-in that ends is
in its detail.
"""

from alembic import op

ANNOUNCE = """
create function announce_rights() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('cadastre_rights', '');
  raise info using message = 'rights have changed: every process of Cadastre finds its callers anew', errcode = 'CDR01';
  return null;
end $$
"""

ANNOUNCE_END = """
create function announce_end_of_login() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('cadastre_rights', new.sid::text);
  raise info using message = 'a log-in has ended', detail = new.sid::text, errcode = 'CDR01';
  return null;
end $$
"""


def create_announcements() -> None:
    """Create the functions of the triggers."""
    op.execute(ANNOUNCE)
    op.execute(ANNOUNCE_END)


def drop_announcements() -> None:
    """Drop the functions."""
    op.execute("drop function announce_rights(), announce_end_of_login()")


def announce_rights(table: str, *columns: str) -> None:
    """Announce changes of these columns, and deletions; without columns every change of the table."""
    events = (
        f"delete or truncate or update of {', '.join(columns)}" if columns else "insert or update or delete or truncate"
    )
    op.execute(f"create trigger rights after {events} on {table} for each statement execute function announce_rights()")


def announce_ends(table: str) -> None:
    """Announce each log-in that ends before its time by its `sid`, so that only its caller is found anew."""
    op.execute(
        f"create trigger rights after update of ended_at on {table} for each row"
        " when (old.ended_at is null and new.ended_at is not null) execute function announce_end_of_login()"
    )
