"""Every edge of every type takes one statement for a level, however many parents there are."""

import pytest
from graphql import GraphQLEnumType, GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from app.loaders.filtering import FILTERABLE
from app.loaders.reads import READ, Count, Page, Related
from tests.clients.api import Api
from tests.worlds.schema import MODELS, PLURALS, type_of


def edges(kind: type) -> list[tuple[str, str]]:
    fields = (
        (name, field, core.extensions.get(READ)) for name in PLURALS for field, core in type_of(name).fields.items()
    )
    return [(name, field) for name, field, read in fields if isinstance(read, kind)]


def selection(field: str, core: GraphQLField) -> str:
    read, required = core.extensions.get(READ), required_arguments(core)
    if isinstance(read, Count):
        return f"{field}{required}"
    inner = "nodes { id }" if isinstance(read, Page) else "id"
    return f"{field}{required} {{ {inner} }}"


ID = '"8829"'


def required_arguments(core: GraphQLField) -> str:
    """Write the arguments without which a field cannot be asked for: ids of organisations, and names of enums."""
    needed = {name: get_named_type(each.type) for name, each in core.args.items() if is_required_argument(each)}
    values = {
        name: next(iter(type_.values), "") for name, type_ in needed.items() if isinstance(type_, GraphQLEnumType)
    }
    given = [f"{name}: {values.get(name, ID)}" for name in needed]
    return f"({', '.join(given)})" if given else ""


def test_the_matrix_covers_every_entity() -> None:
    covered = {name for kind in (Related, Count, Page) for name, _ in edges(kind)}
    assert covered == set(PLURALS)


@pytest.mark.parametrize(("name", "field"), [*edges(Related), *edges(Count), *edges(Page)])
def test_an_edge_takes_one_statement_for_many_parents(api: Api, name: str, field: str) -> None:
    wanted = selection(field, type_of(name).fields[field])
    answer = api.data(f"{{ {PLURALS[name]}(first: 100) {{ nodes {{ id {wanted} }} }} }}")
    assert len(answer[PLURALS[name]]["nodes"]) > 0
    assert len(api.statements) <= 2


@pytest.mark.parametrize(("name", "field"), edges(Related))
def test_an_edge_behind_an_edge_takes_one_statement_more(api: Api, name: str, field: str) -> None:
    target = get_named_type(type_of(name).fields[field].type)
    assert isinstance(target, GraphQLObjectType)
    own = f"{field}{required_arguments(type_of(name).fields[field])}"
    for next_field, core in target.fields.items():
        if isinstance(core.extensions.get(READ), Related):
            api.data(f"{{ {PLURALS[name]}(first: 100) {{ nodes {{ {own} {{ {selection(next_field, core)} }} }} }} }}")
            assert len(api.statements) <= 3, (name, field, next_field)


@pytest.mark.parametrize("name", PLURALS)
def test_a_list_takes_one_statement_also_with_its_count_and_its_groups_one_more(api: Api, name: str) -> None:
    leaves = [field for field, core in type_of(name).fields.items() if is_leaf_type(get_named_type(core.type))]
    plain = [field for field in leaves if not isinstance(type_of(name).fields[field].extensions.get(READ), Count)]
    page = f"nodes {{ {' '.join(plain)} }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }}"
    api.data(f"{{ {PLURALS[name]} {{ {page} }} }}")
    assert len(api.statements) == 1
    groups = f"groups(by: [{next(iter(FILTERABLE[MODELS[name]].grouped))}]) {{ count }}"
    api.data(f"{{ {PLURALS[name]} {{ totalCount {page} {groups} }} }}")
    assert len(api.statements) == 2


def test_recursion_takes_one_statement_a_level(api: Api) -> None:
    query = "{ spaces(filter: {parentId: {isNull: true}}) { nodes { id " + "children { id " * 7 + "}" * 7 + " } } }"
    api.data(query)
    assert len(api.statements) == 8


def test_the_same_edge_at_several_places_of_a_level_takes_one_statement(api: Api) -> None:
    api.data("{ orgs(first: 100) { nodes { a: children { id } b: children { id } c: children(first: 1) { id } } } }")
    assert len(api.statements) == 3
