"""The data: generated communities in an embedded server of the bench, and the records to request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.bulk.generate import generate
from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from benching.notes import print_note

ASKED = {"COMMUNITY": 4, "ZONE": 64, "BUILDING": 64}
"""How many records of a type are requested in turn, so that no request repeats the one before."""

NODE_NAMES = {"host": "host", "port": "port", "user": "user", "password": "password", "database": "dbname"}

SAMPLE = """
select id from (
  select id, row_number() over (order by id) as number, count(*) over () as number_of_all
  from space where source = 'generate' and type = %s
) numbered
where number %% greatest(number_of_all / %s, 1) = 0 order by id limit %s
"""


@dataclass(frozen=True)
class Data:
    """A database with generated spaces; `ids` are the records to request, by type."""

    url: str
    communities: int
    spaces: int
    server_version: str
    ids: dict[str, list[str]]

    @property
    def connection(self) -> dict[str, str]:
        """The address of the database, with the names of Node's `pg`."""
        parts = {name: str(value) for name, value in conninfo_to_dict(self.url).items() if value is not None}
        return {name: parts[key] for name, key in NODE_NAMES.items() if key in parts}


@contextmanager
def prepared(folder: Path, communities: int) -> Iterator[Data]:
    """Start the server of the folder and generate what its database lacks."""
    with EmbeddedServer(folder) as server:
        print_note("migrating and generating what is missing")
        migrate(server.url)
        if sum(generate(server.url, communities).values()):
            print_note("vacuum and analyze")
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("vacuum (analyze)")
        yield described(server.url)


def described(url: str) -> Data:
    """Read the size of a filled database, and the records to request."""
    with psycopg.connect(url) as connection:
        ids = {
            type_: [str(id_) for (id_,) in connection.execute(SAMPLE, [type_, count, count]).fetchall()]
            for type_, count in ASKED.items()
        }
        generated = "source = 'generate'"
        counts = f"select count(*), count(*) filter (where type = 'COMMUNITY') from space where {generated}"  # noqa: S608 - no input
        spaces, communities = connection.execute(counts).fetchone() or (0, 0)
        version = connection.info.parameter_status("server_version") or ""
    return Data(url, communities, spaces, version, ids)
