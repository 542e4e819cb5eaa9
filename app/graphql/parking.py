"""ParkingDetail in GraphQL: what is known of a parking place."""

from app import models
from app.declarations.entity import column, entity, related
from app.loaders.edge import one


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
