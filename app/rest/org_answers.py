"""Org answers: shapes of answers that only organisations have (document 003, section 3)."""

from collections.abc import Sequence

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import SUB_TYPES, OrgType
from app.rest.answers import NO_PAGE, Row, existing, value_at
from app.rest.trees import OF_ORG, nested, tree, trees_of
from app.rest.url import Data, Members, Variables

NO_RANGE = Message(
    "the top business organisation is related to no top administrative organisation yet",
    "顶级业务组织尚未关联顶级行政组织，无法确定组织树的范围",
)

ORG_TREE = tree("tops.nodes.0", "top.descendants.nodes", OF_ORG)
"""Answers the tree of an organisation (3.5)."""

CLASSES = [
    {
        "org_type": type_.code,
        "org_name": type_.chinese,
        "subs": [
            {"sub_type": str(each.code), "sub_name": each.chinese}
            for of_type, sub_types in SUB_TYPES.values()
            if of_type is type_
            for each in sub_types
        ],
    }
    for type_ in OrgType
]
"""The types of organisations with their sub types, whose codes are strings (3.3)."""


def org_search(data: Data, variables: Variables) -> Members:
    """Answer the tree of an organisation with only the matching ones and those above them (3.5)."""
    is_empty = not (value_at(data, "matching.totalCount") or value_at(data, "top.descendants.nodes"))
    return {"result": [], **NO_PAGE} if value_at(data, "tops.nodes") and is_empty else ORG_TREE(data, variables)


def itself(data: Data, variables: Variables) -> Members:
    """Answer a list of the one organisation (3.4)."""
    return {"result": [existing(data, "org", variables)], **NO_PAGE}


def community_tree(data: Data, variables: Variables) -> Members:
    """Answer the one tree of the organisations that lead to communities (3.19)."""
    return {"result": nested(existing(data, "org.communityOrgs", variables)), **NO_PAGE}


def with_names(data: Data, variables: Variables) -> Members:
    """Answer an organisation with the names of the administrative ones that serve it, as one text (3.7)."""
    org = existing(data, "org", variables)
    names = (relation["admin_org_name"] for relation in org["orgRels"])
    org["admin_org_names"] = ",".join(name for name in names if name is not None)
    return {"result": org}


def top_trees(data: Data, _: Variables) -> Members:
    """Answer all top organisations, each as a tree of one node (3.5A)."""
    return in_range(value_at(data, "orgs.nodes"))


def business_range(data: Data, variables: Variables) -> Members:
    """Answer a business organisation and all below it; NotFoundError when there is none (3.5A)."""
    return in_range([existing(data, "tops.nodes.0", variables), *value_at(data, "top.descendants.nodes")])


def administrative_range(data: Data, variables: Variables) -> Members:
    """Answer the administrative organisations that serve a business one or one below it (3.5A).

    InvalidInputError when its top is related to no top administrative organisation: the range is not known then.
    """
    rows, root = existing(data, "org.administrativeRange", variables), value_at(data, "org.root")
    if root is not None and all(each["path"].count("/") > 1 for each in root["administrativeOrgs"]):
        raise InvalidInputError(NO_RANGE)
    return in_range(rows)


def in_range(rows: Sequence[Row]) -> Members:
    """Answer rows as one tree for each top; without rows the documents have an empty list instead."""
    return {"result": {"trees": trees_of(rows)} if rows else []}
