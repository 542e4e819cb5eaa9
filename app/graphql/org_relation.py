"""OrgRelation in GraphQL: which administrative organisations serve which business organisation."""

from app import models
from app.declarations.entity import column, entity, related
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.services.org_relation import CAPABILITY, RelateAdministrativeOrgs, relate_administrative_orgs
from app.services.org_relation_addition import AddOrgRelations, add_org_relations


@entity(models.OrgRelation)
class OrgRelation:
    """业务组织与行政组织关联 An administrative organisation serves a business organisation (document 003, 3.10)."""

    business_org_id = column()
    administrative_org_id = column()
    business_org = related(one(models.OrgRelation.business_org_id, models.Org), "业务组织 The business organisation")
    administrative_org = related(
        one(models.OrgRelation.administrative_org_id, models.Org), "行政组织 The administrative organisation"
    )


WRITES = Writes(models.OrgRelation, CAPABILITY)

MUTATIONS = {
    "relate_administrative_orgs": WRITES.several(
        "关联行政组织 Replace the administrative organisations of a business organisation (document 003, 3.10).",
        relate_administrative_orgs,
        RelateAdministrativeOrgs,
    ),
    "add_org_relations": WRITES.several(
        "增加关联 Relate an organisation to more organisations of the other type (document 003, 3.11).",
        add_org_relations,
        AddOrgRelations,
    ),
}
"""What may be written of relations, by the names of the fields."""
