"""SpaceTotal: what the spaces of each community add up to, kept by triggers (decision 14)."""

from decimal import Decimal

from sqlalchemy import BigInteger, Identity, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class SpaceTotal(Base):
    """空间汇总 A difference; the sum of those of a community is its total (migrations/frozen/totals.py)."""

    __tablename__ = "space_total"
    __table_args__ = ({"comment": "空间汇总 Differences whose sums are the totals of the spaces of each community"},)

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="number of the row; gaps mean nothing"
    )
    org_id: Mapped[int] = mapped_column(
        index=True, comment="业务组织 Business organisation that owns the spaces; 0 for none"
    )
    community_id: Mapped[int] = mapped_column(index=True, comment="小区 Community of the spaces; 0 for none")
    kind: Mapped[str] = mapped_column(comment="what is counted: SPACE, OCCUPANCY or PARKING")
    value: Mapped[str] = mapped_column(
        comment="type of the spaces, occupancy of the houses, or state of the parking places"
    )
    status: Mapped[str | None] = mapped_column(comment="状态 Status of the spaces; null for other kinds")
    count: Mapped[int] = mapped_column(comment="数量 Number of them")
    area: Mapped[Decimal] = mapped_column(
        Numeric(), server_default=text("0"), comment="面积 Sum of their areas in square metres"
    )
    fee_area: Mapped[Decimal] = mapped_column(
        Numeric(), server_default=text("0"), comment="收费面积 Sum of their charged areas in square metres"
    )


class HouseOccupancy(Base):
    """入住情况 How many valid property relations a space has."""

    __tablename__ = "house_occupancy"
    __table_args__ = ({"comment": "入住情况 Number of the valid property relations of each space that had one"},)

    space_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="空间 The house or parking place"
    )
    living_in: Mapped[Small] = mapped_column(comment="在住 Relations of customers who live there")
    away: Mapped[Small] = mapped_column(comment="暂离 Relations of customers who are away for a time")
