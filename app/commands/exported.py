"""Exported: the GraphQL documents of `cadastre export`; their aliases are the names of the columns of an import."""

from collections.abc import Mapping
from typing import NamedTuple

from app.bulk.importing.column import Noun


class Exported(NamedTuple):
    """The list of a noun, and what is selected of its rows; `among` is a filter that always holds."""

    field: str
    nodes: str
    among: str = "{}"


EXPORTED: Mapping[Noun, Exported] = {
    "orgs": Exported(
        "orgs",
        "external_id: id parent_external_id: parentId name type administrative_sub_type: administrativeSubType"
        " business_sub_type: businessSubType status code fourgrid_id: fourgridId fourgrid_parent_id: fourgridParentId",
    ),
    "spaces": Exported(
        "spaces",
        "external_id: id parent_external_id: parentId org_external_id: orgId name type status"
        " business_type: businessType area fee_area: feeArea code fourgrid_id: fourgridId"
        " fourgrid_parent_id: fourgridParentId fourgrid_community_id: fourgridCommunityId",
    ),
    "admins": Exported(
        "admins",
        "external_id: id org_external_id: orgId type name nickname account staff_number: staffNumber position phone"
        " email identity sex birthday picture face_picture: facePicture status is_enabled: isEnabled"
        " fourgrid_id: fourgridId",
    ),
    "customers": Exported(
        "customers",
        "external_id: id top_org_external_id: topOrgId type name phone identity_type: identityType identity sex"
        " face_picture: facePicture level status org_external_ids: orgs { id } fourgrid_id: fourgridId",
        "{ mergedIntoId: { isNull: true } }",
    ),
    "relations": Exported(
        "propertyRelations",
        "external_id: id space_external_id: spaceId customer_external_id: customerId type tenure is_main: isMain"
        " housing_status: housingStatus fourgrid_id: fourgridId fourgrid_customer_id: fourgridCustomerId"
        " fourgrid_space_id: fourgridSpaceId fourgrid_community_id: fourgridCommunityId",
    ),
    "work-orders": Exported(
        "workOrders",
        "external_id: id space_external_id: spaceId category_three_external_id: categoryThreeId"
        " customer_external_id: customerId reporter_external_id: reporterId assignee_external_id: assigneeId"
        " receiver_external_id: receiverId number description contact_name: contactName contact_phone: contactPhone"
        " status created_at: createdAt assigned_at: assignedAt received_at: receivedAt"
        " repair_started_at: repairStartedAt completed_at: completedAt cancelled_at: cancelledAt"
        " settlement_party: settlementParty settlement_amount: settlementAmount",
    ),
}
"""What is exported of each noun: all that an import reads. The ids are those of this register."""


def document_of(noun: Noun, literal: str | None) -> str:
    """Return the document of a noun, with a filter that is written as in GraphQL."""
    exported = EXPORTED[noun]
    filters = [each for each in (exported.among, literal) if each not in {None, "{}"}]
    arguments = f"(filter: {{ and: [{', '.join(map(str, filters))}] }})" if filters else ""
    return f"query {noun.replace('-', '_')} {{ {exported.field}{arguments} {{ nodes {{ {exported.nodes} }} }} }}"
