"""Device in GraphQL: the devices that receive messages for staff, and the brands of the devices of communities."""

import strawberry

from app import models
from app.declarations.entity import column, entity, made, related
from app.declarations.field import Field
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.services.device import DeleteDevices, RegisterDevice, delete_devices, register_devices


@entity(models.Device)
class Device:
    """管家App设备 A device that receives messages for a member of staff (document 003, 21.1)."""

    app_id = column()
    device_id = column()
    provider = column()
    os = column()
    environment = column()
    registered_at = column()
    admin_id = column()
    admin = related(one(models.Device.admin_id, models.Admin), "员工 The member of staff")


@strawberry.type(description="设备品牌 A brand of the devices of communities (document 003, 22.1).")
class DeviceBrand:
    """The legacy code of a brand, and its name."""

    code: str = strawberry.field(description="编码 The code of the brand")
    name: str = strawberry.field(description="名称 The name of the brand")


BRANDS = [
    DeviceBrand(code=code, name=name)
    for code, name in (
        ("1", "捷顺"),
        ("2", "富士"),
        ("3", "大华"),
        ("4", "海康"),
        ("5", "拓桥"),
        ("6", "日驰"),
        ("7", "立林"),
        ("0", "其他"),
    )
]
"""The brands in the order of the documents."""


def device_brands() -> Field:
    """Declare the constant list of brands (document 003, 22.1)."""
    field: Field = made(list[DeviceBrand], "设备品牌 All brands of the devices of communities.", lambda _: BRANDS, ())
    return field


OWN = Writes(models.Device, None)

MUTATIONS = {
    "register_device": OWN.one(
        "注册设备 Register a device for the caller, or, with `admin.write`, for other staff (document 003, 21.1).",
        register_devices,
        RegisterDevice,
    ),
    "delete_devices": OWN.deletion(
        "删除设备 Delete the devices of the caller, or, with `admin.write`, of other staff (document 003, 21.2).",
        delete_devices,
        DeleteDevices,
    ),
}
"""What may be written of devices, by the names of the fields."""
