"""Sixteen writers change crossing subtrees at the same time: the trees stay right, and losers are told plainly."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api, open_api
from tests.clients.writes import Writer
from tests.databases import copied

WRITERS, SECONDS = 16, 30
ROOTS: dict[str, tuple[str, dict[str, str]]] = {
    "org": ("8829", {}),
    "space": ("13430", {"type": "COMMUNITY"}),
}
"""The node below which each tree is changed, and what a new node needs besides name and parent."""

ABSENT = "999999999"

RULES = {"NOT_FOUND", "IN_USE", "INVALID_INPUT"}
"""What the rules answer when another writer has deleted, filled or moved a node meanwhile."""


@pytest.fixture
def crowded(server: Any, demo_template: str, worker_id: str) -> Iterator[tuple[Api, str]]:
    with (
        copied(server, demo_template, worker_id) as url,
        open_api(url, require_login=True, pool_size=WRITERS, pool_timeout=30) as api,
    ):
        yield api, url


DELETED = "select id::text from change where entity = %s and operation = 'DELETE' order by random() limit 20"

PROJECTS = ("10454", "14487", "119")
"""Organisations of the tenant that may own communities; two of them move."""


def key(choice: random.Random) -> str:
    """Give one of twenty keys of another system."""
    return str(choice.randrange(20))


class Crowd:
    """The writers of one run, and the codes of the errors that they were answered."""

    def __init__(self, api: Api, url: str) -> None:
        self.super_ = Writer(api, url, "supperadm")
        self.headers = {"authorization": api.bearer("supperadm")}
        self.api, self.answers, self.end = api, Counter[str](), time.monotonic() + SECONDS

    def ids(self, noun: str) -> list[str]:
        """Give the ids of a tree, the root's first, which must stay."""
        query = f"select id::text from {noun} where path ^@ %s order by path"
        return [id_ for (id_,) in self.super_.sql(query, f"{ROOTS[noun][0]}/")]

    def deletions(self, noun: str) -> list[str]:
        """Give deletions, old and new, of which some have been undone since."""
        return [id_ for (id_,) in self.super_.sql(DELETED, noun)] or [ABSENT]

    def work(self, seed: int) -> None:
        """Change one of the trees until the end; the ids are those that were there a moment ago."""
        choice = random.Random(seed)  # noqa: S311 - a reproducible choice of operations
        while time.monotonic() < self.end:
            noun = choice.choice([*ROOTS])
            ids, deletions = self.ids(noun), self.deletions(noun)
            for _ in range(10):
                self.change(choice, noun, ids, deletions)

    def synchronised(self, choice: random.Random, ids: list[str], new: dict[str, str]) -> dict[str, str]:
        """Give a record of another system, below one of the register or below another such record."""
        parent = {"parentId": choice.choice(ids)} if choice.random() < 0.5 else {"parentExternalId": key(choice)}
        return {"source": "hr", "externalId": key(choice), "name": str(choice.random()), **new, **parent}

    def change(self, choice: random.Random, noun: str, ids: list[str], deletions: list[str]) -> None:
        title, new = noun.title(), ROOTS[noun][1]
        below = ids[1:] or [ABSENT]
        some = {"id": choice.choice(below)}
        field, input_ = choice.choice(
            [
                (f"create{title}", {"name": "n", "parentId": choice.choice(ids), **new}),
                (
                    f"create{title}s",
                    {f"{noun}s": [{"name": "n", "parentId": choice.choice(ids), **new} for _ in range(3)]},
                ),
                (f"update{title}", {**some, "name": str(choice.random())}),
                (f"move{title}", {**some, "parentId": choice.choice(ids)}),
                (f"delete{title}", some),
                (f"delete{title}", {"id": choice.choice(below[-20:])}),
                ("deleteSpaceTree", {"id": choice.choice(below)}) if noun == "space" else (f"delete{title}", some),
                (f"restore{title}", {"changeId": choice.choice(deletions)}),
                ("setCommunityOrg", {"id": choice.choice(self.ids("space")), "orgId": choice.choice(PROJECTS)}),
                (f"upsert{title}s", {f"{noun}s": [self.synchronised(choice, ids, new) for _ in range(4)]}),
            ]
        )
        query = f"mutation ($i: {field[0].upper()}{field[1:]}Input!) {{ {field}(input: $i) {{ errors {{ code }} }} }}"
        body = {"query": query, "variables": {"i": input_}}
        answer = self.api.client.post("/graphql", json=body, headers=self.headers).json()
        errors = answer["errors"] if "errors" in answer else answer["data"][field]["errors"]
        codes = [error.get("code") or error["extensions"]["code"] for error in errors]
        self.answers.update(codes or ["done"])


def test_sixteen_writers_leave_trees_that_check_clean(crowded: tuple[Api, str]) -> None:
    crowd = Crowd(*crowded)
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(crowd.work, range(WRITERS)))
    assert crowd.answers.keys() <= {"done", "CONFLICT", *RULES}, crowd.answers
    assert crowd.answers["done"] > 100, crowd.answers
    assert crowd.super_.differences() == []
    for noun in ROOTS:
        twice = f"select code from {noun} where source = 'own' and id >= 100000 group by code having count(*) > 1"
        assert crowd.super_.sql(twice) == []
