"""Context: what graphql-core's resolvers find in `info.context`."""

from dataclasses import dataclass

from app.access.caller import Caller
from app.loaders.dataloaders import Dataloaders
from app.loaders.disclosures import Disclosures


@dataclass(frozen=True)
class Context:
    """What the resolvers of one request share; `caller` is None where requests need no log-in."""

    loaders: Dataloaders
    caller: Caller | None
    sees_personal: bool
    disclosures: Disclosures
    settled: int | None = None
    """The last change that no other may precede; None where nothing of the request needs to know."""
