"""A plain model of a tree in memory, against which random sequences of writes are compared."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class ModelNode:
    """A node: its name, and its children in their order."""

    name: str
    parent: "ModelNode | None" = None
    children: list["ModelNode"] = field(default_factory=list)
    id: str = ""

    @property
    def full_name(self) -> str:
        """The names from the root, joined with '/'."""
        return self.name if self.parent is None else f"{self.parent.full_name}/{self.name}"

    @property
    def depth(self) -> int:
        """The number of ancestors."""
        return 0 if self.parent is None else self.parent.depth + 1

    def subtree(self) -> Iterator["ModelNode"]:
        """Yield the node and all below it, in the order of the tree."""
        yield self
        for child in self.children:
            yield from child.subtree()

    def add(self, name: str) -> "ModelNode":
        """Add a child behind the others."""
        child = ModelNode(name, self)
        self.children.append(child)
        return child

    def may_move_below(self, parent: "ModelNode") -> bool:
        """Return whether a move keeps the tree a tree."""
        return parent not in list(self.subtree())

    def move(self, parent: "ModelNode") -> None:
        """Move behind the children of another parent; a move to the present one changes nothing."""
        if parent is not self.parent and self.parent is not None:
            self.parent.children.remove(self)
            parent.children.append(self)
            self.parent = parent

    def remove(self) -> None:
        """Remove a leaf."""
        if self.parent is not None:
            self.parent.children.remove(self)
