"""Statements that differ only in their values are compiled once, and each keeps its own values."""

from sqlalchemy import Select, bindparam, select

from app.db.rendering import SHAPES, render
from app.models import Org
from app.models.org import OrgType


def orgs(name: str, type_: OrgType, most: int) -> Select[int]:
    """Select orgs by values of three kinds, and by one that is known when the statement runs."""
    return select(Org.id).where(Org.name == name, Org.type == type_, Org.id > bindparam("least")).limit(most)


def test_each_statement_keeps_its_own_values() -> None:
    first = render(orgs("a", OrgType.BUSINESS, 1), is_short=True)
    compiled = len(SHAPES)
    second, again = (
        render(orgs("b", OrgType.ADMINISTRATIVE, 2), is_short=True),
        render(orgs("a", OrgType.BUSINESS, 1), is_short=True),
    )
    assert len(SHAPES) == compiled
    assert (first.sql, first.names) == (second.sql, second.names)
    assert first.call({"least": 7}).values == again.call({"least": 7}).values
    assert set(first.known.values()) == {"a", "BUSINESS", 1}
    assert set(second.known.values()) == {"b", "ADMINISTRATIVE", 2}
    assert "least" not in second.known


def test_null_is_another_statement_than_a_value() -> None:
    null, value = (render(select(Org.id).where(Org.parent_id == parent), is_short=True) for parent in (None, 1))
    assert null.sql != value.sql
    assert (len(null.known), list(value.known.values())) == (0, [1])


def test_a_long_statement_is_not_kept() -> None:
    kept = len(SHAPES)
    wanted = select(Org.id).where(Org.name == "a", Org.code == "b", Org.full_name == "c")
    assert render(wanted).sql == render(wanted).sql
    assert len(SHAPES) == kept
    assert render(wanted, is_short=True) == render(wanted)
    assert len(SHAPES) == kept + 1
