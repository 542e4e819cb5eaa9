"""`cadastre admin`, as an operator runs it."""

import psycopg

from app.access.passwords import verify_password
from tests.clients.program import cadastre

SHORT = "canary"


def test_a_super_administrator_is_created_once(empty_url: str) -> None:
    given = {"new_password": "correct horse"}
    done = cadastre("admin", "create-super", "root", "--name", "根", url=empty_url, **given)
    assert (done.returncode, done.stdout) == (0, "Created the super administrator root.\n")
    with psycopg.connect(empty_url) as connection:
        ((name, is_super, kept),) = connection.execute("select name, is_super, password_hash from admin").fetchall()
    assert (name, is_super) == ("根", True)
    assert verify_password(kept, "correct horse")
    assert cadastre("admin", "create-super", "root", url=empty_url, **given).returncode == 2
    refused = cadastre("admin", "create-super", "other", url=empty_url, new_password=SHORT)
    assert (refused.returncode, SHORT in refused.stderr) == (2, False)
