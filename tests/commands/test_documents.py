"""`cadastre documents import`: the manifests that the compilers of Relay and Apollo write, all of one or none."""

import hashlib
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.clients.api import open_api
from tests.clients.program import Done, cadastre

ORG = "query OrgName($id: ID!) {\n  org(id: $id) {\n    name\n  }\n}\n"
TYPES = "query Types {\n  __typename\n}"
ANONYMOUS = "{ me { clientId } }"


def md5(text: str) -> str:
    """Return the id that Relay's compiler gives a text by default."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(*texts: str, **changes: Any) -> dict[str, Any]:
    operations = [
        {"id": sha256(text), "name": f"Named{n}", "type": "query", "body": text} for n, text in enumerate(texts)
    ]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations, **changes}


class Importer:
    """Imports manifests into one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.file = url, folder / "manifest.json"

    def run(self, manifest: object) -> Done:
        """Import a manifest: a text as it is, everything else as JSON."""
        self.file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest), encoding="utf-8")
        return cadastre("documents", "import", self.file, url=self.url)

    def stored(self) -> list[tuple[Any, ...]]:
        """Return what is stored: the hash, the other id and the name of each document."""
        with psycopg.connect(self.url) as connection:
            query = "select sha256, manifest_id, name from stored_document order by name"
            return connection.execute(query).fetchall()


@pytest.fixture
def importer(empty_url: str, tmp_path: Path) -> Importer:
    """Give an importer into a database that has no documents."""
    return Importer(empty_url, tmp_path)


def test_a_manifest_of_relay_is_imported(importer: Importer) -> None:
    manifest = {md5(ORG): ORG, sha256(TYPES): TYPES, md5(ANONYMOUS): ANONYMOUS}
    assert importer.run(manifest).stdout == "Stored 3 documents; 0 were stored before.\n"
    assert importer.stored() == [
        (sha256(ORG), md5(ORG), "OrgName"),
        (sha256(TYPES), None, "Types"),
        (sha256(ANONYMOUS), md5(ANONYMOUS), "manifest.json"),
    ]
    assert importer.run({**manifest, md5("{ __typename }"): "{ __typename }"}).stdout == (
        "Stored 1 documents; 3 were stored before.\n"
    )
    lines = cadastre("documents", "list", url=importer.url).stdout.splitlines()
    assert any(line.endswith(f"  id {md5(ORG)}") for line in lines)


def test_a_manifest_of_apollo_is_imported(importer: Importer) -> None:
    assert importer.run(apollo(ORG, TYPES)).stdout == "Stored 2 documents; 0 were stored before.\n"
    assert importer.stored() == [(sha256(ORG), None, "Named0"), (sha256(TYPES), None, "Named1")]


def test_the_ids_of_a_manifest_are_run(own_url: str, tmp_path: Path) -> None:
    assert Importer(own_url, tmp_path).run({md5(ORG): ORG, "types.v1": TYPES}).returncode == 0
    data = {"org": {"name": "美的集团"}}
    with open_api(own_url, trusted_only=True) as api:
        for id_ in (md5(ORG), f"sha256:{sha256(ORG)}"):
            answer = api.client.post("/graphql", json={"documentId": id_, "variables": {"id": "6419"}}).json()
            assert answer["data"] == data
        assert api.client.post("/graphql", json={"query": ORG, "variables": {"id": "6419"}}).json()["data"] == data
        assert api.client.post("/graphql", json={"documentId": "types.v1"}).json()["data"] == {"__typename": "Query"}
        unknown = api.client.post("/graphql", json={"documentId": md5(TYPES)}).json()
        assert unknown["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert cadastre("documents", "remove", "types.v1", url=own_url).stdout == "Removed.\n"


WRONG: dict[str, tuple[object, str]] = {
    "no JSON": ("{", "the manifest is not JSON"),
    "deep": ("[" * 100_000, "the manifest is not JSON"),
    "a list": ([ORG], "must be a JSON object"),
    "text": ('"a"', "must be a JSON object"),
    "a number for a text": ({"a": 1}, "the document 'a' must be a text; the manifest has 1"),
    "an empty text": ({"a": ""}, "the document 'a' must be a text"),
    "a bare hash of another text": ({sha256(ORG): TYPES}, f"is not the SHA-256 of the text, which is {sha256(TYPES)}"),
    "a hash in capitals": ({sha256(ORG).upper(): ORG}, "is not the SHA-256 of the text"),
    "an empty id": ({"": ORG}, "an id has 1 to 128 letters"),
    "an id with a colon": ({"sha256:" + sha256(ORG): ORG}, "an id has 1 to 128 letters"),
    "an id with a NUL": ({"a\0": ORG}, "an id has 1 to 128 letters"),
    "a long id": ({"a" * 129: ORG}, "an id has 1 to 128 letters"),
    "half a surrogate pair": ('{"a": "{ a(b: \\"\\ud800\\") }"}', "cannot be run"),
    "another format": (apollo(ORG, format="other"), "the format 'other' and the version 1"),
    "another version": (apollo(ORG, version=2), "the version 2"),
    "operations as an object": (apollo(operations={}), "a list of operations"),
    "an operation as a text": (apollo(operations=["a"]), "operation 1 of the manifest must be an object"),
    "no body": (apollo(operations=[{"id": "a"}]), "'body' of operation 1 must be a text; the manifest has null"),
    "no id": (apollo(operations=[{"body": ORG}]), "'id' of operation 1 must be a text"),
    "one id for two": (apollo(operations=[{"id": "a", "body": text} for text in (ORG, TYPES)]), "two documents with"),
    "two ids for one": ({"a": ORG, "b": ORG}, "is stored under the id 'a'"),
    "not of this schema": ({md5(ORG): ORG, "b": "{ nothing }"}, "1 of 2 documents cannot be run"),
    "no syntax": ({"b": "{"}, "1 of 1 documents cannot be run"),
}


@pytest.mark.parametrize(("manifest", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_manifest_with_a_fault_stores_nothing(importer: Importer, manifest: object, message: str) -> None:
    done = importer.run(manifest)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.splitlines()[-1]
    assert importer.stored() == []


def test_each_document_that_cannot_be_run_is_named(importer: Importer) -> None:
    done = importer.run({"good": ORG, "bad": "{ nothing }", "worse": "{"})
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("the document 'bad' (no name) cannot be run: Cannot query field 'nothing'")
    assert lines[1].startswith("the document 'worse' (no name) cannot be run: Syntax Error")


def test_an_id_that_names_another_document_is_refused(importer: Importer) -> None:
    assert importer.run({"a": ORG}).returncode == 0
    done = importer.run({"b": ANONYMOUS, "a": TYPES})
    assert (
        f"nothing is stored: the document 'a': the document sha256:{sha256(ORG)} is stored under the id 'a'"
        in done.stderr
    )
    assert [name for _, _, name in importer.stored()] == ["OrgName"]


def test_an_empty_manifest_stores_nothing(importer: Importer) -> None:
    for manifest in ({}, apollo()):
        assert importer.run(manifest).stdout == "Stored 0 documents; 0 were stored before.\n"
    done = cadastre("documents", "import", importer.file.with_name("missing.json"), url=importer.url)
    assert (done.returncode, "cannot be read: No such file" in done.stderr) == (2, True)
