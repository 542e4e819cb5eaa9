"""The data: generated communities in an embedded server of the bench's own, and which records are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.bulk.generate import generate
from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from benching.telling import tell

ASKED = {"COMMUNITY": 4, "ZONE": 64, "BUILDING": 64}
"""How many records of a type are asked for in turn, so that no answer is that of the request before."""

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
    """A database with generated spaces; `ids` are those asked for, by type."""

    url: str
    communities: int
    spaces: int
    server_version: str
    ids: dict[str, list[str]]

    @property
    def connection(self) -> dict[str, str]:
        """Say where the database is, in the words of Node's `pg`."""
        given = {name: str(value) for name, value in conninfo_to_dict(self.url).items() if value is not None}
        return {name: given[key] for name, key in NODE_NAMES.items() if key in given}


@contextmanager
def prepared(folder: Path, communities: int) -> Iterator[Data]:
    """Start the server of the folder, and fill its database unless that is done."""
    with EmbeddedServer(folder) as server:
        tell("migrating and generating, unless that is done")
        migrate(server.url)
        if sum(generate(server.url, communities).values()):
            tell("vacuum and analyze")
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("vacuum (analyze)")
        yield described(server.url)


def described(url: str) -> Data:
    """Find out what a filled database holds."""
    with psycopg.connect(url) as connection:
        ids = {
            type_: [str(id_) for (id_,) in connection.execute(SAMPLE, [type_, count, count]).fetchall()]
            for type_, count in ASKED.items()
        }
        generated = "source = 'generate'"
        counts = f"select count(*), count(*) filter (where type = 'COMMUNITY') from space where {generated}"  # noqa: S608 - our own words
        spaces, communities = connection.execute(counts).fetchone() or (0, 0)
        version = connection.info.parameter_status("server_version") or ""
    return Data(url, communities, spaces, version, ids)
