"""Absence is not a value: what a file has no column for, and a place that it does not name, stay as they are."""

import pytest

from app.bulk.importing.records import RowError
from app.errors import OperatorError
from tests.clients.importer import ORGS, TREE, Importer, outcome

STORED = "select * from {} order by id"


@pytest.fixture
def tenant(load: Importer) -> int:
    """Give a top organisation of another source, with the tree of the file below it."""
    load(ORGS + "top,,租户,2\n", source="own system")
    top = load.id_of("top")
    load(TREE, under=top)
    return top


def test_a_file_without_the_parent_column_leaves_records_where_they_are(load: Importer, tenant: int) -> None:
    assert load.names() == ["租户", "租户/甲", "租户/甲/乙", "租户/甲/乙/丙", "租户/甲/丁"]
    flat = "external_id,name,type\na,甲一,2\nb,乙,2\nc,丙,2\nd,丁,2\n"
    assert outcome(load(flat)) == (0, 1, 3, 0)
    assert load.names() == ["租户", "租户/甲一", "租户/甲一/乙", "租户/甲一/乙/丙", "租户/甲一/丁"]
    assert outcome(load(flat, under=tenant)) == (0, 0, 4, 0)
    assert outcome(load(flat, under=load.id_of("d"))) == (0, 0, 4, 0)


def test_a_file_imported_again_without_under_stays_in_its_tenant(load: Importer, tenant: int) -> None:
    before = load.rows(STORED.format("org"))
    assert outcome(load(TREE)) == (0, 0, 4, 0)
    assert outcome(load(TREE, under=tenant)) == (0, 0, 4, 0)
    assert load.rows(STORED.format("org")) == before


@pytest.mark.usefixtures("tenant")
def test_a_blank_parent_moves_to_the_top_of_what_the_source_has(load: Importer) -> None:
    assert outcome(load(ORGS + "c,,丙,2\n")) == (0, 1, 0, 0)
    assert load.names() == ["租户", "租户/甲", "租户/甲/乙", "租户/丙", "租户/甲/丁"]
    assert outcome(load(ORGS + "b,,乙,2\n", under=load.id_of("d"))) == (0, 1, 0, 0)
    assert load.names()[2] == "租户/甲/丁/乙"
    assert load.rows("select count(*) from org where parent_id is null") == [(1,)]


def test_a_blank_parent_of_a_source_with_roots_makes_a_root(load: Importer) -> None:
    load(TREE)
    load(ORGS + "c, ,丙,2\n")
    assert load.names() == ["甲", "甲/乙", "丙", "甲/丁"]
    assert outcome(load(ORGS + "c,,丙二,2\n")) == (0, 1, 0, 0)
    load(ORGS + "c,,丙,2\n", under=load.id_of("d"))
    assert load.names() == ["甲", "甲/乙", "丙二", "甲/丁", "甲/丁/丙"], "a top organisation is a tenant of its own"


def test_two_tenants_use_the_same_source_and_keys(load: Importer, tenant: int) -> None:
    load(ORGS + "other,,别家,2\n", source="own system")
    other = load.id_of("other")
    assert outcome(load(TREE, under=other)) == (4, 0, 0, 0)
    assert load.names()[1:5] == ["租户/甲", "租户/甲/乙", "租户/甲/乙/丙", "租户/甲/丁"]
    assert load.names()[6:] == ["别家/甲", "别家/甲/乙", "别家/甲/乙/丙", "别家/甲/丁"]
    for under in (tenant, other):
        assert outcome(load(TREE, under=under)) == (0, 0, 4, 0)
    assert outcome(load(ORGS + "e,b,戊,2\nb,a,乙二,2\n", under=other)) == (1, 1, 0, 0)
    assert load.names()[-1] == "别家/甲/乙二/戊"


@pytest.mark.usefixtures("tenant")
def test_a_key_of_several_tenants_needs_under(load: Importer) -> None:
    load(ORGS + "other,,别家,2\n", source="own system")
    load(TREE, under=load.id_of("other"))
    report = load(ORGS + "a,,甲,2\nn,b,新,2\nm,n,新,2\n", on_error="skip")
    message = "is known in several tenants; import one tenant at a time, with --under"
    assert report.errors == [
        RowError(2, f"external_id 'a' {message}"),
        RowError(3, f"parent_external_id 'b' {message}"),
    ]
    assert report.skipped == 3


def test_communities_keep_their_owner(load: Importer, tenant: int) -> None:
    spaces = "external_id,parent_external_id,name,type\nx,,园,COMMUNITY\ny,x,栋,BUILDING\n"
    load(spaces, "spaces", under=load.id_of("c"))
    before = load.rows(STORED.format("space"))
    assert outcome(load(spaces, "spaces")) == (0, 0, 2, 0)
    flat = spaces.replace("parent_external_id,", "").replace("x,,", "x,").replace("y,x,", "y,")
    assert outcome(load(flat, "spaces", under=tenant)) == (0, 0, 2, 0)
    assert outcome(load("external_id,org_id\nx,\n", "spaces")) == (0, 0, 1, 0)
    assert load.rows(STORED.format("space")) == before
    assert outcome(load(spaces, "spaces", under=load.id_of("d"))) == (0, 1, 1, 0)
    assert set(load.rows("select org_id from space")) == {(load.id_of("d"),)}
    load(ORGS + "other,,别家,2\n", source="own system")
    assert outcome(load(spaces, "spaces", under=load.id_of("other"))) == (2, 0, 0, 0)
    assert load.names("space") == ["园", "园/栋"] * 2


def test_spaces_without_an_owner_get_one_by_under(load: Importer, tenant: int) -> None:
    spaces = "external_id,parent_external_id,name,type\nx,,园,COMMUNITY\ny,x,栋,BUILDING\n"
    load(spaces, "spaces")
    assert outcome(load(spaces, "spaces", under=tenant)) == (0, 1, 1, 0)
    assert set(load.rows("select org_id from space")) == {(tenant,)}


SPACE = "external_id,name,type,status,business_type,area,fee_area,code,org_id,fourgrid_id"
ORG = "external_id,name,type,status,business_sub_type,code,fourgrid_id"


@pytest.mark.usefixtures("tenant")
def test_a_value_without_a_column_stays_whichever_it_is(load: Importer) -> None:
    org = load.id_of("b")
    load(f"{SPACE}\nx,园,COMMUNITY,DISABLED,5,89.5,80,100000777,{org},77\n", "spaces")
    load(f"{ORG}\no,戊,BUSINESS,DISABLED,PROJECT,100000888,88\n")
    for noun, table, header, key in (("spaces", "space", SPACE, "x"), ("orgs", "org", ORG, "o")):
        before = load.rows(f"select * from {table} where external_id = %s", key)
        assert outcome(load(f"external_id\n{key}\n", noun)) == (0, 0, 1, 0)
        for column in header.split(",")[1:]:
            stored = load.rows(f"select {column} from {table} where external_id = %s", key)[0][0]
            assert outcome(load(f"external_id,{column}\n{key},{stored}\n", noun)) == (0, 0, 1, 0), column
        assert load.rows(f"select * from {table} where external_id = %s", key) == before


def test_a_type_that_is_not_in_the_file_is_not_that_of_under(load: Importer) -> None:
    load(ORGS + "a,,甲,2\nb,,乙,1\nc,a,丙,2\n")
    assert outcome(load("external_id,name,type\nc,丙,\nn,新,\n", under=load.id_of("a"))) == (1, 0, 1, 0)
    assert outcome(load("external_id,name\nc,丙\nm,又新\n", under=load.id_of("a"))) == (1, 0, 1, 0)
    assert outcome(load("external_id,name\nb,乙\n")) == (0, 0, 1, 0)
    assert load.rows("select type, full_name from org order by id") == [
        ("BUSINESS", "甲"), ("ADMINISTRATIVE", "乙"),
        *[("BUSINESS", name) for name in ("甲/丙", "甲/新", "甲/又新")],
    ]  # fmt: skip
    report = load("external_id,business_sub_type\nb,PROJECT\n")
    assert report.errors == [
        RowError(2, "business_sub_type is for BUSINESS organisations only, this is ADMINISTRATIVE")
    ]
    report = load("external_id,sub_type\na,1\n")
    assert report.error_count == 1
    assert "sub_type needs a type in the same row" in report.errors[0].message


def test_new_records_need_the_columns_that_known_ones_may_leave_out(load: Importer) -> None:
    load(TREE)
    for header, lacking in (("external_id,name", "type"), ("external_id,type", "name"), ("external_id", "name, type")):
        with pytest.raises(OperatorError, match=f"lacks {lacking}; add the column .* line 3 is new"):
            load(f"{header}\na{',2' * header.count(',')}\nx{',2' * header.count(',')}\n")
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]


def test_a_blank_cell_empties_what_may_be_empty(load: Importer) -> None:
    load(f"{SPACE}\nx,园,COMMUNITY,DISABLED,5,89.5,80,100000777,,77\n", "spaces")
    assert outcome(load(f"{SPACE}\nx,园,COMMUNITY,,,,,,,\n", "spaces")) == (0, 1, 0, 0)
    assert load.rows("select status, business_type, area, fee_area, code, fourgrid_id from space") == [
        ("DISABLED", None, None, None, "100000777", None)
    ]
