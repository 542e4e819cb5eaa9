"""What a noun of the register needs before the generated tests can ask about it, and which of it is missing."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

from app import models
from app.access.policies import POLICIES, RECORDED, RESERVED
from app.db.scope import Scope
from app.graphql.schema import NOUNS
from app.models.base import Base, Entity, Granted, Versioned
from tests.databases import ROOT
from tests.worlds.visibility import BELONGS, OWN_RULES, World, seen_by

MODELS = sorted((ROOT / "app" / "models").glob("[!_]*.py"))
REVISIONS = "\n".join(path.read_text("utf-8") for path in (ROOT / "migrations" / "versions").glob("*.py"))

SMALLEST = Scope(None, is_super=False, scopes=("8829/8830/8831/",), admin_scopes=())
"""The scope that is part of the scope of every caller of the generated tests (tests/worlds/two_tenants.py)."""


@cache
def missing() -> tuple[str, ...]:
    """Say in words what is missing, noun by noun."""
    for path in MODELS:
        import_module(f"app.models.{path.stem}")
    return tuple(words for mapper in Base.registry.mappers for words in missing_of(mapper.class_))


def skip_while_incomplete() -> None:
    """Skip a test that asks about every noun; tests/graphql/test_nouns.py fails and says what is missing."""
    if missing():
        pytest.skip("; ".join(missing()))


def missing_of(model: type[Base]) -> Iterator[str]:
    """Say what a model lacks."""
    name, table = model.__name__, model.__tablename__
    if not hasattr(models, name):
        yield f"{name} is not among the models: import it in app/models/__init__.py"
    if table not in POLICIES.keys() | RESERVED.keys():
        yield f"{name} has no policy: say in app/access/policies.py who sees its rows, or why no request reads them"
    if f'"{table}"' not in REVISIONS:
        yield f'{name} has no table: run scripts/migration "add {table.replace("_", " ")}"'
    if table in POLICIES:
        yield from missing_for_requests(model)


def missing_for_requests(model: type[Base]) -> Iterator[str]:
    """Say what a model lacks whose rows requests read."""
    name, table = model.__name__, model.__tablename__
    if not is_link(model) and model not in NOUNS:
        file = model.__module__.rsplit(".", 1)[-1]
        yield f"{name} has no type: declare it in app/graphql/{file}.py, and add it to NOUNS in app/graphql/schema.py"
    if table in RECORDED and not (ROOT / "app" / "demo" / f"{table}.json").exists():
        yield f"{name} has no demo row: add app/demo/{table}.json, with a row in organisation 8831 or below"
    if POLICIES[table].words not in BELONGS and table not in OWN_RULES:
        yield f"{name} has a policy in new words: say in tests/worlds/visibility.py which rows they mean"


def unseen(world: World) -> list[str]:
    """Say which types have no row that every caller of the generated tests sees."""
    seen = seen_by(world, SMALLEST)
    tables = [model.__tablename__ for model in NOUNS if not seen[model.__tablename__]]
    return [f"no row of app/demo/{table}.json is in organisation 8831 or below: add one" for table in tables]


def is_link(model: type[Base]) -> bool:
    """Tell whether the rows of a model only say that other rows belong together: edges lead through them."""
    shared = Entity.__annotations__.keys() | Versioned.__annotations__.keys() | Granted.__annotations__.keys()
    return all(column.foreign_keys for column in model.__table__.columns if column.key not in shared)
