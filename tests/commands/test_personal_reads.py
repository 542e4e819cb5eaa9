"""The commands about personal reads, as an operator runs them."""

import psycopg
import pytest

from app.services.stored_document import hash_of
from tests.clients.api import open_api
from tests.clients.program import cadastre

QUERY = '{ customer(id: "9343") { phone identity } }'
SHA256 = "sha256:" + "0" * 64
WRITTEN = """
insert into personal_read (admin_id, client_id, read_at, entity, fields, row_count, document_sha256)
values (%s, %s, now() - make_interval(days => %s), %s, %s, %s, %s)
"""


@pytest.fixture
def url(empty_url: str) -> str:
    """Give the URL of a register in which three requests were written down: of staff, of staff gone, of a client."""
    with psycopg.connect(empty_url) as connection:
        connection.execute("insert into admin (id, name, account) values (1, '杨', 'yanggc4'), (3, '李', '7')")
        for admin, client, days, *rest in (
            (1, "h5-client", 400, "Customer", ["identity", "phone"], 2),
            (7, "h5-client", 30, "Customer", ["phone"], 1),
            (None, "backend", 0, "Verification", ["app_user_phone"], 3),
        ):
            connection.execute(WRITTEN, [admin, client, days, *rest, "0" * 64])
    return empty_url


def listed(url: str, *options: object) -> list[str]:
    """Give what is listed, without the times."""
    done = cadastre("personal-reads", "list", *options, url=url)
    assert done.returncode == 0, done.stderr
    return [line.split("  ", 1)[1] for line in done.stdout.splitlines()]


CLIENT = f"-  backend  Verification app_user_phone of 3  {SHA256}"
GONE = f"? (7)  h5-client  Customer phone of 1  {SHA256}"
STAFF = f"yanggc4 (1)  h5-client  Customer identity phone of 2  {SHA256}"


def test_reads_are_listed_newest_first(url: str) -> None:
    assert listed(url) == [CLIENT, GONE, STAFF]
    assert listed(url, "--limit", 2) == [CLIENT, GONE]


def test_reads_are_listed_of_one_member_of_staff_and_since_a_time(url: str) -> None:
    assert listed(url, "--admin", "yanggc4") == listed(url, "--admin", 1) == [STAFF]
    assert listed(url, "--admin", 7) == [GONE]  # the id of somebody gone, and by chance an account
    assert listed(url, "--admin", 8) == []
    with psycopg.connect(url) as connection:
        ((day, later),) = connection.execute(
            """select (now() at time zone 'UTC' - interval '31 days')::date::text,
                 to_char(now() at time zone 'UTC' - interval '29 days', 'YYYY-MM-DD"T"HH24:MI:SS')"""
        ).fetchall()
    assert listed(url, "--since", day) == [CLIENT, GONE]
    assert listed(url, "--since", later) == [CLIENT]
    assert listed(url, "--since", day, "--admin", "yanggc4") == []


def test_old_reads_are_forgotten(url: str) -> None:
    assert cadastre("personal-reads", "forget", "--older-than", 365, url=url).stdout == "Deleted 1 entries.\n"
    assert cadastre("personal-reads", "forget", "--older-than", 365, url=url).stdout == "Deleted 0 entries.\n"
    assert listed(url) == [CLIENT, GONE]


@pytest.mark.parametrize(
    "options",
    [
        ("list", "--admin", "nobody"),
        ("list", "--admin", "\udcff"),
        ("list", "--client", "\udcff"),
        ("list", "--since", "yesterday"),
        ("forget", "--older-than", "0"),
        ("forget", "--older-than", "999999999"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(url: str, options: tuple[str, ...]) -> None:
    done = cadastre("personal-reads", *options, url=url)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert listed(url) == [CLIENT, GONE, STAFF]


def test_a_request_shown_personal_data_is_listed_without_a_value(demo_url: str) -> None:
    with open_api(demo_url) as api:
        shown = api.post(QUERY, authorization=api.bearer("yanggc4")).json()["data"]["customer"]
    newest = listed(demo_url, "--admin", "yanggc4", "--limit", 1)
    assert newest == [f"yanggc4 (1)  h5-client  Customer identity phone of 1  sha256:{hash_of(QUERY)}"]
    assert [value for value in shown.values() if value in newest[0]] == []
