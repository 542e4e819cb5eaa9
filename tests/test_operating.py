"""docs/operating.md says what is true: its backup can be restored by its own commands."""

import os
import re
import subprocess

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.db.embedded import EmbeddedServer
from app.db.postgres_binaries import binaries
from tests.clients.program import cadastre, environment
from tests.databases import ROOT, execute

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(DUMP,) = [block for block in BLOCKS if "pg_dump" in block]
(RESTORE,) = [block for block in BLOCKS if "pg_restore" in block]

MARKED = "select proleakproof from pg_proc where oid = 'textlike(text, text)'::regprocedure"


def run(commands: str, url: str, folder: object) -> None:
    """Run commands of the page that are PostgreSQL's, without those for a new server: the role exists here."""
    lines = [line for line in commands.splitlines() if re.match(r"pg_|createdb", line)]
    server = {f"PG{name.upper()}": str(value) for name, value in conninfo_to_dict(url).items() if name != "dbname"}
    path = f"{binaries()}:{os.environ['PATH']}"
    subprocess.run(  # noqa: S603 - our own page
        ["/bin/bash", "-euc", "\n".join(lines)], cwd=str(folder), check=True,
        env=environment({**server, "PATH": path, "CADASTRE_DATABASE_URL": url}),
    )  # fmt: skip


def test_a_dump_is_restored_into_a_new_database(
    server: EmbeddedServer, own_url: str, worker_id: str, tmp_path: object
) -> None:
    name = f"restored_{worker_id}"
    execute(server, f"drop database if exists {name} with (force)")
    run(DUMP, own_url, tmp_path)
    url = server.url_of(name, "postgres")
    try:
        run(RESTORE.replace("C.UTF-8 cadastre", f"C.UTF-8 {name}"), url, tmp_path)
        assert cadastre("migrate", url=url).returncode == 0
        assert cadastre("check", url=url).stdout.startswith("0 differences in ")
        with psycopg.connect(url) as restored, psycopg.connect(own_url) as original:
            for count in ("select count(*) from org", "select count(*) from admin", "select count(*) from pg_policies"):
                assert restored.execute(count).fetchone() == original.execute(count).fetchone()
            assert restored.execute(MARKED).fetchone() == (True,)
    finally:
        execute(server, f"drop database if exists {name} with (force)")
