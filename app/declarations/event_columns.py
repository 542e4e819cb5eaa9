"""Event columns: what events show of a record: the columns of its fields in GraphQL, masked as there."""

from strawberry.utils.str_converters import to_camel_case

from app.declarations.differences import shown_of
from app.events.columns import Columns, EventColumn
from app.loaders.batch import ENTITIES
from app.models import Change


def event_columns() -> Columns:
    """Return the columns that events show, by table; the types of all nouns must have been made."""
    return {
        table: {
            name: EventColumn(to_camel_case(name), model.__table__.c[name], shown.mask)
            for name, shown in shown_of(table).items()
        }
        for table, model in ENTITIES.items()
        if model is not Change
    }
