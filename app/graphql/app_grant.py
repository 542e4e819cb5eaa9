"""AppGrant in GraphQL: which app serves which top business organisation."""

from app import models
from app.declarations.entity import column, entity, related
from app.loaders.edge import one


@entity(models.AppGrant)
class AppGrant:
    """App授权业务组织 An app may serve a top business organisation (document 003, 14.2)."""

    app_id = column()
    app_type = column()
    org_id = column()
    org = related(one(models.AppGrant.org_id, models.Org), "业务组织 The organisation")
