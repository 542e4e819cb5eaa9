"""ParkingDetail: the columns that only parking places have."""

from enum import auto

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import TwoDecimals, Versioned
from app.models.choice import Choice


class ParkingType(Choice):
    """车位类型 Build of a parking place (document 003, 4.6)."""

    TANDEM = auto(), 1, "子母车位", "Tandem, two cars in a row"
    STANDARD = auto(), 2, "标准车位", "Standard"
    MINI = auto(), 3, "微型车位", "Mini"
    CIVIL_DEFENCE = auto(), 4, "人防车位", "In a civil-defence shelter"


class ParkingNature(Choice):
    """车位性质 How a parking place may be held (document 003, 4.6)."""

    TEMPORARY = auto(), 1, "临时车位", "Temporary"
    FIXED = auto(), 2, "固定车位", "Fixed"
    OWNED = auto(), 3, "产权车位", "Owned"


class ParkingStatus(Choice):
    """车位状态 Whether a parking place is sold, let or used (document 003, 4.6)."""

    VACANT = auto(), 1, "闲置", "Vacant"
    UNSOLD_LET = auto(), 2, "未出售已出租", "Not sold, let"
    SOLD = auto(), 3, "已出售", "Sold"
    SOLD_OCCUPIED = auto(), 4, "已出售已入住", "Sold, in use by its owner"
    SOLD_LET = auto(), 5, "已出售已出租", "Sold, let"


class ParkingCharging(Choice):
    """充电车位 Vehicle and charging point of a parking place (document 003, 4.6)."""

    CAR = auto(), 1, "普通停车位(汽车)", "Car, no charging"
    CAR_CHARGING = auto(), 2, "充电停车位(汽车)", "Car, charging"
    SCOOTER = auto(), 3, "普通停车位(电动车)", "Electric scooter, no charging"
    SCOOTER_CHARGING = auto(), 4, "充电停车位(电动车)", "Electric scooter, charging"


class ParkingDetail(Versioned):
    """车位详情 Details of a parking place (document 003, 4.6)."""

    __tablename__ = "parking_detail"
    __table_args__ = ({"comment": "车位详情 Details of parking places, at most one each"},)

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), unique=True, comment="车位 The parking place")
    number: Mapped[str | None] = mapped_column(index=True, comment="车位编号 Number painted on the place")
    sub_number: Mapped[str | None] = mapped_column(comment="子车位编号 Number of the second place of a tandem")
    area: Mapped[TwoDecimals | None] = mapped_column(comment="车位面积 Area in square metres")
    fee_area: Mapped[TwoDecimals | None] = mapped_column(comment="收费面积 Charged area in square metres")
    type: Mapped[ParkingType] = mapped_column(server_default=text("'STANDARD'"), comment="车位类型 Build")
    nature: Mapped[ParkingNature | None] = mapped_column(comment="车位性质 How it may be held")
    status: Mapped[ParkingStatus | None] = mapped_column(comment="车位状态 Sold, let or used")
    charging: Mapped[ParkingCharging | None] = mapped_column(comment="充电车位 Vehicle and charging point")
