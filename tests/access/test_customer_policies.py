"""Customers in raw SQL: which of them the database lets a transaction write, and which relations to organisations."""

from collections.abc import Iterator

import psycopg
import pytest

from app.db.scope import Scope
from tests.databases import opened

PATH = "8829/8830/8831/9099/"
"""The path of organisation 9099, which alone knows customer 9152 and knows 9867 and 9343 together with others."""

NEW = "insert into customer (id, top_org_id, name) values (99, {}, 'x')"
RELATE = "insert into customer_org (customer_id, org_id) values ({}, {})"


def scope(path: str, *held: str) -> Scope:
    """Give a scope in which customer.write is held at some paths."""
    return Scope(3, is_super=False, scopes=(path,), admin_scopes=(), capabilities={"customer.write": held})


@pytest.fixture
def clerk(demo_url: str) -> Iterator[psycopg.Connection]:
    """Give a transaction of a member of staff who may change customers in organisation 9099."""
    with opened(demo_url, scope(PATH, PATH).opening_to_write()) as connection:
        yield connection


def refused(connection: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "update customer set name = 'y' where id = 9867",  # whom 9103 knows too
        "update customer set phone = null where id = 9867",
        "update customer set status = 'DISABLED' where id = 9867",
        "update customer set merged_into_id = 9152 where id = 9867",
        "update customer set top_org_id = 15264 where id = 9152",
        "delete from customer where id = 9152",
        NEW.format(15264),  # of another tenant
        RELATE.format(9152, 9103),  # an organisation in which nothing is held
        RELATE.format(9104, 9099),  # a customer whom only the top organisation knows
        RELATE.format(47001, 9099),  # a customer of another tenant
        RELATE.format(20972, 9099),  # a customer whom another organisation knows
    ],
)
def test_a_clerk_does_not_write_what_others_have(clerk: psycopg.Connection, statement: str) -> None:
    refused(clerk, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update customer set name = 'y', phone = '1' where id = 9152",
        "update customer set level = 1 where id = 9867",  # it was empty
        f"{NEW.format(8829)}; {RELATE.format(99, 9099)}",
        "delete from customer_org where customer_id = 9867 and org_id = 9099",
    ],
)
def test_a_clerk_writes_the_customers_that_the_organisation_knows(clerk: psycopg.Connection, statement: str) -> None:
    clerk.execute(statement.encode())


def test_a_hidden_or_merely_visible_customer_is_not_reached(demo_url: str, clerk: psycopg.Connection) -> None:
    rows = clerk.execute("update customer set level = 1 where id in (47001, 20972, 9104) returning id").fetchall()
    assert rows == []
    with opened(demo_url, scope("8829/").opening_to_write()) as connection:  # sees all, and holds nothing
        assert connection.execute("update customer set level = 1 returning id").fetchall() == []
        refused(connection, RELATE.format(9152, 9103))


def test_the_top_organisation_changes_whom_several_know(demo_url: str) -> None:
    with opened(demo_url, scope("8829/", "8829/").opening_to_write()) as connection:
        connection.execute("update customer set name = 'y', status = 'DISABLED' where id = 9867")
        connection.execute(RELATE.format(9104, 9099).encode())
        refused(connection, RELATE.format(47001, 9099))


def test_no_relation_crosses_tenants_and_none_leads_to_a_merged_customer(demo_url: str) -> None:
    with opened(demo_url, Scope.everything().opening_to_write()) as connection:
        connection.execute(RELATE.format(9104, 9099).encode())
        refused(connection, RELATE.format(47001, 9099))
    with opened(demo_url, Scope.everything().opening_to_write()) as connection:
        connection.execute("set local role none")
        connection.execute("update customer set merged_into_id = 9867 where id = 9104")
        connection.execute("set local role cadastre_app")
        refused(connection, RELATE.format(9104, 9099))
