"""Batch: what one import writes where, and the names and values that all its statements have in common."""

from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from app.bulk.importing.column import Noun

TABLES: dict[Noun, str] = {
    "orgs": "org",
    "spaces": "space",
    "admins": "admin",
    "customers": "customer",
    "relations": "property_relation",
    "work-orders": "work_order",
}
"""The table of each noun."""

FOLLOWING: dict[Noun, tuple[str, ...]] = {
    "customers": ("customer_org",),
    "relations": ("housing_record", "customer_org"),
    "work-orders": ("work_order_step",),
}
"""The tables that get rows together with that of a noun."""


@dataclass(frozen=True)
class Batch:
    """What is imported, and what the roots of the file belong to."""

    noun: Noun
    source: str
    """Name of the system that the external ids are from."""

    header: frozenset[str]
    """Names of the columns that the file has."""

    under: int | None = None
    """The node that becomes the parent of the file's roots."""

    owner: int | None = None
    """The business organisation that gets the communities among the file's roots."""

    tenant: int | None = None
    """The top organisation of `under` or `owner`."""

    inherited_type: str | None = None
    """The type of new records without one."""

    @property
    def table(self) -> str:
        """The table of the noun."""
        return TABLES[self.noun]

    def sql(self, text: str, **parts: Composable) -> Composed:
        """Fill a statement with the batch's names and values, and with `parts`."""
        own = {
            "table": Identifier(self.table),
            "tree": Literal(self.table),
            "source": Literal(self.source),
            "under": SQL("{}::bigint").format(Literal(self.under)),
            "owner": SQL("{}::bigint").format(Literal(self.owner)),
            "has_parent": Literal("parent_external_id" in self.header),
            "inherited_type": SQL("{}::text").format(Literal(self.inherited_type)),
        }
        return SQL(text).format(**own, **parts)
