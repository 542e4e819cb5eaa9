"""Groups: how many rows of a connection have each value of one or two columns."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Enum

from app.graphql.schema import NOUNS
from app.loaders import counting
from app.loaders.filtering import FILTERABLE
from tests.clients.api import Api, open_api

SPACES = "{ spaces(first: 100, filter: {depth: {gt: 1}}) { nodes { type status orgId } %s } }"


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


def test_groups_count_the_rows_of_all_pages_that_pass_the_filter(either: Api) -> None:
    found = either.data(SPACES % "groups(by: [TYPE, STATUS]) { count status type orgId }")["spaces"]
    counted = Counter((node["type"], node["status"]) for node in found["nodes"])
    assert len(counted) > 2
    assert {(each["type"], each["status"]): each["count"] for each in found["groups"]} == counted
    assert [each["count"] for each in found["groups"]] == sorted(counted.values(), reverse=True)
    assert {each["orgId"] for each in found["groups"]} == {None}


@pytest.mark.parametrize("by", ["TYPE", "STATUS, TYPE", "ORG_ID", "COMMUNITY_ID, TYPE"])
@pytest.mark.parametrize("wanted", ["{}", "{type: {ne: HOUSE}}", "{org: {type: {eq: BUSINESS}}}"])
def test_groups_of_spaces_by_kept_columns_are_kept_totals(either: Api, by: str, wanted: str) -> None:
    """Counting half a million spaces takes hundreds of milliseconds."""
    fields = {"TYPE": "type", "STATUS": "status", "ORG_ID": "orgId", "COMMUNITY_ID": "communityId"}
    names = [fields[each] for each in by.split(", ")]
    page = f"spaces(first: 100, filter: {wanted})"
    asked = f"kept: {page} {{ groups(by: [{by}]) {{ count {' '.join(names)} }} }}"
    read = f"spaces(first: 100, filter: {{and: [{wanted}, {{depth: {{gte: 0}}}}]}})"
    counted = f"read: {read} {{ groups(by: [{by}]) {{ count {' '.join(names)} }} }}"
    found = either.data(f"{{ {asked} {counted} }}")
    assert len(found["kept"]["groups"]) > 1
    assert found["kept"] == found["read"]
    assert sum("kept_spaces" in statement for statement in either.statements) == 1


def test_groups_by_a_reference_lead_to_its_record(either: Api) -> None:
    query = "{ spaces { groups(by: [ORG_ID]) { count orgId org { id name } community { id } } } }"
    groups = either.data(query)["spaces"]["groups"]
    assert len(groups) > 1
    assert [each["orgId"] for each in groups] == [each["org"] and each["org"]["id"] for each in groups]
    assert {each["community"] for each in groups} == {None}
    assert len(either.statements) == 3


def test_groups_of_many_parents_and_under_aliases_take_a_statement_each(either: Api) -> None:
    page = (
        "communitiesConnection { a: groups(by: STATUS) { n: count status } b: groups(by: [STATUS]) { n: count status }"
    )
    orgs = either.data(f"{{ orgs(first: 100) {{ nodes {{ {page} totalCount }} }} }} }}")["orgs"]["nodes"]
    assert any(each["communitiesConnection"]["totalCount"] for each in orgs)
    for each in (org["communitiesConnection"] for org in orgs):
        assert each["a"] == each["b"]
        assert sum(group["n"] for group in each["a"]) == each["totalCount"]
    assert len(either.statements) == 4


def test_a_list_without_rows_has_no_groups(either: Api) -> None:
    assert either.data("{ spaces(filter: {id: {in: []}}) { groups(by: [TYPE]) { count } } }") == {
        "spaces": {"groups": []}
    }


@pytest.mark.parametrize("by", ["[]", "[TYPE, TYPE]", "[TYPE, STATUS, ORG_ID]"])
def test_other_than_one_or_two_columns_are_refused(either: Api, by: str) -> None:
    answer = either.post(f"{{ spaces {{ totalCount groups(by: {by}) {{ count }} }} }}").json()
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("INVALID_INPUT", ["spaces", "groups"])
    assert answer["data"]["spaces"]["groups"] is None
    assert answer["data"]["spaces"]["totalCount"] > 0


def test_too_many_groups_are_refused_with_both_numbers(either: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app.loaders.edge", "app.loaders.groups"):
        monkeypatch.setattr(f"{module}.MOST_GROUPS", 3)
    (error,) = either.post("{ spaces(first: 7) { groups(by: [PARENT_ID]) { count } } }").json()["errors"]
    told = {name: error["extensions"][name] for name in ("code", "found", "allowed")}
    assert told == {"code": "GROUP_LIMIT_EXCEEDED", "found": 4, "allowed": 3}
    assert "filter" in error["message"]
    assert error["path"] == ["spaces", "groups"]


def test_a_thousand_groups_are_the_most() -> None:
    assert counting.MOST_GROUPS == 1_000


def test_only_enums_booleans_and_references_that_are_not_personal_make_groups() -> None:
    for model in NOUNS:
        filterable = FILTERABLE[model]
        columns = filterable.grouped.values()
        personal = {filterable.columns[name].key for name in filterable.personal}
        assert personal.isdisjoint(column.key for column in columns)
        assert all(isinstance(column.type, Enum | Boolean) or column.key.endswith(("_id", "_by")) for column in columns)
        assert columns, model
    assert {*FILTERABLE[next(m for m in NOUNS if m.__name__ == "Customer")].grouped} == {
        "TYPE", "IDENTITY_TYPE", "SEX", "STATUS", "TOP_ORG_ID", "MERGED_INTO_ID",
    }  # fmt: skip


def test_groups_are_part_of_the_cost(either: Api) -> None:
    costs = [
        either.post(f"{{ spaces(first: 1) {{ nodes {{ id }} {groups} }} }}").json()["extensions"]["cost"]
        for groups in ("", "groups(by: [TYPE]) { count }")
    ]
    rows = len(either.data("{ spaces { groups(by: [TYPE]) { count } } }")["spaces"]["groups"])
    assert costs[1]["actual"] == costs[0]["actual"] + rows
    assert costs[1]["estimated"] == costs[0]["estimated"] + 20
