"""Change in GraphQL: the record of every change, for auditors and for programs that follow it."""

from dataclasses import replace

from app import models
from app.declarations.differences import Difference, changed_names, differences, disclosures
from app.declarations.entity import Field, column, entity, made, related, search
from app.loaders.edge import one
from app.loaders.lists import all_rows
from app.loaders.order import Order

IMAGES = (models.Change.before, models.Change.after)


@entity(models.Change)
class Change:
    """变更记录 One change of one record: who, when, why, and what differs (docs/changes.md)."""

    time = column()
    operation = column()
    entity = column()
    entity_id = column()
    actor_id = column()
    actor_account = column()
    client = column()
    request_id = column()
    reason = column()
    transaction_id = column()
    org_id = column()
    changed_fields = made(
        list[str],
        "变更字段 The fields that an update changed; empty for other operations",
        changed_names,
        (models.Change.entity, models.Change.changed_fields),
    )
    differences = made(
        list[Difference],
        "差异 The fields with their values before and after the change; of a new or deleted record, those with a value",
        differences,
        (models.Change.entity, models.Change.entity_id, *IMAGES),
        disclosures,
    )

    actor = related(one(models.Change.actor_id, models.Admin), "操作人 The member of staff who made the change")
    org = related(one(models.Change.org_id, models.Org), "组织 Organisation that the record belonged to")


def changes() -> Field:
    """Declare the list of all changes, for auditors."""
    newest_first = replace(all_rows(models.Change), order=Order.by(models.Change.id, descending=True))
    description = "变更记录 All changes that the caller may see, page by page."
    return search(newest_first, description, "排序 Newest first by default")
