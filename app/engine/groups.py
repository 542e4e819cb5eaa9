"""Groups in a plan: how many rows of a connection have each value of one or two columns, for all parents of a level."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.db.exchange import Row
from app.engine.page_view import Grouping
from app.engine.plan import Dicts, Followup, Inputs, Level, Load
from app.engine.statements import Statements
from app.loaders.edge import Edge
from app.loaders.groups import few_enough, grouped_by
from app.loaders.links import Key
from app.loaders.window import Window

DictsByKey = dict[Key, Dicts]


class GroupsOfPages:
    """One selection of `groups` in a connection, which one statement loads for the pages of all parents."""

    def __init__(self, edge: Edge, grouping: Grouping) -> None:
        self._edge, self._grouping = edge, grouping
        columns = grouping.selection.columns
        self.statements = Statements(lambda window: edge.groups(tuple(columns.names), window), columns)

    def load(
        self,
        arguments: Mapping[str, Any],
        whole: Callable[[], Window],
        keys: list[Key],
        inputs: Inputs,
        made: DictsByKey,
    ) -> Load:
        """Load the groups of the rows of some parents; their dicts go into `made`.

        `arguments` are those of the connection, `whole` its window without the position of the page.
        """
        selection, given = self._grouping.selection, self._grouping.arguments(inputs.variables)
        grouped = grouped_by(self._edge.target, given)
        statement = self.statements.of({**arguments, "grouped": grouped}, lambda: replace(whole(), grouped=grouped))
        take = partial(self._take, inputs, made)
        return Load(statement, keys, take, selection.loads_more, width=selection.width)

    def _take(self, inputs: Inputs, made: DictsByKey, rows: list[Row]) -> Followup:
        by_key = defaultdict[Key, list[Row]](list)
        for row in rows:
            by_key[row[0]].append(row)
        for groups in by_key.values():
            few_enough(groups)
        level, selection = Level(rows), self._grouping.selection

        def finish() -> None:
            selection.finish(level, inputs)
            for row, dict_ in zip(level.rows, level.dicts, strict=True):
                made.setdefault(row[0], []).append(dict_)

        return Followup(selection.loads(level, inputs), finish, values=len(rows) * selection.width)
