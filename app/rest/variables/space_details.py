"""Variables of the URLs that write addresses and details of parking places (document 003, 4.2, 4.3, 4.6 and 4.7)."""

from collections.abc import Callable

from app.models.parking import ParkingCharging, ParkingNature, ParkingStatus, ParkingType
from app.rest.kinds import FLOAT, ID, NUMBER, TEXT, Code
from app.rest.parameters import Parameter, maybe, needed, sends
from app.rest.url import Given, Variables

SPACE = needed("space_id", ID, "spaceId")
NAMED = (maybe("id", ID, "id"), maybe("space_id", ID, "spaceId"))

ADDRESS = (
    maybe("province", TEXT, "province"),
    maybe("city", TEXT, "city"),
    maybe("district", TEXT, "district"),
    maybe("detail", TEXT, "street"),
    maybe("lon", FLOAT, "longitude"),
    maybe("lat", FLOAT, "latitude"),
    maybe("ico", TEXT, "picture"),
)
PARKING = (
    maybe("park_no", TEXT, "number"),
    maybe("sub_park_no", TEXT, "subNumber"),
    maybe("space_square", NUMBER, "area"),
    maybe("fee_square", NUMBER, "feeArea"),
    maybe("park_type", Code(ParkingType), "type"),
    maybe("park_nature", Code(ParkingNature), "nature"),
    maybe("park_status", Code(ParkingStatus), "status"),
    maybe("charge_park", Code(ParkingCharging), "charging"),
)


def as_input(*parameters: Parameter) -> Callable[[Given], Variables]:
    """Make the function that reads members into the variable `input`, which is empty when none is sent."""
    read = sends(*parameters)
    return lambda given: {"input": read(given)}


NEW_ADDRESS, NEW_PARKING = as_input(SPACE, *ADDRESS), as_input(SPACE, *PARKING)
CHANGED_ADDRESS, CHANGED_PARKING = as_input(*NAMED, *ADDRESS), as_input(*NAMED, *PARKING)
"""Changes name the record by its own id or by the space (4.3 and 4.7)."""
