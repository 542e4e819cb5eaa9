"""Variables of the URLs that write addresses and details of parking places (document 003, 4.2, 4.3, 4.6 and 4.7)."""

from app.models.parking import ParkingCharging, ParkingNature, ParkingStatus, ParkingType
from app.rest.parameters import FLOAT, ID, NUMBER, TEXT, Code, maybe, needed, sends
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

NEW_ADDRESS, CHANGED_ADDRESS = sends(SPACE, *ADDRESS), sends(*NAMED, *ADDRESS)
NEW_PARKING, CHANGED_PARKING = sends(SPACE, *PARKING), sends(*NAMED, *PARKING)


def new_address(given: Given) -> Variables:
    """Read the address of a community (4.2)."""
    return {"input": NEW_ADDRESS(given)}


def changed_address(given: Given) -> Variables:
    """Read a change of an address, which is named by its id or by its community (4.3)."""
    return {"input": CHANGED_ADDRESS(given)}


def new_parking(given: Given) -> Variables:
    """Read the details of a parking place (4.6)."""
    return {"input": NEW_PARKING(given)}


def changed_parking(given: Given) -> Variables:
    """Read a change of the details of a parking place, which are named by their id or by the place (4.7)."""
    return {"input": CHANGED_PARKING(given)}
