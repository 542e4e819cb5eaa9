"""Trees of a file: paths, codes, order, and what moves when it is imported again."""

import random

import pytest

from app.bulk.importing.records import RowError
from app.errors import OperatorError
from tests.clients.importer import ORGS, TREE, Importer, outcome

NUMBERS = "select parent_id, last_number from numbering order by parent_id"


def test_a_tree_gets_paths_codes_and_full_names_in_file_order(load: Importer) -> None:
    assert outcome(load(TREE)) == (4, 0, 0, 0)
    a, b, c, d = (load.id_of(key) for key in "abcd")
    assert load.rows("select path, depth, code, full_name, source from org order by id") == [
        (f"{a}/", 0, "100000000", "甲", "import"),
        (f"{a}/{b}/", 1, "100000000100000000", "甲/乙", "import"),
        (f"{a}/{b}/{c}/", 2, "100000000100000000100000000", "甲/乙/丙", "import"),
        (f"{a}/{d}/", 1, "100000000100000001", "甲/丁", "import"),
    ]
    assert load.rows(NUMBERS) == [(0, 100_000_000), (a, 100_000_001), (b, 100_000_000)]


def test_parents_may_come_after_children(load: Importer) -> None:
    load(ORGS + "c,b,丙,2\nb,a,乙,2\na,,甲,2\n")
    assert load.names() == ["甲/乙/丙", "甲/乙", "甲"]


def test_a_shuffled_forest_is_what_plain_python_makes_of_it(load: Importer) -> None:
    draw = random.Random(7)  # noqa: S311 - test data
    parents = {f"k{n}": f"k{draw.randrange(n)}" if n and draw.random() < 0.995 else "" for n in range(4000)}
    order = sorted(parents, key=lambda _: draw.random())
    load(ORGS + "".join(f"{key},{parents[key]},名{key},1\n" for key in order))
    stored = {row[0]: row[1:] for row in load.rows("select external_id, id, path, depth, full_name, code from org")}
    numbers: dict[str, int] = {}
    segment = {}
    for key in order:
        numbers[parents[key]] = segment[key] = numbers.get(parents[key], 99_999_999) + 1
    for key in order:
        chain = [key]
        while parents[chain[0]]:
            chain.insert(0, parents[chain[0]])
        path = "".join(f"{stored[each][0]}/" for each in chain)
        code = "".join(str(segment[each]) for each in chain)
        assert stored[key][1:] == (path, len(chain) - 1, "/".join(f"名{each}" for each in chain), code)


def test_spaces_take_areas_owner_and_community(load: Importer) -> None:
    load(TREE)
    org = load.id_of("b")
    load(
        "externalId,parentExternalId,spaceName,spaceType,area,business_type,org_id\n"
        f"z,,区,COMMUNITY,,,\nc,z,园,COMMUNITY,,5,{org}\nb,c,栋,楼宇,,,\nh,b,房,房屋,89.5,,\n",
        "spaces",
    )
    found = load.rows("select area::text, business_type, org_id, community_id, org_path from space order by id")
    outer = load.id_of("z", "space")
    path = load.rows("select path from org where id = %s", org)[0][0]
    community = load.id_of("c", "space")
    assert found == [
        (None, None, None, outer, None),
        (None, "HOSPITAL", org, community, path),
        (None, None, org, community, path),
        ("89.50", None, org, community, path),
    ]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("h,,房,HOUSE", "type 'HOUSE' does not fit at the top"),
        ("z,b,区,ZONE", "type 'ZONE' does not fit below a parent of the type BUILDING"),
        ("c2,b,园,COMMUNITY", "type 'COMMUNITY' does not fit below a parent of the type BUILDING"),
        ("p,b,位,PARK_SPACE", "type 'PARK_SPACE' does not fit below a parent of the type BUILDING"),
    ],
)
def test_a_space_lies_only_below_a_fitting_type(load: Importer, row: str, error: str) -> None:
    header, first = "external_id,parent_external_id,name,type\n", "c,,园,COMMUNITY\nb,c,栋,BUILDING\n"
    report = load(f"{header}{first}{row}\n", "spaces")
    assert [each.message for each in report.errors] == [error]
    load(f"{header}{first}", "spaces")
    report = load(f"{header}{row}\n", "spaces")
    assert [each.message for each in report.errors] == [error]


def test_an_organisation_lies_only_below_one_of_its_type(load: Importer) -> None:
    load("external_id,parent_external_id,name,type\na,,甲,1\n")
    report = load("external_id,parent_external_id,name,type\nb,a,乙,2\n")
    assert [each.message for each in report.errors] == [
        "type 'BUSINESS' does not fit below a parent of the type ADMINISTRATIVE"
    ]


def test_under_a_space_or_a_business_organisation(load: Importer) -> None:
    load(TREE)
    org = load.id_of("c")
    load("external_id,name,type\nx,园,COMMUNITY\n", "spaces", under=org)
    community = load.id_of("x", "space")
    load("external_id,name,type\ny,栋,BUILDING\n", "spaces", under=community)
    assert load.rows("select full_name, community_id, org_id, code from space order by id") == [
        ("园", community, org, "100000000"),
        ("园/栋", community, org, "100000000100000000"),
    ]


def test_a_parent_may_be_a_record_of_an_earlier_file(load: Importer) -> None:
    load(TREE)
    load(ORGS + "e,c,戊,2\nf,a,己,2\n")
    assert load.names()[4:] == ["甲/乙/丙/戊", "甲/己"]
    assert load.rows("select code from org where external_id = 'f'") == [("100000000100000002",)]
    report = load(ORGS + "g,c,庚,2\n", source="another")
    assert report.error_count == 1, "a source does not see another's keys"


def test_the_same_file_again_changes_nothing(load: Importer) -> None:
    load(TREE)
    before = load.rows("select * from org order by id")
    report = load(TREE)
    assert outcome(report) == (0, 0, 4, 0)
    assert load.rows("select * from org order by id") == before


def test_a_changed_name_updates_the_row_and_full_names_below(load: Importer) -> None:
    load(TREE)
    assert outcome(load(TREE.replace("乙", "新"))) == (0, 1, 3, 0)
    assert load.names() == ["甲", "甲/新", "甲/新/丙", "甲/丁"]
    assert load.rows("select version, updated_at > created_at from org order by id") == [
        (1, False), (2, True), (1, True), (1, False),
    ]  # fmt: skip


def test_a_changed_parent_moves_the_subtree_with_new_codes(load: Importer) -> None:
    load(TREE)
    load("external_id,name,type\nx,园,COMMUNITY\n", "spaces", under=load.id_of("c"))
    assert outcome(load(ORGS + "b,d,乙,2\nn,c,新,2\n")) == (1, 1, 0, 0)
    a, b, c, d, n = (load.id_of(key) for key in "abcdn")
    codes = {row[0]: row[1:] for row in load.rows("select external_id, path, code, full_name, version from org")}
    moved = "100000000100000001100000000"
    assert codes["b"] == (f"{a}/{d}/{b}/", moved, "甲/丁/乙", 2)
    assert codes["c"] == (f"{a}/{d}/{b}/{c}/", moved + "100000000", "甲/丁/乙/丙", 1)
    assert codes["n"] == (f"{a}/{d}/{b}/{c}/{n}/", moved + "100000000" * 2, "甲/丁/乙/丙/新", 1)
    assert load.rows("select org_path from space") == [(f"{a}/{d}/{b}/{c}/",)]


def test_a_move_may_turn_parent_and_child_round(load: Importer) -> None:
    load(TREE)
    assert outcome(load(ORGS + "b,,乙,2\na,b,甲,2\n")) == (0, 2, 0, 0)
    assert load.names() == ["乙/甲", "乙", "乙/丙", "乙/甲/丁"]


@pytest.mark.parametrize(
    "belonging",
    [
        "insert into customer (top_org_id, name) values (%s, '客')",
        "insert into work_order_category (top_org_id, level, name) values (%s, 1, '类')",
        "insert into app_grant (org_id, app_id, app_type) values (%s, 'app', 'COMMUNITY')",
    ],
)
def test_the_top_of_a_tenant_with_customers_stays_at_the_top(load: Importer, belonging: str) -> None:
    """Its customers would keep an organisation that is none of a tenant, and lists by it would not find them."""
    load(TREE + "e,,戊,2\n")
    load.rows(belonging, load.id_of("a"))
    report = load(ORGS + "a,e,甲,2\ne,,己,2\n", on_error="skip")
    reason = "organisation '甲' has customers, work orders or apps, and stays in their tenant"
    assert report.errors == [RowError(2, reason)]
    assert outcome(report) == (0, 1, 0, 1)
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁", "己"]


SPACES = "external_id,parent_external_id,name,type,org_id\n"
BELONGING = [
    "insert into property_relation (type, space_id, customer_id) values ('HOUSE', %s, %s)",
    "insert into verification (type, tenure, space_id, customer_id) values ('HOUSE', 'OWNER', %s, %s)",
    """with given (space_id, customer_id) as (values (%s::bigint, %s::bigint)), category as (
      insert into work_order_category (top_org_id, level, name)
      select top_org_id, 1, '类' from customer join given on customer_id = customer.id returning id
    )
    insert into work_order
      (number, space_id, customer_id, category_one_id, category_two_id, category_three_id, description)
    select '01', space_id, customer_id, category.id, category.id, category.id, '漏水' from given, category""",
]


def with_a_customer(load: Importer, belonging: str) -> None:
    """Import two tenants, the tops 甲 and 戊, and a house of 乙 (below 甲) in which a customer of 甲 has something."""
    load(TREE + "e,,戊,2\n")
    load(SPACES + f"z,,区,COMMUNITY,{load.id_of('b')}\nh,z,房,HOUSE,\n", "spaces")
    ((customer,),) = load.rows(
        "insert into customer (top_org_id, name) values (%s, '客') returning id", load.id_of("a")
    )
    load.rows(belonging, load.id_of("h", "space"), customer)


@pytest.mark.parametrize("belonging", BELONGING)
@pytest.mark.parametrize("parent", ["e", ""])
def test_an_organisation_with_customers_stays_in_its_tenant(load: Importer, belonging: str, parent: str) -> None:
    """Its houses would go, and the customers who own them stay."""
    with_a_customer(load, belonging)
    report = load(ORGS + f"b,{parent},乙,2\nc,{parent},丙,2\nd,b,丁,2\n", on_error="skip")
    assert report.errors == [
        RowError(2, "organisation '乙' has customers, work orders or apps, and stays in their tenant")
    ]
    assert sorted(load.names()) == sorted(["甲", "甲/乙", "戊/丙" if parent else "丙", "甲/丁", "戊"])


@pytest.mark.parametrize("belonging", BELONGING)
def test_a_space_with_customers_stays_in_its_tenant(load: Importer, belonging: str) -> None:
    with_a_customer(load, belonging)
    report = load(SPACES + f"z,,区,COMMUNITY,{load.id_of('e')}\n", "spaces", on_error="skip")
    assert report.errors == [RowError(2, "space '区' has customers, work orders or apps, and stays in their tenant")]
    load(SPACES + f"y,,新区,COMMUNITY,{load.id_of('e')}\n", "spaces")
    report = load(SPACES + "h,y,房,HOUSE,\n", "spaces", on_error="skip")
    assert report.errors == [RowError(2, "space '房' has customers, work orders or apps, and stays in their tenant")]
    load(SPACES + f"z,,区,COMMUNITY,{load.id_of('d')}\nh,z,房,HOUSE,\n", "spaces")
    found = load.rows(
        "select distinct space_org_path from (select space_org_path from property_relation union all"
        " select space_org_path from verification union all select space_org_path from work_order) held"
    )
    assert found == [(f"{load.id_of('a')}/{load.id_of('d')}/",)]


def test_an_organisation_that_knows_customers_stays_in_their_tenant(load: Importer) -> None:
    load(TREE + "e,,戊,2\n")
    ((customer,),) = load.rows(
        "insert into customer (top_org_id, name) values (%s, '客') returning id", load.id_of("a")
    )
    load.rows("insert into customer_org (org_id, customer_id) values (%s, %s)", load.id_of("d"), customer)
    report = load(ORGS + "d,e,丁,2\n", on_error="skip")
    assert report.errors == [
        RowError(2, "organisation '丁' has customers, work orders or apps, and stays in their tenant")
    ]


def test_a_space_with_customers_does_not_lose_its_owner_with_its_type(load: Importer) -> None:
    """A zone that becomes a community would have no organisation, and any tenant could take it then."""
    with_a_customer(load, BELONGING[0])
    load(SPACES + "k,z,片,ZONE,\nh,k,房,HOUSE,\n", "spaces")
    report = load("external_id,type\nk,COMMUNITY\n", "spaces", on_error="skip")
    assert report.errors == [RowError(2, "space '片' has customers, work orders or apps, and stays in their tenant")]


def test_a_space_without_an_owner_gets_one_in_the_tenant_of_its_customers(load: Importer) -> None:
    with_a_customer(load, BELONGING[0])
    load.rows("update space set org_id = null, org_path = null")
    load.rows("update property_relation set space_org_path = null")
    report = load(SPACES + f"z,,区,COMMUNITY,{load.id_of('e')}\n", "spaces", on_error="skip")
    assert report.errors == [RowError(2, "space '区' has customers, work orders or apps, and stays in their tenant")]
    assert outcome(load(SPACES + f"z,,区,COMMUNITY,{load.id_of('b')}\n", "spaces")) == (0, 1, 0, 0)


def test_what_has_no_customers_goes_to_another_tenant(load: Importer) -> None:
    with_a_customer(load, BELONGING[0])
    load(SPACES + f"y,,空区,COMMUNITY,{load.id_of('d')}\n", "spaces")
    assert outcome(load(ORGS + "d,e,丁,2\n")) == (0, 1, 0, 0)
    assert load.rows("select org_path from space where name = '空区'") == [(f"{load.id_of('e')}/{load.id_of('d')}/",)]


def test_a_move_below_a_registered_descendant_is_a_circle(load: Importer) -> None:
    load(TREE)
    report = load(ORGS + "a,c,甲,2\n")
    assert report.errors == [RowError(2, "its parents lead in a circle, never to a root")]
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]
    assert load(ORGS + "a,,甲,2\n", under=load.id_of("c")).error_count == 1


def test_a_cycle_is_left_out_with_all_below_it(load: Importer) -> None:
    report = load(TREE + "x,y,1,2\ny,z,2,2\nz,x,3,2\nw,x,4,2\n", on_error="skip")
    assert [error.line for error in report.errors] == [6, 7, 8, 9]
    assert outcome(report) == (4, 0, 0, 4)


def test_codes_in_the_file_are_kept_and_numbers_follow_them(load: Importer) -> None:
    load("external_id,parent_external_id,name,type,code\na,,甲,2,101\nb,a,乙,2,101100000005\nc,a,丙,2,\nd,,丁,2,\n")
    codes = load.rows("select code from org order by id")
    assert codes == [("101",), ("101100000005",), ("101100000006",), ("100000000",)]
    assert load.rows(NUMBERS) == [(0, 100_000_000), (load.id_of("a"), 100_000_006)]


def test_a_chain_and_a_wide_parent(load: Importer) -> None:
    chain = [f"d{n},{f'd{n - 1}' if n else ''},n,1" for n in range(200)]
    wide = [f"w{n},d0,n,1" for n in range(3000)]
    assert outcome(load(ORGS + "\n".join(chain[::-1] + wide))) == (3200, 0, 0, 0)
    assert load.rows("select depth, full_name from org where external_id = 'd199'") == [(199, "/".join("n" * 200))]
    assert load.rows("select max(code) from org where external_id like 'w%%'") == [("100000000100003000",)]


def test_a_tree_that_is_too_deep_for_an_index_is_one_clear_line(load: Importer) -> None:
    rows = (f"{n},{n - 1 if n else ''},n,1" for n in range(1500))
    with pytest.raises(OperatorError, match=r"the hierarchy in .* is too deep for an index of the register"):
        load(ORGS + "\n".join(rows))
    assert load.names() == []
