"""ParkingDetail in GraphQL: what is known of a parking place."""

from app import models
from app.declarations.entity import column, entity, related
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.services.space import CAPABILITY
from app.services.space_details import (
    DeleteParkingDetail,
    SetParkingDetail,
    delete_parking_details,
    set_parking_details,
)


@entity(models.ParkingDetail)
class ParkingDetail:
    """车位详情 Details of a parking place (document 003, 4.6)."""

    number = column()
    sub_number = column()
    area = column()
    fee_area = column()
    type = column()
    nature = column()
    status = column()
    charging = column()
    space_id = column()
    space = related(one(models.ParkingDetail.space_id, models.Space), "车位 The parking place")


WRITES = Writes(models.ParkingDetail, CAPABILITY)

MUTATIONS = {
    "set_parking_detail": WRITES.one(
        "车位详情 Set the details of a parking place (document 003, 4.6).", set_parking_details, SetParkingDetail
    ),
    "delete_parking_detail": WRITES.deletion(
        "删除车位详情 Delete the details of a parking place.", delete_parking_details, DeleteParkingDetail
    ),
}
"""What may be written of parking places, by the names of the fields."""
