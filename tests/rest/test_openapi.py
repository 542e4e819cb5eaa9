"""The description of the legacy URLs is whole, valid and true, and its page needs no other host."""

import json
import re
from typing import Any

import httpx2 as httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from app.rest import kinds, login
from app.rest.every_url import EVERY_URL
from app.rest.examples import examples
from app.rest.kinds import OBJECTS, Kind
from app.rest.openapi.document import as_text, document
from app.rest.openapi.page import FILES
from app.rest.openapi.requests import KINDS, noted_of
from app.rest.url import Url
from app.settings import Settings
from tests.clients.api import Api
from tests.clients.login import serving
from tests.databases import ROOT
from tests.rest.goldens import Golden, goldens

OPERATIONS = {
    (path, method.upper()): operation
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
}


def test_the_copy_is_what_the_program_answers(api: Api) -> None:
    assert (ROOT / "docs" / "openapi.json").read_text("utf-8") == as_text(), "run scripts/openapi"
    assert api.client.get("/openapi.json").json() == json.loads(as_text())


def test_the_description_is_valid() -> None:
    validate(json.loads(as_text()))


def test_every_url_is_described_with_its_section_and_title() -> None:
    asked = {(url.full_path, url.method) for url in EVERY_URL} | {(path, "POST") for path in login.URLS}
    assert OPERATIONS.keys() == asked
    for url in EVERY_URL:
        assert re.match(rf"(\S*/)?{re.escape(url.section)}(/\S*)? \S", OPERATIONS[url.full_path, url.method]["summary"])
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(ids)) == len(ids)


def test_every_url_carries_its_graphql_operation() -> None:
    for url in EVERY_URL:
        names = [each["operationName"] for each in OPERATIONS[url.full_path, url.method]["x-graphql"]]
        assert url.operation in names


def test_every_example_belongs_to_a_url() -> None:
    described = {url.section for url in EVERY_URL} | {section for section, _ in login.URLS.values()}
    assert [f"{each.section} {each.path}" for each in examples() if each.section not in described] == []


def test_every_kind_of_value_has_a_schema() -> None:
    all_kinds = {each for each in vars(kinds).values() if isinstance(each, Kind)}
    assert all_kinds - KINDS.keys() == {OBJECTS}


@pytest.mark.parametrize("url", EVERY_URL, ids=lambda url: f"{url.section} {url.path}")
def test_what_a_url_reads_is_described(url: Url) -> None:
    operation = OPERATIONS[url.full_path, url.method]
    text = json.dumps([operation["parameters"], operation.get("requestBody")], ensure_ascii=False)
    for name in noted_of(url).kinds:
        assert json.dumps(name.rpartition(".")[2]) in text or name.endswith("[]")


@pytest.mark.parametrize("golden", goldens(), ids=lambda golden: golden.file.stem)
def test_a_golden_answer_is_as_described(golden: Golden) -> None:
    if not golden.file.exists():
        pytest.skip("tests/rest/test_golden.py says so")
    schema = OPERATIONS[golden.url.full_path, golden.url.method]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    whole = {**schema, "components": document()["components"]}
    answer = words_as_numbers(golden.content()["answer"])
    assert [f"{list(error.path)}: {error.message[:300]}" for error in OAS31Validator(whole).iter_errors(answer)] == []


def words_as_numbers(value: Any) -> Any:
    """Put numbers where a golden file has words for new ids and the present time."""
    if isinstance(value, dict):
        return {name: words_as_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [words_as_numbers(each) for each in value]
    return 1 if isinstance(value, str) and re.fullmatch(r"now|new \d+", value) else value


def test_the_page_names_no_other_host_and_runs_only_its_own_scripts(api: Api) -> None:
    page = api.client.get("/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "://" not in page.text
    policy = dict(each.strip().split(" ", 1) for each in page.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {f"docs/{name}" for name in FILES} == {each for each in linked if not each.startswith("data:")}
    for each in FILES:
        assert api.client.get(f"/docs/{each}").status_code == 200


@pytest.mark.parametrize("path", ["/docs/", "/docs/../main.py", "/docs/offapi", "/docs/%2e%2e/start.js"])
def test_the_page_has_no_other_files(api: Api, path: str) -> None:
    assert api.client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_description_is_read_without_a_log_in(settings: Settings, path: str) -> None:
    with serving(settings) as address:
        assert httpx.get(f"{address}{path}").status_code == 200
