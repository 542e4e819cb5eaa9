"""Every noun is complete. What is missing is said here in words; generated tests are skipped until it is there."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from app.db.embedded import EmbeddedServer
from app.graphql.schema import NOUNS
from tests.databases import copy_of, execute
from tests.worlds.edges import edge_name, edges_of
from tests.worlds.nouns import missing, unseen
from tests.worlds.two_tenants import MORE, unchecked
from tests.worlds.visibility import world_of

FOLDER = Path(__file__).parent
TYPES = FOLDER.parent.parent / "app" / "graphql"


@pytest.fixture
def twins_url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of the demo world with what the generated tests add to it."""
    name = f"nouns_{worker_id}"
    copy_of(server, demo_template, name)
    with unchecked(server.url_of(name, "postgres")) as connection:
        connection.execute(MORE)
    yield server.url_of(name)
    execute(server, f"drop database {name} with (force)")


def say(words: list[str]) -> None:
    """Fail with the message alone, without a traceback."""
    if words:
        pytest.fail("\n".join(words), pytrace=False)


def followed() -> set[tuple[str, str]]:
    """Give the edges that the tests of this folder follow, each as its type and its name."""
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("test_*.py")}
    modules = (import_module(f"tests.graphql.{name}") for name, text in texts.items() if "\nEDGES" in text)
    return {(type_, edge_name(edge)) for module in modules for type_, _, edge, _ in module.EDGES}


def test_every_noun_has_all_its_parts() -> None:
    say([*missing()])


def test_every_noun_has_a_row_that_all_callers_of_the_generated_tests_see(twins_url: str) -> None:
    say(unseen(world_of(twins_url)))


def test_every_edge_is_followed() -> None:
    types = {type_.__name__: type_.__module__.rsplit(".", 1)[-1] for type_, _, _ in NOUNS.values()}
    unknown = sorted(edges_of(*types) - followed())
    say(
        [f'no test follows {type_}.{edge}: add ("{type_}", "an id", "{edge}", ...) to EDGES' for type_, edge in unknown]
    )


def test_a_noun_has_the_same_file_name_among_the_tests() -> None:
    names = {path.stem for path in TYPES.glob("[!_]*.py")}
    say([f"app/graphql/{name}.py has no tests/graphql/test_{name}.py" for name in sorted(names) if not has_test(name)])


def has_test(name: str) -> bool:
    return (FOLDER / f"test_{name}.py").exists()
