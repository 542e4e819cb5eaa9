"""Exports over HTTP: CSV and spreadsheets of a query's list, streamed, with the caller's rows and masks."""

import csv
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from python_calamine import CalamineWorkbook

from app import models
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.clients.login import serving
from tests.clients.waiting import SOON, within
from tests.worlds.personal import MASKED, PHONE, PLAIN

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(api: Api, query: str, accept: str = CSV, **headers: str) -> httpx.Response:
    api.forget()
    return api.client.post("/graphql", json={"query": query}, headers={"accept": accept, **headers})


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def refusal(api: Api, query: str, **headers: str) -> tuple[int, str, str]:
    response = export(api, query, **headers)
    (error,) = response.json()["errors"]
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    return response.status_code, error["extensions"]["code"], error["message"]


def test_a_file_has_the_rows_of_the_answer(api: Api) -> None:
    listed = "nodes { id name kind: type area parent { name org { name } } } "
    answer = api.data(f"{{ spaces(first: 100) {{ {listed} }} }}")["spaces"]["nodes"]
    assert len(answer) == 100
    response = export(api, f"query all_spaces {{ spaces {{ {listed} }} }}")
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    disposition = response.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="all_spaces-20')
    assert disposition.endswith('.csv"')
    assert response.content.startswith("\ufeffid,name,kind,area,parent.name,parent.org.name\r\n".encode())
    rows = [
        [row["id"], row["name"], row["kind"], row["area"], (row["parent"] or {}).get("name"),
         ((row["parent"] or {}).get("org") or {}).get("name")]
        for row in answer
    ]  # fmt: skip
    listed_rows = table(response.content)[1:]
    assert listed_rows[:100] == [[cell or "" for cell in row] for row in rows]
    assert len(listed_rows) == api.sql("select count(*) from space")[0][0] > 100


def test_a_spreadsheet_has_the_cells_of_the_csv_file(api: Api, tmp_path: Path) -> None:
    query = "{ spaces { nodes { id name area parent { name } } } }"
    path = tmp_path / "spaces.xlsx"
    path.write_bytes(export(api, query, XLSX).content)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("spaces").to_python()
    assert [[str(cell) for cell in row] for row in rows] == [
        [f"{float(cell)}" if at == 2 and cell not in {"", "area"} else cell for at, cell in enumerate(row)]
        for row in table(export(api, query).content)
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("{ spaces(first: 2) { nodes { id } } }", ["1", "2"]),
        ("{ spaces(first: 2, offset: 1) { edges { cursor node { id } } totalCount } }", ["2", "17"]),
        ('{ space(id: "9889") { descendants { nodes { id } } } }', ["9890", "9891", "9892"]),
        ('{ space(id: "9892") { parent { community { descendants(first: 1) { nodes { id } } } } } }', ["9889"]),
        ('{ spaces(filter: { name: { eq: "8栋" } }) { nodes { name } } }', ["8栋"]),
        ("{ spaces(first: 1, offset: 3) { nodes { children { id } } } }", None),
    ],
)
def test_a_page_and_a_path_are_exported_as_they_are(api: Api, query: str, names: list[str] | None) -> None:
    response = export(api, query)
    assert response.status_code == 200, response.text
    if names is not None:
        assert [row[0] for row in table(response.content)[1:]] == names


def test_the_last_rows_come_in_the_order_of_the_list(api: Api) -> None:
    query = "{ spaces(last: 3) { nodes { id } pageInfo { endCursor } } }"
    ids = [row["id"] for row in api.data(query)["spaces"]["nodes"]]
    assert [row[0] for row in table(export(api, query).content)[1:]] == ids


@pytest.mark.parametrize(
    ("query", "code", "part"),
    [
        ("{ spaces { nodes { id } } orgs { nodes { id } } }", "INVALID_INPUT", "`orgs` 不符合"),
        ('{ space(id: "1") { id descendants { nodes { id } } } }', "INVALID_INPUT", "`space.descendants`"),
        ('{ space(id: "1") { name } }', "INVALID_INPUT", "`space.name` 不符合"),
        ("{ spaces { totalCount } }", "INVALID_INPUT", "`spaces` 不符合"),
        ("{ spaces { a: nodes { id } b: nodes { id } } }", "INVALID_INPUT", "`spaces` 不符合"),
        ("{ spaces { nodes { id parent { children { id name } } } } }", "INVALID_INPUT", "`parent.children` 是"),
        ("{ __schema { types { name } } }", "INTROSPECTION_REFUSED", ""),
        ('{ space(id: "4") { descendants { nodes { id } } } }', "NOT_FOUND", "space"),
        ("{ spaces(first: 3000) { nodes { id } } }", "PAGE_TOO_LARGE", "上限 100"),
        ("{ spaces(offset: -3) { nodes { id } } }", "INVALID_INPUT", "不能为负数"),
        ("{ spaces { nodes { nix } } }", "GRAPHQL_VALIDATION_FAILED", "nix"),
        ('mutation { deleteSpace(input: { id: "1" }) { errors { code } } }', "INVALID_INPUT", "变更操作不能导出"),
    ],
)
def test_what_is_no_list_is_refused_with_its_field(api: Api, query: str, code: str, part: str) -> None:
    status, found, message = refusal(api, query, **{"accept-language": "zh"})
    assert (status, found) == (404 if code == "NOT_FOUND" else 400, code)
    assert part in message


def test_json_stays_the_answer_of_clients_that_take_everything(api: Api) -> None:
    query = "{ spaces(first: 1) { nodes { id } } }"
    for accept in ("*/*", f"application/json, {CSV}", f"{CSV};q=0.5, application/json"):
        assert export(api, query, accept).headers["content-type"].startswith("application/json")
    assert export(api, query, f"application/json;q=0.1, {CSV}").headers["content-type"].startswith(CSV)
    assert export(api, query, "text/html").status_code == 406


def test_a_get_exports_too_and_a_file_is_not_cached(api: Api) -> None:
    response = api.client.get("/graphql", params={"query": "{ orgs { nodes { id } } }"}, headers={"accept": CSV})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "private, no-store"


FORMULAS = ["=1+1", "+86", "-5", "@SUM(A1)", "'=1", "''=1", "'quoted'", "＝1", 'a"b', "a,b", " =1"]
HARMLESS = ["'=1+1", "'+86", "'-5", "'@SUM(A1)", "''=1", "'''=1", "'quoted'", "'＝1", 'a"b', "a,b", " =1"]


def test_no_cell_is_run_by_a_spreadsheet(own_api: Api) -> None:
    bearer = own_api.bearer(PLAIN)
    visible = table(export(own_api, "{ spaces { nodes { id } } }", authorization=bearer).content)[1:]
    for (space,), name in zip(visible, FORMULAS, strict=False):
        own_api.sql("update space set name = %s where id = %s", name, int(space))
    query = f"{{ spaces(first: {len(FORMULAS)}) {{ nodes {{ name }} }} }}"
    found = table(export(own_api, query, authorization=bearer).content)[1:]
    assert [row[0] for row in found] == HARMLESS


def test_a_caller_exports_the_rows_that_they_see_masked_and_recorded(own_api: Api) -> None:
    query = "{ customers { nodes { id phone } } }"
    masked = table(export(own_api, query, authorization=own_api.bearer(MASKED)).content)[1:]
    assert masked
    assert all("*" in phone for _, phone in masked if phone)
    assert own_api.sql("select count(*) from personal_read") == [(0,)]
    plain = table(export(own_api, query, authorization=own_api.bearer(PLAIN)).content)[1:]
    assert ["9343", PHONE] in plain
    recorded = own_api.sql("select entity, fields, row_count from personal_read")
    assert recorded == [("Customer", ["phone"], len(plain))]
    found = f'{{ customers(filter: {{ phone: {{ eq: "{PHONE}" }} }}) {{ nodes {{ id }} }} }}'
    assert refusal(own_api, found, authorization=own_api.bearer(MASKED))[1] == "FORBIDDEN"
    assert export(own_api, found, authorization=own_api.bearer(PLAIN)).status_code == 200
    assert own_api.sql("select row_count from personal_read order by number desc limit 1") == [(1,)]
    assert refusal(own_api, query)[:2] == (401, "UNAUTHENTICATED")


def test_an_export_that_cannot_be_recorded_shows_nothing(own_api: Api) -> None:
    bearer = own_api.bearer(PLAIN)
    own_api.sql("alter table personal_read rename to personal_read_away")
    try:
        status, code, _ = refusal(own_api, "{ customers { nodes { phone } } }", authorization=bearer)
    finally:
        own_api.sql("alter table personal_read_away rename to personal_read")
    assert (status, code) == (503, "UNAVAILABLE")


def test_the_statements_are_those_of_the_parts_and_their_edges(generated_api: Api) -> None:
    """A cursor is read once: the statements grow with the rows by one for each part and edge, and by no more work."""
    response = export(generated_api, "{ spaces { nodes { id name parent { name } org { name } } } }")
    rows = len(table(response.content)) - 1
    parts = -(-rows // 1000)
    fetches = [sql for sql in generated_api.statements if sql.startswith("fetch forward")]
    assert len(fetches) == parts
    edges = [sql for sql in generated_api.statements if not sql.startswith(("fetch forward", "declare", "set local"))]
    assert len(edges) <= 2 * parts + 1
    assert rows == generated_api.sql("select count(*) from space")[0][0] > 14_000


@pytest.mark.parametrize(
    ("settings", "query"),
    [
        ({"max_export": 5_000}, "{ spaces { nodes { id } } }"),
        ({"max_export": 999}, "{ spaces { nodes { id } } }"),
        ({"max_export": 5_000}, "{ spaces(filter: { type: { eq: HOUSE } }) { nodes { id } } }"),
    ],
)
def test_a_list_that_is_too_long_is_refused_before_its_first_byte(
    generated_url: str, settings: dict[str, Any], query: str
) -> None:
    with open_api(generated_url, **settings) as api:
        status, code, message = refusal(api, query)
    assert (status, code) == (400, "EXPORT_TOO_LARGE")
    assert f"allowed {settings['max_export']}" in message


@pytest.mark.parametrize("chosen", ["true", "type = 'HOUSE'"])
def test_the_rest_of_a_long_list_is_exported_from_a_cursor_on(generated_url: str, chosen: str) -> None:
    """The database keeps the number of the whole list, which says nothing about the rows behind a cursor."""
    filtered = "filter: {}" if chosen == "true" else "filter: { type: { eq: HOUSE } }"
    with open_api(generated_url, max_export=6_000) as api:
        ids = [row for (row,) in api.sql(f"select id::text from space where {chosen} order by id")]
        first = f"{{ spaces({filtered}, first: 1, offset: 8999) {{ pageInfo {{ endCursor }} }} }}"
        cursor = api.data(first)["spaces"]["pageInfo"]["endCursor"]
        rest = export(api, f'{{ spaces({filtered}, after: "{cursor}") {{ nodes {{ id }} }} }}')
        assert rest.status_code == 200, rest.text
        assert [row for (row,) in table(rest.content)[1:]] == ids[9000:]
        assert refusal(api, f"{{ spaces({filtered}) {{ nodes {{ id }} }} }}")[1] == "EXPORT_TOO_LARGE"


def test_more_changes_are_exported_than_a_total_counts(generated_api: Api) -> None:
    entity = 'filter: { entity: { eq: "space" } }'
    count = generated_api.sql("select count(*) from change where entity = 'space'")[0][0]
    assert count > (models.Change.most_counted or 0)
    response = export(generated_api, f"{{ changes({entity}) {{ nodes {{ id }} }} }}")
    assert response.status_code == 200, response.text
    assert len(table(response.content)) == count + 1


SMALL_BUFFER = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)]
LONG = " ".join(f"name{number}: fullName" for number in range(20))
"""A system keeps some 4 MB of what a program sends (Linux: net.ipv4.tcp_wmem); an export of this is four times that."""


@contextmanager
def slow_client(url: str, **settings: Any) -> Iterator[httpx.Response]:
    """Give an export of which a client has read the first bytes; most of it does not fit into the buffers."""
    chosen = Settings(database_url=url, require_login=False, **settings)
    query = f"{{ spaces {{ nodes {{ {LONG} }} }} }}"
    headers = {"accept": CSV, "accept-encoding": "identity"}
    with (
        serving(chosen) as address,
        httpx.Client(transport=httpx.HTTPTransport(socket_options=SMALL_BUFFER)) as client,
        client.stream("POST", f"{address}/graphql", json={"query": query}, headers=headers) as response,
    ):
        assert response.status_code == 200
        yield response


def exporting(url: str) -> list[int]:
    """Give the processes of the database that serve an export: they read, or wait for its client to read."""
    others = "datname = current_database() and xact_start is not null and pid <> pg_backend_pid()"
    with psycopg.connect(url) as connection:
        return [pid for (pid,) in connection.execute(f"select pid from pg_stat_activity where {others}")]


def test_an_error_in_the_middle_cuts_the_transfer(generated_url: str, tmp_path: Path) -> None:
    with slow_client(generated_url, data_dir=tmp_path) as response:
        assert within(SOON, lambda: bool(exporting(generated_url)))
        with psycopg.connect(generated_url) as connection:
            connection.execute("select pg_terminate_backend(pid) from unnest(%s) as pid", [exporting(generated_url)])
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


def test_the_deadline_cuts_an_export_whose_client_does_not_read(generated_url: str, tmp_path: Path) -> None:
    with slow_client(generated_url, data_dir=tmp_path, export_seconds=5) as response:
        assert within(SOON, lambda: not exporting(generated_url))
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


def test_a_client_that_goes_away_ends_its_export(generated_url: str, tmp_path: Path) -> None:
    with slow_client(generated_url, data_dir=tmp_path) as response:
        assert within(SOON, lambda: bool(exporting(generated_url)))
        response.close()
        assert within(SOON, lambda: not exporting(generated_url))


def test_only_some_exports_run_at_a_time(generated_url: str, tmp_path: Path) -> None:
    with slow_client(generated_url, data_dir=tmp_path, max_exports=1, pool_timeout=2) as response:
        url = str(response.request.url)
        other = httpx.post(url, json={"query": "{ orgs { nodes { id } } }"}, headers={"accept": CSV})
        assert (other.status_code, other.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
        assert other.headers["retry-after"]
        assert httpx.post(url, json={"query": "{ orgs { totalCount } }"}).status_code == 200
