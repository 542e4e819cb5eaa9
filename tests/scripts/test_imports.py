"""What the scripts in Python import is installed with them, by the extra that they name, and is there."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from tests.databases import ROOT

SCRIPTS = ROOT / "scripts"
OWN = {"app", "migrations", "tests"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def installs(script: Path) -> list[str]:
    """Return the extra that a script installs, and the packages without which it does so."""
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("run_with"):
            return [ast.literal_eval(argument) for argument in node.args]
    return []


PROGRAMS = {
    path.name: installs(path)
    for path in sorted(SCRIPTS.iterdir())
    if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env python3")
}


def imported(path: Path, seen: set[Path]) -> Iterator[str]:
    """Yield the packages that a file imports, also through modules of the scripts."""
    seen.add(path)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            yield name.partition(".")[0]
            own = SCRIPTS / f"{name.replace('.', '/')}.py"
            if own.exists() and own not in seen:
                yield from imported(own, seen)


def installed_by(requirements: list[str], packages: set[str]) -> set[str]:
    """Return which packages belong to the distributions that are required by their names."""
    required = {normal(re.split(r"[^\w.-]", each, maxsplit=1)[0]) for each in requirements}
    origins = packages_distributions()
    return {each for each in packages if required & {normal(each), *map(normal, origins.get(each, []))}}


def normal(name: str) -> str:
    """Return a name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_there_are_such_scripts() -> None:
    assert {"bench", "soak", "check-engine"} <= PROGRAMS.keys()


@pytest.mark.parametrize("script", PROGRAMS)
def test_what_a_script_imports_is_installed_with_it(script: str) -> None:
    """scripts/bench and scripts/soak ended with a traceback in a fresh clone."""
    extra, *required = PROGRAMS[script]
    assert required, "without packages nothing is ever installed"
    local = {path.stem for path in SCRIPTS.iterdir()} | OWN
    foreign = set(imported(SCRIPTS / script, set())) - local - sys.stdlib_module_names
    beside = foreign - installed_by(PROJECT["dependencies"], foreign)
    assert beside - installed_by(PROJECT["optional-dependencies"].get(extra, []), beside) == set()
    assert beside <= set(required), "without these the extra is not installed"


MODULES = [SCRIPTS / name for name in PROGRAMS] + sorted(SCRIPTS.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SCRIPTS)))
def test_what_a_script_takes_from_the_program_is_there(module: Path) -> None:
    """scripts/bench-scope took functions from a module that they had left."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OWN:
            source = import_module(str(node.module))
            assert [alias.name for alias in node.names if not exists(source, alias.name)] == []


def exists(source: ModuleType, name: str) -> bool:
    """Return whether a module has a name, or a package a module of that name."""
    return hasattr(source, name) or (hasattr(source, "__path__") and bool(find_spec(f"{source.__name__}.{name}")))
