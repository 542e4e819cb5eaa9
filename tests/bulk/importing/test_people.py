"""Staff, customers and property relations from files: known again, refused by the rules of the services, recorded."""

from typing import Any

import pytest

from app.bulk.importing.records import RowError
from app.bulk.index_rebuild import INDEXES, REFERENCES
from tests.clients.importer import Importer, outcome

ORGS = "external_id,parent_external_id,name,type\nt,,集团,2\np,t,项目,2\nq,t,项目二,2\nd,,部门,1\nu,,他租户,2\n"
SPACES = (
    "external_id,parent_external_id,name,type,org_external_id\nc,,小区,COMMUNITY,p\nh1,c,101,HOUSE,\nh2,c,102,HOUSE,\n"
    "s1,c,A1,PARK_SPACE,\ncu,,小区,COMMUNITY,u\nhu,cu,201,HOUSE,\n"
)
CUSTOMERS = "external_id,top_org_external_id,name,phone,identity_type,identity,org_external_ids\n"
RELATIONS = "external_id,space_external_id,customer_external_id,tenure,is_main,housing_status\n"
ADMINS = "external_id,org_external_id,name,account,phone,staff_number\n"
CARD = "110101199003070038"


@pytest.fixture
def filled(load: Importer) -> Importer:
    """Give an importer into a register with two tenants, houses and a parking place."""
    assert outcome(load(ORGS, "orgs")) == (5, 0, 0, 0)
    report = load(SPACES, "spaces")
    assert (report.errors, outcome(report)) == ([], (6, 0, 0, 0))
    return load


def imported(load: Importer, noun: str, header: str, *rows: str, **options: Any) -> Any:
    return load(header + "".join(f"{row}\n" for row in rows), noun, **options)


def people(load: Importer) -> None:
    report = imported(load, "customers", CUSTOMERS, f"a,t,王伟,139 0000 0001,1,{CARD},p;q", "b,t,李娜,13900000002,,,")
    assert (report.errors, outcome(report)) == ([], (2, 0, 0, 0))


def test_customers_are_known_again_and_only_what_differs_changes(filled: Importer) -> None:
    people(filled)
    assert filled.rows(
        "select name, phone, identity_type, identity, type, status, version from customer order by id"
    ) == [
        ("王伟", "13900000001", "IDENTITY_CARD", CARD, "PERSON", "ENABLED", 1),
        ("李娜", "13900000002", None, None, "PERSON", "ENABLED", 1),
    ]
    joined = "customer_org k join customer c on c.id = k.customer_id join org o on o.id = k.org_id"
    known = f"select c.name, o.name from {joined} order by 2"
    assert filled.rows(known) == [("王伟", "项目"), ("王伟", "项目二")]
    report = imported(filled, "customers", CUSTOMERS, "b,t,李娜,13900000002,,,", f"a,t,王伟,13900000001,1,{CARD},q")
    assert outcome(report) == (0, 1, 1, 0)
    assert filled.rows(known) == [("王伟", "项目二")]
    assert outcome(imported(filled, "customers", "external_id,level\n", "a,3", "b,")) == (0, 1, 1, 0)
    assert filled.rows("select level, phone, version from customer order by id") == [
        (3, "13900000001", 3),
        (None, "13900000002", 1),
    ]
    changed = (
        "select operation, changed_fields from change where entity = 'customer' and operation = 'UPDATE' order by id"
    )
    assert [fields for _, fields in filled.rows(changed) if fields][-1] == ["level"]
    assert filled.rows("select distinct client, created_by from change, customer where entity = 'customer'") == [
        ("cadastre import", "import")
    ]


def structure(load: Importer, table: str) -> list[list[str]]:
    """Name the indexes and the foreign keys of a table. PostgreSQL writes a condition differently the second time."""
    return [[row[0] for row in load.rows(query.replace("%s", f"'{table}'"))] for query in (INDEXES, REFERENCES)]


def test_a_large_file_leaves_the_indexes_of_all_tables_that_it_fills(
    filled: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load of very many rows drops them and makes them anew; here every load is one."""
    monkeypatch.setattr("app.bulk.index_rebuild.FEWEST_ROWS", 1)
    tables = ("customer", "customer_org", "property_relation", "housing_record")
    before = {table: structure(filled, table) for table in tables}
    assert all(all(each) for each in before.values())
    people(filled)
    report = imported(filled, "relations", RELATIONS, "r1,h1,a,1,1,1000", "r2,h2,b,1,1,1000")
    assert (report.errors, outcome(report)) == ([], (2, 0, 0, 0))
    assert {table: structure(filled, table) for table in tables} == before
    assert filled.rows("select count(*) from housing_record") == [(2,)]


BAD_CUSTOMERS = {
    ",t,王伟,,,,": "external_id is empty",
    "b1,t,,,,,": "name is empty",
    "b2,,王伟,,,,": "a new record needs top_org_external_id or top_org_id",
    "b3,nix,王伟,,,,": "top_org 'nix' is not in the register",
    "b4,p,王伟,,,,": "a customer belongs to the top business organisation of a tenant; 'p' is not one",
    "b5,d,王伟,,,,": "a customer belongs to the top business organisation of a tenant; 'd' is not one",
    "b6,t,王伟,,,,nix": "the tenant has no organisation 'nix'",
    "b7,t,王伟,,,,u": "the tenant has no organisation 'u'",
    "b8,t,王伟,,,X1,": "identity_type is empty: identityType is missing: numbers are compared within one kind of",
    "b9,t,王伟,,1,110101199003070039,": "identity: the last character does not match the others",
    "ba,t,王伟,,身份证,11010119900307003,": "identity: an identity card has 18 characters",
    "bb,t,王伟,,9,X,": "identity_type is unknown: '9'",
    f"bc,t,别人,,1,{CARD},": "another record has the same identity: ",
    "bd,t,王伟,13900000001,,,": "another record has the same name with this phone: ",
    "z,t,甲,,,,": "external_id 'z' is already in line 2",
    "be,t,丙,13900000009,,,": "another row has the same name with this phone: line 2",
}


def test_bad_customers_are_named_with_their_lines(filled: Importer) -> None:
    people(filled)
    rows = ("z,t,丙,13900000009,,,", *BAD_CUSTOMERS)
    report = imported(filled, "customers", CUSTOMERS, *rows)
    assert filled.rows("select count(*) from customer") == [(2,)]
    assert_refused(report.errors, BAD_CUSTOMERS)
    skipped = imported(filled, "customers", CUSTOMERS, *rows, on_error="skip")
    assert (skipped.errors, outcome(skipped)) == (report.errors, (1, 0, 0, len(BAD_CUSTOMERS)))


def assert_refused(errors: list[RowError], bad: dict[str, str]) -> None:
    """Check that each bad row has its error, from line 3 on."""
    assert [error.line for error in errors] == list(range(3, 3 + len(bad)))
    for error, message in zip(errors, bad.values(), strict=True):
        assert error.message.startswith(message)


def test_two_customers_exchange_what_is_unique(filled: Importer) -> None:
    people(filled)
    rows = ("a,t,李娜,13900000002,,,", f"b,t,王伟,13900000001,1,{CARD},")
    dry = imported(filled, "customers", CUSTOMERS, *rows, dry_run=True)
    report = imported(filled, "customers", CUSTOMERS, *rows)
    assert (report.errors, outcome(report)) == ([], (0, 2, 0, 0)) == (dry.errors, outcome(dry))
    assert filled.rows("select external_id, name, identity from customer order by external_id") == [
        ("a", "李娜", None),
        ("b", "王伟", CARD),
    ]


def test_a_row_that_is_left_out_frees_nothing(filled: Importer) -> None:
    people(filled)
    rows = ("a,t,王伟,,1,110101199003070039,", "c,t,王伟,13900000001,,,")
    report = imported(filled, "customers", CUSTOMERS, *rows, on_error="skip")
    assert [error.line for error in report.errors] == [2, 3]


def test_an_old_number_is_stored_as_the_new_one_and_a_stored_one_is_not_checked_again(filled: Importer) -> None:
    imported(filled, "customers", CUSTOMERS, "a,t,王伟,,1,110101900307003,")
    assert filled.rows("select identity from customer") == [(CARD,)]
    filled.rows("update customer set identity = '110101199003070039'")
    report = imported(filled, "customers", CUSTOMERS, "a,t,王伟二,,1,110101199003070039,")
    assert (report.errors, outcome(report)) == ([], (0, 1, 0, 0))


def test_relations_have_the_housing_log_and_make_customers_known(filled: Importer) -> None:
    people(filled)
    report = imported(filled, "relations", RELATIONS, "r1,h1,a,1,是,", "r2,h1,b,租客,,1000", "r3,s1,a,,true,")
    assert (report.errors, outcome(report)) == ([], (3, 0, 0, 0))
    assert filled.rows("select type, tenure, is_main, housing_status from property_relation order by id") == [
        ("HOUSE", "OWNER", True, "LIVING_IN"),
        ("HOUSE", "TENANT", False, "LIVING_IN"),
        ("PARKING", "OWNER", True, "LIVING_IN"),
    ]
    assert filled.rows(
        "select count(*) from customer_org k join org o on o.id = k.org_id where o.external_id = 'p'"
    ) == [(2,)]
    again = imported(filled, "relations", RELATIONS, "r2,h1,b,3,0,MOVED_OUT", "r1,h1,a,1,1,1000", "r3,s1,a,1,1,1000")
    assert outcome(again) == (0, 1, 2, 0)
    assert filled.rows("select customer_name, housing_status, created_by from housing_record order by id") == [
        ("王伟", "LIVING_IN", "import"), ("李娜", "LIVING_IN", "import"), ("王伟", "LIVING_IN", "import"),
        ("李娜", "MOVED_OUT", "import"),
    ]  # fmt: skip


BAD_RELATIONS = {
    "x1,nix,a,1,,": "space 'nix' is not in the register",
    "x2,h2,nix,1,,": "customer 'nix' is not in the register",
    "x3,,a,1,,": "a new record needs space_external_id or space_id",
    "x4,c,a,1,,": "only a HOUSE or a PARK_SPACE is owned or rented; the space is 'COMMUNITY'",
    "x5,hu,a,1,,": "customer 'a' is not in the register",
    "x6,h2,a,TENANT,1,": "only an OWNER is a main owner",
    "x7,h1,b,OWNER,1,": "another record has the same main owner: ",
    "x8,h1,a,TENANT,,": "another record has the same valid relation of the customer and the space: ",
    "r1,h2,a,1,,": "a record keeps its space; 'h2' is another one",
    "x9,h2,a,5,,": "tenure is unknown: '5'",
    "xa,h2,b,OWNER,,": "another row has the same valid relation of the customer and the space: line 2",
}


def test_bad_relations_are_named_with_their_lines(filled: Importer) -> None:
    people(filled)
    imported(filled, "relations", RELATIONS, "r1,h1,a,1,1,")
    report = imported(filled, "relations", RELATIONS, "z,h2,b,1,1,", *BAD_RELATIONS)
    assert_refused(report.errors, BAD_RELATIONS)


def test_the_main_owner_changes_in_one_file(filled: Importer) -> None:
    people(filled)
    imported(filled, "relations", RELATIONS, "r1,h1,a,1,1,", "r2,h1,b,1,0,")
    report = imported(filled, "relations", RELATIONS, "r2,h1,b,1,1,", "r1,h1,a,1,0,MOVED_OUT", "r3,h1,a,TENANT,0,")
    assert (report.errors, outcome(report)) == ([], (1, 2, 0, 0))


def test_staff_belong_to_an_administrative_organisation(filled: Importer) -> None:
    report = imported(filled, "admins", ADMINS, "a,d,杨观超,yang,13900000001,7", "b,d,李,,13900000002,")
    assert (report.errors, outcome(report)) == ([], (2, 0, 0, 0))
    assert filled.rows("select name, account, password_hash, is_super, is_enabled from admin order by id") == [
        ("杨观超", "yang", None, False, True), ("李", None, None, False, True),
    ]  # fmt: skip
    rows = ("c,p,张,,,", "d,d,张,yang,,", "e,d,张,,13900000001,", "f,d,张,,,7", "g,,张,,,")
    report = imported(filled, "admins", ADMINS, *rows)
    owner = filled.id_of("a", "admin")
    assert report.errors == [
        RowError(2, "staff belong to an administrative organisation; 'p' is not one"),
        RowError(3, f"another record has the same account: {owner}"),
        RowError(4, f"another record has the same phone: {owner}"),
        RowError(5, f"another record has the same staff_number: {owner}"),
        RowError(6, "a new record needs org_external_id or org_id"),
    ]
    below = imported(filled, "admins", ADMINS, "g,,张,,,", under=filled.id_of("d"))
    assert (below.errors, outcome(below)) == ([], (1, 0, 0, 0))
    assert outcome(imported(filled, "admins", "external_id,is_enabled,birthday\n", "a,false,1990-03-07")) == (
        0,
        1,
        0,
        0,
    )
    assert filled.rows("select is_enabled, token_version, birthday::text from admin where external_id = 'a'") == [
        (False, 1, "1990-03-07")
    ]


def test_the_registers_own_records_are_known_by_their_ids(filled: Importer) -> None:
    people(filled)
    customer, house = filled.id_of("a", "customer"), filled.id_of("h1", "space")
    top = filled.id_of("t")
    report = imported(
        filled, "customers", "external_id,top_org_external_id,level\n", f"{customer},{top},2", source="own"
    )
    assert (report.errors, outcome(report)) == ([], (0, 1, 0, 0))
    assert filled.rows("select level, source, external_id from customer where level is not null") == [
        (2, "import", "a")
    ]
    report = imported(filled, "customers", "external_id,level\n", "1,2", "a,2", source="own")
    assert [error.message for error in report.errors] == [
        "the register has no customer '1'; its own records are known by their ids",
        "the register has no customer 'a'; its own records are known by their ids",
    ]
    report = filled(f"external_id,area\n{house},89.5\n1,2\n", "spaces", source="own", on_error="skip")
    assert (outcome(report), report.error_count) == ((0, 1, 0, 1), 1)
