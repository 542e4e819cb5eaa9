"""Guard: what a document may look like, decided before it is validated and before any row is read."""

from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from app.errors import LimitExceededError


def check_depth(document: DocumentNode, allowed: int) -> None:
    """Refuse a document whose fields are nested deeper than `allowed`; a fragment is measured once, cycles end."""
    fragments = {f.name.value: f for f in document.definitions if isinstance(f, FragmentDefinitionNode)}
    depths: dict[str, int] = {}

    def of_selections(selection_set: SelectionSetNode | None) -> int:
        selections: Iterable[SelectionNode] = selection_set.selections if selection_set else ()
        return max(map(of_selection, selections), default=0)

    def of_selection(selection: SelectionNode) -> int:
        if isinstance(selection, FragmentSpreadNode):
            return of_fragment(selection.name.value)
        below = of_selections(getattr(selection, "selection_set", None))
        return below + isinstance(selection, FieldNode)

    def of_fragment(name: str) -> int:
        if name not in depths:
            depths[name] = 0  # what a cycle finds; validation refuses it
            fragment = fragments.get(name)
            depths[name] = of_selections(fragment.selection_set) if fragment else 0
        return depths[name]

    operations = [o for o in document.definitions if isinstance(o, OperationDefinitionNode)]
    found = max((of_selections(operation.selection_set) for operation in operations), default=0)
    if found > allowed:
        code = "DEPTH_LIMIT_EXCEEDED"
        raise LimitExceededError(code, "nesting of fields", found, allowed)
