"""Variables of the URLs of apps, of their devices and of brands (document 003, sections 14, 21 and 22)."""

from app.models.app_grant import AppType
from app.rest.kinds import IDS, TEXT, Code
from app.rest.parameters import needed, sends

TYPE = Code(AppType)

APP = sends(needed("appId", TEXT, "appId"))
OF_TYPE = sends(needed("appId", TEXT, "appId"), needed("app_type", TYPE, "appType"))
GRANTED = sends(
    needed("appId", TEXT, "input.appId"),
    needed("app_type", TYPE, "input.appType"),
    needed("topOrgIds", IDS, "input.orgIds"),
)
