"""Roles, and which staff hold them (document 003, 1.3, 1.4, 6.2, 6.4, 6.6, 6.7, 6.7A, 6.15, 13.2), through GraphQL."""

from tests.clients.api import Api
from tests.clients.writes import Writer

TOP, BELOW, LEAF, FOREIGN, ABSENT, BUILT_IN = "2", "40019", "40020", "15264", "999999999", "20463"
"""An organisation of yanggc4, one below it, one below that, another tenant's, none, and the built-in role."""

ROLE = "role { id name version isSystemDefault orgs { id } }"
GRANTS = "adminGrants { orgId roleId adminId isGrantedBySuper createdBy }"


def role_of(writer: Writer, *orgs: str) -> str:
    role: str = writer.done("createRole", ROLE, name="维护", orgIds=list(orgs))["role"]["id"]
    return role


def orgs_of(writer: Writer, role: str) -> list[str]:
    return [id_ for (id_,) in writer.sql("select org_id::text from org_role where role_id = %s order by 1", role)]


def colleague(writer: Writer) -> str:
    rows = writer.sql("select id::text from admin where org_id in (select administrative_org_id from org_relation"
                      " where business_org_id = 2) and id <> 1 order by id limit 1")  # fmt: skip
    return str(rows[0][0]) if rows else "2"


def test_6_6_a_role_belongs_to_at_least_one_organisation(staff: Writer) -> None:
    role = staff.done("createRole", ROLE, name="维护", orgIds=[TOP, BELOW])["role"]
    assert (role["name"], role["isSystemDefault"], [org["id"] for org in role["orgs"]]) == ("维护", False, [TOP, BELOW])
    assert staff.refusals("createRole", name="x", orgIds=[]) == [("INVALID_INPUT", ["orgIds"])]
    assert staff.refusals("createRole", name="x", orgIds=[TOP, FOREIGN]) == [("NOT_FOUND", ["orgIds"])]
    assert staff.refusals("createRole", name="", orgIds=[TOP]) == [("INVALID_INPUT", ["name"])]


def test_6_4_a_role_is_renamed_and_related_to_other_organisations(staff: Writer) -> None:
    role = role_of(staff, TOP, BELOW)
    renamed = staff.done("updateRole", ROLE, id=role, name="新名", expectedVersion=1)["role"]
    assert (renamed["name"], renamed["version"], len(renamed["orgs"])) == ("新名", 2, 2)
    related = staff.done("updateRole", ROLE, id=role, orgIds=[LEAF, TOP])["role"]
    assert [org["id"] for org in related["orgs"]] == [TOP, LEAF]
    assert staff.refusals("updateRole", id=role, name="x", expectedVersion=1) == [("CONFLICT", ["expectedVersion"])]
    assert staff.refusals("updateRole", id=role, orgIds=[FOREIGN]) == [("NOT_FOUND", ["orgIds"])]
    assert staff.done("updateRole", ROLE, id=role, orgIds=[])["role"] is None
    assert staff.sql("select count(*) from role where id = %s", role) == [(0,)]


def test_6_4_relations_above_the_caller_stay(staff: Writer, own_api: Api) -> None:
    role = role_of(staff, TOP, BELOW)
    headers = {"authorization": own_api.bearer("yanggc4"), "cadastre-org": BELOW}
    query = f'mutation {{ updateRole(input: {{id: "{role}", orgIds: []}}) {{ errors {{ code }} }} }}'
    answer = own_api.client.post("/graphql", json={"query": query}, headers=headers).json()
    assert answer["data"] == {"updateRole": {"errors": []}}
    assert orgs_of(staff, role) == [TOP]


def test_6_4_a_role_that_others_have_too_keeps_its_name(staff: Writer, super_: Writer) -> None:
    role = role_of(staff, TOP)
    super_.done("updateRole", ROLE, id=role, orgIds=[TOP, FOREIGN])
    assert staff.refusals("updateRole", id=role, name="x") == [("INVALID_INPUT", ["name"])]
    related = staff.done("updateRole", ROLE, id=role, name="维护", orgIds=[TOP, BELOW])["role"]
    assert [org["id"] for org in related["orgs"]] == [TOP, BELOW]
    assert super_.done("updateRole", ROLE, id=role, name="新名")["role"]["name"] == "新名"
    staff.done("updateRole", ROLE, id=role, orgIds=[])
    assert orgs_of(staff, role) == [FOREIGN]


def test_6_2_a_role_is_taken_from_an_organisation_and_those_below(staff: Writer) -> None:
    role = role_of(staff, TOP, BELOW, LEAF)
    staff.done("grantRole", GRANTS, orgId=LEAF, roleId=role, adminIds=["1"])
    staff.done("removeRole", ROLE, id=role, orgId=BELOW)
    assert orgs_of(staff, role) == [TOP]
    assert staff.sql("select count(*) from admin_grant where role_id = %s", role) == [(0,)]
    assert staff.refusals("removeRole", id=role) == [("INVALID_INPUT", ["deleteRole"])]
    assert staff.done("removeRole", ROLE, id=role, deleteRole=True)["role"] is None
    assert staff.sql("select count(*) from role where id = %s", role) == [(0,)]


def test_6_2_the_built_in_role_and_relations_of_the_super_administrator_stay(staff: Writer, super_: Writer) -> None:
    assert staff.refusals("removeRole", id=BUILT_IN, orgId=TOP, deleteRole=True) == [("INVALID_INPUT", ["id"])]
    assert super_.refusals("updateRole", id=BUILT_IN, name="x") == [("INVALID_INPUT", ["id"])]
    role = role_of(super_, BELOW)
    assert staff.refusals("removeRole", id=role, deleteRole=True) == [("INVALID_INPUT", ["id"])]
    assert super_.done("removeRole", ROLE, id=role, deleteRole=True)["role"] is None


def test_a_role_of_another_tenant_does_not_exist(staff: Writer) -> None:
    for id_ in ("20453", ABSENT):
        assert staff.refusals("updateRole", id=id_, name="x") == [("NOT_FOUND", ["id"])]
        assert staff.refusals("removeRole", id=id_, deleteRole=True) == [("NOT_FOUND", ["id"])]


def test_6_7_staff_get_an_ordinary_role_once(staff: Writer) -> None:
    role, other = role_of(staff, BELOW), colleague(staff)
    for _ in range(2):
        held = staff.done("grantRole", GRANTS, orgId=BELOW, roleId=role, adminIds=["1", other])["adminGrants"]
        assert [(row["adminId"], row["isGrantedBySuper"], row["createdBy"]) for row in held] == [
            ("1", False, "yanggc4"), (other, False, "yanggc4"),
        ]  # fmt: skip
    for input_, refusal in (
        ({"orgId": TOP, "roleId": role, "adminIds": ["1"]}, ("NOT_FOUND", ["roleId"])),
        ({"orgId": BELOW, "roleId": role, "adminIds": []}, ("INVALID_INPUT", ["adminIds"])),
        ({"orgId": BELOW, "roleId": role, "adminIds": [ABSENT]}, ("NOT_FOUND", ["adminIds"])),
        ({"orgId": TOP, "roleId": BUILT_IN, "adminIds": ["1"]}, ("INVALID_INPUT", ["roleId"])),
    ):
        assert staff.refusals("grantRole", **input_) == [refusal]


def test_6_7a_the_super_administrator_grants_the_built_in_role_only(super_: Writer, staff: Writer) -> None:
    role = role_of(staff, BELOW)
    grants = [
        {"orgId": TOP, "roleId": BUILT_IN, "adminIds": ["2"]},
        {"orgId": BELOW, "roleId": role, "adminIds": ["2"]},
    ]
    payload = super_.payload("grantRoles", GRANTS, adminGrants=grants, onError="SKIP")
    assert [(row["roleId"], row["isGrantedBySuper"]) for row in payload["adminGrants"]] == [(BUILT_IN, True)]
    assert [(error["code"], error["index"]) for error in payload["errors"]] == [("INVALID_INPUT", 1)]


def test_6_15_roles_are_taken_away_but_not_what_the_super_administrator_granted(staff: Writer) -> None:
    role, second = role_of(staff, TOP), role_of(staff, TOP)
    for each in (role, second):
        staff.done("grantRole", GRANTS, orgId=TOP, roleId=each, adminIds=["1"])
    assert len(staff.done("revokeRole", "deletedIds", orgId=TOP, roleId=role, adminIds=["1"])["deletedIds"]) == 1
    staff.done("revokeRole", "deletedIds", orgId=TOP, adminIds=["1"])
    left = staff.sql(
        "select distinct is_granted_by_super or role_id = 20463 from admin_grant where org_id = 2 and admin_id = 1"
    )
    assert left == [(True,)]
    assert staff.refusals("revokeRole", orgId=TOP, roleId=BUILT_IN, adminIds=["1"]) == [("INVALID_INPUT", ["roleId"])]
    assert staff.refusals("revokeRole", orgId=FOREIGN, adminIds=["1"]) == [("NOT_FOUND", ["orgId"])]


def test_a_revoked_role_counts_at_once(staff: Writer, super_: Writer) -> None:
    assert staff.payload("createRole", name="x", orgIds=["8829"])["errors"] == []
    super_.done("dismissAdministrators", "deletedIds", adminIds=["1"], orgId="8829")
    answer = staff.answer("createRole", "", {"name": "x", "orgIds": ["8829"]})
    assert answer["data"]["createRole"]["errors"][0]["code"] == "NOT_FOUND"


def test_1_3_administrators_get_the_built_in_role_with_all_menus(super_: Writer, staff: Writer) -> None:
    menus = super_.sql("select count(*) from org_menu where org_id = 2")[0][0]
    held = super_.done("appointAdministrators", GRANTS, orgId=BELOW, adminIds=["2", "1"])["adminGrants"]
    assert [(row["adminId"], row["roleId"], row["isGrantedBySuper"]) for row in held] == [
        ("2", BUILT_IN, True), ("1", BUILT_IN, True),
    ]  # fmt: skip
    state = """select (select count(*) from org_menu where org_id = 40019),
      (select count(*) from org_role_menu where org_id = 40019 and role_id = 20463 and is_granted_by_super),
      (select is_granted_by_super from org_role where org_id = 40019 and role_id = 20463)"""
    assert super_.sql(state) == [(menus, menus, True)]
    assert staff.forbidden("appointAdministrators", orgId=BELOW, adminIds=["2"]) == "SYSTEM_SUPER"


def test_19_the_top_organisation_first_needs_menus(super_: Writer, own_api: Api) -> None:
    org = super_.done("createOrg", "org { id }", name="租户", type="BUSINESS")["org"]["id"]
    before = super_.everything()
    field = f'appointAdministrators(input: {{orgId: "{org}", adminIds: ["2"]}})'
    body = {"query": f"mutation {{ {field} {{ errors {{ code message path }} }} }}"}
    headers = {"authorization": own_api.bearer("supperadm"), "accept-language": "zh"}
    answer = own_api.client.post("/graphql", json=body, headers=headers).json()
    (error,) = answer["data"]["appointAdministrators"]["errors"]
    assert error == {"code": "INVALID_INPUT", "message": "先授予顶级业务组织菜单范围", "path": ["input", "orgId"]}
    assert super_.everything() == before


def test_1_4_and_13_2_administrators_are_dismissed_where_they_are_appointed(super_: Writer) -> None:
    super_.done("appointAdministrators", GRANTS, orgId=BELOW, adminIds=["1", "2"])
    assert super_.refusals("dismissAdministrators", orgId=LEAF, adminIds=["1"]) == [("INVALID_INPUT", ["adminIds"])]
    assert super_.refusals("dismissAdministrators", orgId=BELOW, adminIds=["1"]) == [("INVALID_INPUT", ["adminIds"])]
    assert len(super_.done("dismissAdministrators", "deletedIds", orgId=TOP, adminIds=["1", "2"])["deletedIds"]) >= 1
    super_.done("dismissAdministrators", "deletedIds", adminIds=["1", "2"])
    left = "select count(*) from admin_grant where role_id = 20463 and admin_id in (1, 2)"
    assert super_.sql(left) == [(0,)]
