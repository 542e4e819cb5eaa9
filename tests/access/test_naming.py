"""What a row names beside its own organisation: in raw SQL the database holds what the services check first."""

from collections.abc import Iterator

import psycopg
import pytest

from app.db.scope import Scope
from tests.databases import opened

CAPABILITIES = ("org.write", "space.write", "role.grant", "property.write", "verification.review", "work_order.write")
ORG = (
    "insert into org (id, parent_id, type, code, path, depth, name, full_name)"
    " values (99, {}, '{}', 'x', '{}', 1, 'x', 'x')"
)
MOVED_SPACE = (
    "update space set parent_id = parent.id, path = parent.path || '9889/', community_id = parent.community_id,"
    " org_id = parent.org_id, org_path = parent.org_path from space parent where parent.id = 15641 and space.id = 9889"
)
SPACE = (
    "insert into space (id, parent_id, type, community_id, org_id, org_path, code, path, depth, name, full_name)"
    " values (99, {}, '{}', {}, {}, '{}', 'x', '{}', 1, 'x', 'x')"
)
RELATION = "insert into property_relation (space_id, customer_id, type) values ({}, {}, '{}')"
CLAIM = "insert into verification (space_id, customer_id, type, tenure) values ({}, {}, '{}', 'OWNER')"
ORDER = (
    "insert into work_order (number, space_id, category_three_id, description, customer_id, reporter_id)"
    " values ('x', {}, {}, 'x', {}, {})"
)
OWN_PATH, OTHER_PATH = "8829/8830/8831/9099/", "8829/8830/8831/9103/"
"""The paths of the organisations 9099 and 9103, which have the communities 3429, 9886 and 9885."""


def scope(*paths: str, admin_scopes: tuple[str, ...] = ("6419/",)) -> Scope:
    """Give the scope of an administrator of some top organisations."""
    held = dict.fromkeys(CAPABILITIES, paths)
    return Scope(43001, is_super=False, scopes=paths, admin_scopes=admin_scopes, capabilities=held)


@pytest.fixture
def staff(demo_url: str) -> Iterator[psycopg.Connection]:
    """Give a transaction of the administrator of organisation 8829."""
    with opened(demo_url, scope("8829/").opening_to_write()) as connection:
        yield connection


@pytest.fixture
def both(demo_url: str) -> Iterator[psycopg.Connection]:
    """Give a transaction of an administrator of two tenants."""
    given = scope("8829/", "15264/", admin_scopes=("6419/", "15263/"))
    with opened(demo_url, given.opening_to_write()) as connection:
        yield connection


def refused(connection: psycopg.Connection, statement: str) -> None:
    with pytest.raises(
        psycopg.errors.InsufficientPrivilege, match=r"names what its caller|row-level security|permission denied"
    ):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        ORG.format(15264, "BUSINESS", "8829/99/"),  # a hidden parent
        ORG.format("null", "BUSINESS", "8829/99/"),
        ORG.format(8830, "BUSINESS", "8829/99/"),  # a path above that of the parent
        ORG.format(8830, "BUSINESS", "8829/8830/2/"),  # a path without the id
        ORG.format(6419, "BUSINESS", "8829/99/"),  # a parent of the other type
        "update org set parent_id = 15264 where id = 8830",
        "update org set parent_id = null where id = 8830",
        "update org set parent_id = 9103 where id = 9099",
        "update org set path = '8829/9099/' where id = 9099",
        SPACE.format(15641, "STRUCTURE", 3429, 9099, OWN_PATH, "3429/99/"),  # a hidden parent
        SPACE.format(15641, "STRUCTURE", 15641, 9099, OWN_PATH, "15641/99/"),
        SPACE.format(3429, "STRUCTURE", 15641, 9099, OWN_PATH, "3429/99/"),  # a hidden community
        SPACE.format(3429, "STRUCTURE", 3429, 9103, OTHER_PATH, "3429/99/"),  # not the community's organisation
        SPACE.format(3429, "STRUCTURE", 3429, 9103, OWN_PATH, "3429/99/"),
        SPACE.format("null", "COMMUNITY", 99, 9103, OWN_PATH, "99/"),  # not the path of the organisation
        SPACE.format("null", "COMMUNITY", 99, 40028, OWN_PATH, "99/"),  # a hidden organisation
        SPACE.format("null", "STRUCTURE", "null", 9099, OWN_PATH, "99/"),
        "update space set parent_id = 15641 where id = 9889",
        "update space set parent_id = 3429 where id = 9889",
        "update space set org_id = 9099 where id = 9885",
        f"update space set org_id = 9099, org_path = '{OWN_PATH}' where id = 9889",
        "update space set org_id = 40028 where id = 9885",
        "update space set community_id = 15641 where id = 9889",
        "update space set path = '15641/9889/' where id = 9889",
        "insert into org_role (org_id, role_id) values (9099, 20453)",  # of another tenant
        "insert into org_role (org_id, role_id) values (9103, 42500), (9103, 20453)",
        "insert into admin_grant (org_id, role_id, admin_id) values (9099, 42500, 43002)",  # of another tenant
        "insert into admin_grant (org_id, role_id, admin_id) values (9099, 42500, 8811), (9099, 42500, 43002)",
        RELATION.format(41017, 47001, "HOUSE"),  # a customer of another tenant
        RELATION.format(41078, 9867, "HOUSE"),  # a hidden house
        RELATION.format(41017, 9867, "PARKING"),
        RELATION.format(41013, 9867, "HOUSE"),  # a building
        "update property_relation set customer_id = 9867 where id = 48000",
        CLAIM.format(41078, 9148, "HOUSE"),  # a hidden space
        CLAIM.format(41017, 47001, "HOUSE"),  # a hidden customer
        CLAIM.format(41017, 9148, "PARKING"),
        CLAIM.format(13702, 9148, "HOUSE"),  # a community
        "update verification set customer_id = 9867 where id = 11266",
        "update verification set property_relation_id = 1 where id = 11266",  # another customer's
        "update verification set property_relation_id = 48007 where id = 11266",
        "update verification set space_id = 41017 where id = 11266",
        (
            "insert into housing_record (property_relation_id, space_id, customer_id, housing_status)"
            " values (48000, 10468, 9148, 'AWAY')"
        ),
        ORDER.format(41013, 49505, "null", "null"),  # a building
        ORDER.format(41017, 49505, "null", 8813),  # of another reporter
        ORDER.format(41017, 49505, 9867, "null"),
        "update work_order set assignee_id = 43002 where id = 49512",  # of another tenant
        "update work_order set receiver_id = 8813 where id = 49512",  # of another than the caller
    ],
)
def test_no_row_names_what_its_caller_may_not_name(staff: psycopg.Connection, statement: str) -> None:
    refused(staff, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update org set parent_id = 15264, path = '15264/8830/' where id = 8830",
        "update space set org_id = 40028, org_path = (select path from org where id = 40028) where id = 9885",
        "update space set parent_id = 15641, path = '15641/9885/' where id = 9885",
        MOVED_SPACE,
        SPACE.format(15641, "COMMUNITY", 99, 9099, OWN_PATH, "15641/99/"),
        "insert into org_relation (business_org_id, administrative_org_id) values (9099, 15263)",
        "insert into org_relation (business_org_id, administrative_org_id) values (15264, 6422)",
        RELATION.format(41017, 47001, "HOUSE"),
        CLAIM.format(41017, 47001, "HOUSE"),
    ],
)
def test_nothing_goes_from_one_tenant_of_a_caller_to_the_other(both: psycopg.Connection, statement: str) -> None:
    refused(both, statement)


@pytest.mark.parametrize(
    "statement",
    [
        ORG.format(8830, "BUSINESS", "8829/8830/99/"),
        ORDER.format(41017, 49505, "null", 43001),
        "update work_order set assignee_id = 8811, receiver_id = 43001 where id = 49512",
        ORG.format(100, "BUSINESS", "8829/8830/100/99/")  # the parent comes with the same statement
        + ", (100, 8830, 'BUSINESS', 'y', '8829/8830/100/', 1, 'x', 'x')",
        "update org set name = 'y' where id = 8829",  # whose parent, if it had one, would be hidden
        "update org set parent_id = 9103, path = '8829/8830/8831/9103/9099/' where id = 9099",
        SPACE.format(3429, "STRUCTURE", 3429, 9099, OWN_PATH, "3429/99/"),
        SPACE.format(3429, "COMMUNITY", 99, 9103, OTHER_PATH, "3429/99/"),
        f"update space set org_id = 9099, org_path = '{OWN_PATH}' where id = 9885",
        "update space set name = 'y' where id = 9889",
        "insert into org_role (org_id, role_id) values (9103, 42500)",
        "insert into admin_grant (org_id, role_id, admin_id) values (9099, 42500, 8811)",
        "insert into org_relation (business_org_id, administrative_org_id) values (9099, 8700)",
        RELATION.format(41017, 9867, "HOUSE") + ", (41024, 9867, 'PARKING')",
        "update property_relation set tenure = 'TENANT', is_main = false where id = 48000",
        "delete from property_relation where id = 48004",
        CLAIM.format(41017, 9148, "HOUSE"),
        "update verification set status = 'REJECTED', property_relation_id = null where id = 11266",
    ],
)
def test_what_the_services_write_is_let_through(staff: psycopg.Connection, statement: str) -> None:
    staff.execute(statement.encode())


def test_a_new_role_gets_its_organisations_and_then_belongs_to_them(staff: psycopg.Connection) -> None:
    for id_, org in ((1, 9099), (2, 15264)):
        staff.execute("set local role none")
        staff.execute("insert into role (id, name) values (%s, 'x')", [id_])
        if org != 9099:
            staff.execute("insert into org_role (org_id, role_id) values (%s, %s)", [org, id_])
        staff.execute("set local role cadastre_app")
    staff.execute("insert into org_role (org_id, role_id) values (9099, 1), (9103, 1)")
    refused(staff, "insert into org_role (org_id, role_id) values (9099, 2)")


def test_the_super_administrator_relates_and_grants_everywhere(demo_url: str) -> None:
    with opened(demo_url, Scope.everything().opening_to_write()) as connection:
        connection.execute("insert into org_relation (business_org_id, administrative_org_id) values (15264, 6419)")
        connection.execute("insert into org_role (org_id, role_id) values (9099, 20453)")
        connection.execute("insert into admin_grant (org_id, role_id, admin_id) values (9099, 20453, 43002)")
        refused(connection, "update org set parent_id = 15264, path = '15264/8830/' where id = 8830")


def test_a_hidden_customer_of_the_own_tenant_owns_nothing(demo_url: str) -> None:
    """Customer 9152 is known to 9099 alone; organisation 9105 does not see it."""
    path = "8829/8830/8831/9105/"
    held = {"property.write": (path,)}
    own = Scope(43001, is_super=False, scopes=(path,), admin_scopes=(), capabilities=held)
    with opened(demo_url, own.opening_to_write()) as connection:
        assert connection.execute("select org_path from space where id = 41017").fetchall() == [(path,)]
        connection.execute(RELATION.format(41017, 9148, "HOUSE").encode())
        refused(connection, RELATION.format(41018, 9152, "HOUSE"))
