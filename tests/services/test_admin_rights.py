"""Who may write staff: those of a place, and no account that reaches further, in the services and in the database."""

from typing import Any

import psycopg
import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.databases import run_call
from tests.services.test_admin import SHORT
from tests.worlds.visibility import scope_of, world_of

OWN_ORG, SHARED_ORG, SERVED, FOREIGN_ORG = "40015", "6419", "8829", "15263"
"""yanggc4 administers 2 and 8829; 40015 serves the one, 6419 the other. 15263 serves another tenant."""

HELPER, REACHING, STRANGER, SUPER = "3411", "43002", "15678", "43003"
NEW: dict[str, Any] = {"name": "新人", "account": "newcomer"}
WRITES: dict[str, dict[str, Any]] = {
    "updateAdmin": {"account": "taken-over"},
    "setAdminEnabled": {"isEnabled": False},
    "setPassword": {"password": "x"},
    "deleteAdmin": {},
}
"""What may be done to a stored member of staff."""


@pytest.fixture
def person(super_: Writer) -> str:
    """Give a member of staff of the shared department who holds no role."""
    id_: str = super_.done("createAdmin", "admin { id }", orgId=SHARED_ORG, **NEW)["admin"]["id"]
    return id_


def grant(writer: Writer, admin: str, org: str) -> None:
    """Let a member of staff hold some role in an organisation."""
    ((role,),) = writer.sql("insert into role (name) values ('外部') returning id")
    writer.sql("insert into org_role (org_id, role_id) values (%s, %s)", org, role)
    writer.sql("insert into admin_grant (org_id, role_id, admin_id) values (%s, %s, %s)", org, role, admin)


def relate(writer: Writer, business: str, serving: str) -> None:
    """Let an administrative organisation serve a business one."""
    writer.sql("insert into org_relation (business_org_id, administrative_org_id) values (%s, %s)", business, serving)
    writer.api.forget_callers()


def test_an_administrator_writes_the_staff_that_serve_only_their_place(staff: Writer) -> None:
    made = staff.done("createAdmin", "admin { id createdBy }", orgId=SHARED_ORG, **NEW)["admin"]
    assert made["createdBy"] == "yanggc4"
    staff.done("updateAdmin", id=made["id"], name="改名", orgId=OWN_ORG)
    staff.done("setAdminEnabled", id=made["id"], isEnabled=False)
    staff.done("setPassword", id=made["id"], password=SHORT)
    staff.done("deleteAdmin", id=made["id"])


@pytest.mark.parametrize("field", WRITES)
def test_who_holds_a_role_elsewhere_is_out_of_reach(staff: Writer, super_: Writer, person: str, field: str) -> None:
    grant(super_, person, "15264")
    assert staff.forbidden(field, id=person, **WRITES[field]) == "ADMIN_WRITE"


@pytest.mark.parametrize("field", WRITES)
def test_staff_who_serve_others_too_are_out_of_reach(staff: Writer, super_: Writer, person: str, field: str) -> None:
    relate(super_, "15264", SHARED_ORG)
    assert staff.forbidden(field, id=person, **WRITES[field]) == "ADMIN_WRITE"
    assert staff.forbidden("createAdmin", orgId=SHARED_ORG, name="x") == "ADMIN_WRITE"
    assert staff.forbidden("createAdmin", orgId="6423", name="x") == "ADMIN_WRITE"  # below the one that serves others


@pytest.mark.parametrize("field", WRITES)
def test_the_super_administrator_is_out_of_reach_even_in_an_own_department(
    staff: Writer, super_: Writer, field: str
) -> None:
    super_.sql("update admin set org_id = %s where id = %s", SHARED_ORG, SUPER)
    assert staff.forbidden(field, id=SUPER, **WRITES[field]) == "ADMIN_WRITE"


def test_nobody_is_moved_out_of_the_place_or_into_it(staff: Writer, person: str) -> None:
    assert staff.refusals("updateAdmin", id=person, orgId=FOREIGN_ORG) == [("NOT_FOUND", ["orgId"])]
    assert staff.refusals("updateAdmin", id=STRANGER, orgId=SHARED_ORG) == [("NOT_FOUND", ["id"])]


def test_a_part_of_a_place_reaches_no_staff_that_serve_the_whole(own_api: Api, own_url: str, person: str) -> None:
    huang = Writer(own_api, own_url, "huangrp5")  # administrator of 8831 only, which 6419 serves as well as 8829
    assert huang.forbidden("setPassword", id=person, password=SHORT) == "ADMIN_WRITE"
    assert huang.forbidden("createAdmin", orgId="6423", name="x") == "ADMIN_WRITE"


def test_the_header_narrows_whose_staff_may_be_written(staff: Writer, person: str) -> None:
    query = f'mutation {{ setPassword(input: {{ id: "{person}", password: "x" }}) {{ errors {{ code }} }} }}'
    codes = []
    for org in ("8831", SERVED):
        headers = {"authorization": staff.authorization, "cadastre-org": org}
        answer = staff.api.client.post("/graphql", json={"query": query}, headers=headers).json()
        codes.append([error["extensions"]["code"] for error in answer.get("errors", ())])
    assert codes == [["FORBIDDEN"], []]


@pytest.fixture
def clerk(super_: Writer) -> Writer:
    """Give a member of staff whose role gives `admin.write`, and no other capability, where yanggc4 is 管理员."""
    ((role,),) = super_.sql("insert into role (name) values ('人事') returning id")
    ((menu,),) = super_.sql("update menu set capability = 'ADMIN_WRITE' where id = 30281 returning id")
    super_.sql("delete from admin_grant where admin_id = 3")
    for org in ("2", SERVED):
        super_.sql("insert into org_menu (org_id, menu_id) values (%s, %s) on conflict do nothing", org, menu)
        super_.sql("insert into org_role (org_id, role_id) values (%s, %s)", org, role)
        super_.sql("insert into org_role_menu (org_id, role_id, menu_id) values (%s, %s, %s)", org, role, menu)
        super_.sql("insert into admin_grant (org_id, role_id, admin_id) values (%s, %s, 3)", org, role)
    super_.api.forget_callers()
    return Writer(super_.api, super_.url, "lisi")


def appoint(writer: Writer, admin: str) -> None:
    """Let a member of staff hold the built-in role in an organisation of the clerk."""
    ((role,),) = writer.sql("select id from role where is_system_default")
    writer.sql("insert into org_role (org_id, role_id) values (%s, %s) on conflict do nothing", SERVED, role)
    writer.sql("insert into admin_grant (org_id, role_id, admin_id) values (%s, %s, %s)", SERVED, role, admin)
    writer.api.forget_callers()


@pytest.mark.parametrize("field", WRITES)
def test_who_has_more_rights_in_the_same_place_is_out_of_reach(
    clerk: Writer, staff: Writer, super_: Writer, person: str, field: str
) -> None:
    grant(super_, person, SERVED)
    clerk.done("updateAdmin", id=person, name="改名")
    appoint(super_, person)
    assert clerk.forbidden(field, id=person, **WRITES[field]) == "ADMIN_WRITE"
    staff.done("setPassword", id=person, password=SHORT)  # has as many


def test_who_has_one_capability_more_is_out_of_reach(clerk: Writer, super_: Writer, person: str) -> None:
    grant(super_, person, SERVED)
    ((role,),) = super_.sql("select role_id from admin_grant where admin_id = %s", person)
    for capability, is_out in (("ADMIN_WRITE", False), ("SYSTEM_SUPER", False), ("PII_READ", True)):
        ((menu,),) = super_.sql(
            "update menu set capability = %s where id = (select min(menu_id) from org_menu where org_id = %s"
            " and menu_id <> 30281) returning id",
            capability,
            SERVED,
        )
        super_.sql(
            "insert into org_role_menu (org_id, role_id, menu_id) values (%s, %s, %s) on conflict do nothing",
            SERVED,
            role,
            menu,
        )
        answer = clerk.answer("setPassword", "", {"id": person, "password": SHORT})
        assert ("errors" in answer) is is_out, capability


STATEMENTS = {
    "update": "update admin set account = 'taken-over' where id = %s",
    "password": "update admin set password_hash = 'x', password_changed_at = now() where id = %s",
    "delete": "delete from admin where id = %s",
}


def rows_written(writer: Writer, statement: str, *values: object) -> int:
    """Run a statement as a request of yanggc4 could, without the services, and give the rows that it wrote."""
    held = {"admin.write": ("2/", "8829/")}
    scope = scope_of(world_of(writer.url), "yanggc4")
    opening = type(scope)(scope.actor, False, scope.scopes, scope.admin_scopes, capabilities=held).opening_to_write()  # noqa: FBT003
    with psycopg.connect(writer.url) as connection:
        run_call(connection, opening)
        written = connection.execute(statement.encode(), values).rowcount
        connection.rollback()
    return written


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_itself_refuses_to_take_over_an_account(super_: Writer, person: str, statement: str) -> None:
    assert rows_written(super_, STATEMENTS[statement], person) == 1
    grant(super_, person, "15264")
    assert rows_written(super_, STATEMENTS[statement], person) == 0


def test_the_database_itself_keeps_staff_in_their_place(super_: Writer, person: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows_written(super_, "update admin set org_id = %s where id = %s", FOREIGN_ORG, person)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows_written(super_, "insert into admin (name, org_id) values ('x', %s)", FOREIGN_ORG)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows_written(super_, "update admin set is_super = true where id = %s", person)
