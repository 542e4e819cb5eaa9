"""Random sequences of writes leave the trees that a plain model in memory leaves."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.api import open_api
from tests.clients.writes import Writer
from tests.databases import copied
from tests.worlds.tree_model import ModelNode


class Kind(NamedTuple):
    """How the operations are called for one kind of tree."""

    noun: str
    new: dict[str, str]
    """What a new node needs besides its name and its parent."""

    def field(self, verb: str, plural: str = "") -> str:
        return f"{verb}{self.noun.title()}{plural}"


KINDS = [
    Kind("org", {"type": "BUSINESS"}),
    Kind("space", {"type": "COMMUNITY", "orgId": "10454"}),
    Kind("menu", {}),
]


class Step(NamedTuple):
    """An operation on the nodes with two numbers, which are taken modulo the nodes that there are."""

    operation: str
    first: int
    second: int
    name: str


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["create", "create", "create", "create_many", "rename", "move", "move", "delete"]),
        st.integers(0, 1000),
        st.integers(0, 1000),
        st.text(st.characters(categories=("L", "N")), min_size=1, max_size=4).filter(str.strip),
    ),
    max_size=25,
)


class Run:
    """One sequence: the model, and the tree in the register that must be like it."""

    def __init__(self, writer: Writer, kind: Kind) -> None:
        self.writer, self.kind = writer, kind
        made = writer.done(kind.field("create"), f"{kind.noun} {{ id }}", name="root", **kind.new)
        self.root = ModelNode("root", id=made[kind.noun]["id"])

    def apply(self, step: Step) -> None:
        nodes = list(self.root.subtree())
        chosen, other = nodes[step.first % len(nodes)], nodes[step.second % len(nodes)]
        OPERATIONS[step.operation](self, chosen, other, step.name)

    def create(self, parent: ModelNode, _: ModelNode, name: str) -> None:
        made = self.writer.done(
            self.kind.field("create"), f"{self.kind.noun} {{ id name }}", name=name, parentId=parent.id, **self.kind.new
        )[self.kind.noun]
        parent.add(made["name"]).id = made["id"]

    def create_many(self, parent: ModelNode, other: ModelNode, name: str) -> None:
        rows = [
            {"name": f"{name}{i}", "parentId": each.id, **self.kind.new}
            for i, each in enumerate((parent, other, parent))
        ]
        plural = f"{self.kind.noun}s"
        made = self.writer.done(self.kind.field("create", "s"), f"{plural} {{ id name }}", **{plural: rows})[plural]
        for each, record in zip((parent, other, parent), made, strict=True):
            each.add(record["name"]).id = record["id"]

    def rename(self, node: ModelNode, _: ModelNode, name: str) -> None:
        renamed = self.writer.done(self.kind.field("update"), f"{self.kind.noun} {{ name }}", id=node.id, name=name)
        node.name = renamed[self.kind.noun]["name"]

    def move(self, node: ModelNode, parent: ModelNode, _: str) -> None:
        payload = self.writer.payload(self.kind.field("move"), id=node.id, parentId=parent.id)
        assert (payload["errors"] == []) == node.may_move_below(parent)
        if not payload["errors"]:
            node.move(parent)

    def delete(self, node: ModelNode, _: ModelNode, __: str) -> None:
        if node is self.root:
            return
        payload = self.writer.payload(self.kind.field("delete"), "deletedIds", id=node.id)
        assert (payload["errors"] == []) == (not node.children)
        if not payload["errors"]:
            node.remove()

    def compare(self) -> None:
        query = f"select id::text, full_name, depth from {self.kind.noun} where path ^@ %s order by sort_key"
        stored = self.writer.sql(query, f"{self.root.id}/")
        assert stored == [(node.id, node.full_name, node.depth) for node in self.root.subtree()]
        assert self.writer.differences() == []


Operation = Callable[[Run, ModelNode, ModelNode, str], None]
OPERATIONS: dict[str, Operation] = {
    "create": Run.create,
    "create_many": Run.create_many,
    "rename": Run.rename,
    "move": Run.move,
    "delete": Run.delete,
}


@pytest.fixture(scope="module")
def super_(server: Any, demo_template: str, worker_id: str) -> Iterator[Writer]:
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield Writer(api, url, "supperadm")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_writes_leaves_the_tree_of_the_model(super_: Writer, kind: Kind, steps: list[Step]) -> None:
    run = Run(super_, kind)
    for step in steps:
        run.apply(step)
    run.compare()
