"""Variables of the URLs of apps, of their devices and of brands (document 003, sections 14, 21 and 22)."""

from app.models.app_grant import AppType
from app.models.device import DeviceEnvironment
from app.rest.kinds import ID, IDS, TEXT, Code
from app.rest.parameters import maybe, needed, sends

TYPE = Code(AppType)

APP = sends(needed("appId", TEXT, "appId"))
OF_TYPE = sends(needed("appId", TEXT, "appId"), needed("app_type", TYPE, "appType"))
GRANTED = sends(
    needed("appId", TEXT, "input.appId"),
    needed("app_type", TYPE, "input.appType"),
    needed("topOrgIds", IDS, "input.orgIds"),
)
REGISTERED = sends(
    needed("appId", TEXT, "input.appId"),
    needed("appDeviceId", TEXT, "input.deviceId"),
    needed("appDeviceOs", TEXT, "input.os"),
    maybe("adminId", ID, "input.adminId"),
    maybe("appDeviceToken", TEXT, "input.deviceToken"),
    maybe("providerNo", TEXT, "input.provider"),
    maybe("envType", Code(DeviceEnvironment), "input.environment"),
)
DELETED = sends(needed("appId", TEXT, "input.appId"), maybe("adminId", ID, "input.adminId"))
