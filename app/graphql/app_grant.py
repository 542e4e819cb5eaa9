"""AppGrant in GraphQL: which app serves which top business organisation."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text

from app import models
from app.access.app_users import CLAIMED_GRANTS
from app.access.caller import Caller
from app.declarations.arguments import argument
from app.declarations.entity import column, entity, exists, related
from app.declarations.field import Field
from app.declarations.mutations import Writes
from app.declarations.types import choice_type
from app.loaders.edge import Edge, Shape
from app.loaders.edges import one, through
from app.loaders.links import ByForeignKey
from app.loaders.order import Order
from app.loaders.reads import OfCaller
from app.models.app_grant import AppType
from app.services.app_grant import CAPABILITY, SetAppGrants, set_app_grants


@entity(models.AppGrant)
class AppGrant:
    """App授权业务组织 An app may serve a top business organisation (document 003, 14.2)."""

    app_id = column()
    app_type = column()
    org_id = column()
    org = related(one(models.AppGrant.org_id, models.Org), "业务组织 The organisation")
    is_bound = exists(
        through(CLAIMED_GRANTS.c.grant_id, CLAIMED_GRANTS.c.grant_id, models.AppGrant),
        "不可解绑 Whether the app keeps the organisation, because its users have approved claims there",
    )


GRANTS_OF_APP = Edge(
    models.AppGrant, "", ByForeignKey(models.AppGrant.app_id, Text), Shape.MANY, Order.by(models.AppGrant.app_type)
)


def _type(_: Caller | None, grant: Mapping[str, Any] | None) -> AppType | None:
    return AppType[grant["app_type"]] if grant else None


def app_type() -> Field:
    """Declare the field that answers the type of an app: that of its grants, of two types the first (14.3)."""
    return Field(
        OfCaller(_type, GRANTS_OF_APP, ("app_type",)),
        choice_type(AppType) | None,
        "App类型 The type of an app (document 003, 14.3); null where no organisation of the caller is granted to it.",
        (argument("appId", str, "应用编号 Id of the app"),),
    )


MUTATIONS = {
    "set_app_grants": Writes(models.AppGrant, CAPABILITY).several(
        "App授权业务组织 Set the top business organisations that an app may serve (document 003, 14.2).",
        set_app_grants,
        SetAppGrants,
    )
}
"""What may be written of grants to apps, by the names of the fields."""
