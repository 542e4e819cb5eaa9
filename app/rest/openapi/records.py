"""Records: the JSON schemas of the records in answers, from the operations, the GraphQL types and the layouts.

A record is a component by the name of its layout. The function of the table that makes an answer is run on one record
of each kind, which shows where in the envelope they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    parse,
)

from app.declarations.resolvers import core_schema
from app.engine.dialect import MERGED
from app.graphql.schema import schema as our_schema
from app.rest.dialect import LEGACY, choice_of
from app.rest.openapi.schemas import Schema, either, labels_of, nullable, object_schema
from app.rest.operations import OPERATIONS

ObjectType = GraphQLObjectType | GraphQLInterfaceType
GRAPHQL = core_schema(our_schema)
ROOTS = {kind: type_ for kind in OperationType if (type_ := GRAPHQL.get_root_type(kind)) is not None}
ComponentName = str
Entries = dict[str, tuple[Schema, object]]
"""The members of a record: the schema of each, and a value of it."""

SCALARS: Mapping[str, tuple[Schema, object]] = {
    "ID": ({"type": "integer", "format": "int64"}, 1),
    "Decimal": ({"type": "number"}, 1.5),
    "String": ({"type": "string"}, "文本"),
    "Int": ({"type": "integer"}, 1),
    "Float": ({"type": "number"}, 1.5),
    "Boolean": ({"type": "boolean"}, True),
    "DateTime": ({"type": "integer", "format": "int64", "description": "毫秒时间戳"}, 1_600_000_000_000),
    "Date": ({"type": "integer", "format": "int64", "description": "毫秒时间戳"}, 1_600_000_000_000),
}
"""How the dialect writes each scalar, and a value of it."""

OF_KEYS: Schema = {"type": ["integer", "string", "boolean", "null"]}
"""What the dialect writes by the name of a member."""

ECHO: Schema = {"description": "文档示例所印之键，无数据时为所示之值"}
"""A member that answers have because the documents print it."""

TREE = "children"


class Record(dict[str, Any]):
    """A record with a value of each member; `component` is the name of its schema."""

    component: ComponentName
    may_be_missing = False


class Operation:
    """A stored operation, whose data are described."""

    def __init__(self, name: str, components: dict[ComponentName, Schema]) -> None:
        document = parse(OPERATIONS[name])
        self._components = components
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        (self._root,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
        self._name = name

    def data(self) -> dict[str, Any]:
        """Return data in which every list has one record."""
        entries = self._entries(self._root.selection_set, ROOTS[self._root.operation])
        return {key: value for key, (_, value) in entries.items()}

    def _entries(self, selection: SelectionSetNode, type_: ObjectType) -> Entries:
        found: Entries = {}
        for field in self._fields(selection):
            key, definition = key_of(field), type_.fields[field.name.value]
            if key.startswith(MERGED):
                found |= self._merged(found, key, field, definition)
            else:
                found[key] = self._entry(key, field, definition)
        return found

    def _fields(self, selection: SelectionSetNode) -> Iterator[FieldNode]:
        for each in selection.selections:
            if isinstance(each, FieldNode):
                yield each
            elif isinstance(each, FragmentSpreadNode):
                yield from self._fields(self._fragments[each.name.value].selection_set)
            else:
                yield from self._fields(each.selection_set)  # type: ignore[attr-defined]

    def _merged(self, found: Entries, key: str, field: FieldNode, definition: GraphQLField) -> Entries:
        """Return what an alias adds to the record around it; its members may be missing there."""
        if field.selection_set is None:
            name = key.removeprefix(MERGED)
            schema, value = self._entry(name, field, definition)
            return {name: (either(found[name][0], schema) if name in found else schema, value)}
        inner = self._entries(field.selection_set, object_of(definition))
        return {name: (nullable(schema), value) for name, (schema, value) in inner.items()}

    def _entry(self, key: str, field: FieldNode, definition: GraphQLField) -> tuple[Schema, object]:
        is_list = is_list_type(get_nullable_type(definition.type))
        schema, value = self._item(key, field, definition)
        if isinstance(value, Record):
            value.may_be_missing = not is_non_null_type(definition.type)
        if is_list:
            schema, value = {"type": "array", "items": schema}, [value]
        return (schema if is_non_null_type(definition.type) else nullable(schema)), value

    def _item(self, key: str, field: FieldNode, definition: GraphQLField) -> tuple[Schema, object]:
        if field.selection_set is None:
            schema, value = leaf(key, definition.type)
            return {**schema, **description_of(definition, schema)}, value
        inner = [*self._fields(field.selection_set)]
        if [key_of(each) for each in inner] == [MERGED]:
            return self._item(MERGED, inner[0], object_of(definition).fields[inner[0].name.value])
        entries, layout = self._entries(field.selection_set, object_of(definition)), self._layout(field.selection_set)
        values = {key: value for key, (_, value) in entries.items()}
        if layout is None:
            return object_schema({key: schema for key, (schema, _) in entries.items()}), values
        return self._record(layout, entries)

    def _layout(self, selection: SelectionSetNode) -> str | None:
        names = (each.name.value for each in selection.selections if isinstance(each, FragmentSpreadNode))
        return next((name for name in names if name in LEGACY.layouts), None)

    def _record(self, layout: str, entries: Entries) -> tuple[Schema, Record]:
        printed = LEGACY.layouts[layout]
        record = Record({**printed, **{key: value for key, (_, value) in entries.items()}})
        schemas = {key: echo(absent) for key, absent in printed.items()}
        schemas |= {key: schema for key, (schema, _) in entries.items()}
        record.component = layout
        described = with_tree(schemas, layout)
        if self._components.get(layout, described) != described:
            record.component = f"{layout}In{self._name}"
            described = with_tree(schemas, record.component)
        self._components[record.component] = described
        if "parentid" in record:
            record["parentid"] = None  # a top, so that it is nested as one
        return {"$ref": f"#/components/schemas/{record.component}"}, record


def with_tree(members: Mapping[str, Schema], component: ComponentName) -> Schema:
    """Describe a record, whose `children` are records of the same kind."""
    below = {"type": ["array", "null"], "items": {"$ref": f"#/components/schemas/{component}"}, "description": "下级"}
    trees = {TREE: below} if members.get(TREE, {}).get("description") == ECHO["description"] else {}
    return object_schema({**members, **trees})


def key_of(field: FieldNode) -> str:
    """Return the name of a field in the answer."""
    return field.alias.value if field.alias else field.name.value


def object_of(definition: GraphQLField) -> ObjectType:
    """Return the type of the objects that a field with a selection leads to."""
    return cast("ObjectType", get_named_type(definition.type))


def leaf(key: str, type_: GraphQLOutputType) -> tuple[Schema, object]:
    """Describe a leaf as the dialect writes it."""
    named = get_named_type(type_)
    if key in LEGACY.keys:
        return dict(OF_KEYS), 1
    if isinstance(named, GraphQLEnumType):
        choice = choice_of(named)
        codes = [each.code for each in choice]
        return {"enum": codes, "description": labels_of(choice)}, codes[0]
    schema, value = SCALARS[named.name]
    return dict(schema), value


def description_of(definition: GraphQLField, schema: Schema) -> Schema:
    """Return the description of a member: the first line of the field's, and what the values mean."""
    line = (definition.description or "").strip().partition("\n")[0]
    return {"description": "；".join(filter(None, (line, schema.get("description", ""))))} if line else {}


def echo(absent: object) -> Schema:
    """Describe a member that answers have because the documents print it."""
    return {**ECHO, "default": absent}


def schema_of_value(value: object) -> Schema:
    """Describe what an answer is like that has records in it."""
    if isinstance(value, Record):
        return {"$ref": f"#/components/schemas/{value.component}"}
    if isinstance(value, Mapping):
        return object_schema({str(key): schema_of_member(each) for key, each in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"type": "array", **({"items": schema_of_value(value[0])} if value else {})}
    return {} if value is None else {"type": TYPES[type(value)]}


def schema_of_member(value: object) -> Schema:
    """Describe a member of an object that an answer has around records; a record may be missing there."""
    schema = schema_of_value(value)
    return nullable(schema) if isinstance(value, Record) and value.may_be_missing else schema


TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
