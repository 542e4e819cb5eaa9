"""The log-in of requests: a role that can only become the role of requests.

Row-level security does not apply to the owner of the tables. A connection that has logged in as the owner and became
the role of requests goes back by `reset role`; one that has logged in as `cadastre_request` has nothing to go back to.
"""

import psycopg

from app.db.connecting import EXAMPLE_URL, connect, name_of
from app.db.login_role import LOGIN
from app.db.migrating import first_line
from app.db.scope import ROLE
from app.errors import OperatorError

VARIABLE = "CADASTRE_REQUEST_DATABASE_URL"

ADVICE = (
    f"requests log in as the owner of the tables, so a flaw in one could reach every row; give the role {LOGIN} a "
    f"password and set {VARIABLE} (docs/operating.md)"
)
"""What is logged where the setting is left out."""

CHECK = f"""
select rolsuper or rolbypassrls, pg_has_role(rolname, '{ROLE}', 'member'),
  (select coalesce(string_agg(other.rolname, ', ' order by other.rolname), '') from pg_roles other
    where other.rolname not in (rolname_of, '{ROLE}') and pg_has_role(rolname_of, other.oid, 'member')),
  exists (select from pg_class where relnamespace = current_schema()::regnamespace and relowner = oid_of),
  to_regclass('alembic_version') is not null
from (select oid as oid_of, rolname as rolname_of, rolname, rolsuper, rolbypassrls
  from pg_roles where rolname = session_user) as login
"""  # noqa: S608 - our own name


def require_request_login(url: str) -> None:
    """Raise OperatorError when requests cannot log in by a URL, or log in as a role that may do more than they need."""
    try:
        with connect(url) as connection:
            ((is_super, may_become, others, owns, has_tables),) = connection.execute(CHECK).fetchall()
    except psycopg.Error as error:
        message = f"{VARIABLE}: {name_of(url)} cannot be used: {first_line(error)}; write it such as {EXAMPLE_URL}"
        raise OperatorError(message) from error
    complaints = {
        "the role is a superuser or bypasses row-level security": is_super,
        f"the role is no member of {ROLE}: grant {ROLE} to {LOGIN}": not may_become,
        "the role owns tables of the register": owns,
        f"the role is a member of {others}, and must be one of {ROLE} only": bool(others) and not is_super,
        "the database holds no register: it is not the one of CADASTRE_DATABASE_URL": not has_tables,
    }
    for complaint in (text for text, applies in complaints.items() if applies):
        message = f"{VARIABLE}: {complaint}"
        raise OperatorError(message)
