"""Flat: what the import knows of the nouns that are no trees: their references, defaults, rules and unique values.

The texts are SQL. In a rule, `q` is a row of the file with the values that its record will have: `q.<column>`, the id
`q.<reference>_id` with `q.<reference>_kind` and `q.<reference>_tenant`, and the stored record `old`. In `where`, `n` is
such a row or a stored record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.bulk.importing.column import Noun
from app.models.admin import AdminStatus, AdminType, Sex
from app.models.customer import CustomerType
from app.models.org import OrgType
from app.models.property import IS_VALID, HousingStatus, Tenure
from app.models.space import SpaceType
from app.models.status import Status
from app.models.work_order import LEVELS, WorkOrderStatus


@dataclass(frozen=True)
class Reference:
    """A record that a row names: by `<name>_external_id` from the file's source, or by `<name>_id`."""

    name: str
    table: str
    kind: str
    """What a rule may ask about it, as `q.<name>_kind`."""

    tenant: str
    """The id of its tenant as a text."""

    shown: str = "found.id"
    """The id of the record that stands for it."""

    among: str = "true"
    """The condition of the records that an external id may name."""

    required: bool = True
    """Whether a new record needs one."""


@dataclass(frozen=True)
class Rule:
    """What a row must not be: the condition, and the error as an SQL expression; `{}` in it quotes `value`."""

    when: str
    error: str
    value: str = "null"


@dataclass(frozen=True)
class Unique:
    """Columns that at most one record may have the same values of.

    `freed` are the values that a record gets first which leaves them to another record of the file.
    """

    label: str
    columns: tuple[str, ...]
    freed: Mapping[str, str]
    where: str = "true"


@dataclass(frozen=True)
class Flat:
    """A noun that is no tree."""

    table: str
    references: tuple[Reference, ...]
    defaults: Mapping[str, str]
    """The values of new records in columns that need one."""

    uniques: tuple[Unique, ...]
    rules: tuple[Rule, ...] = ()
    known_as: str = "node.id"
    """The id of the record that stands for a known one."""

    among: str = "true"
    """The condition of the records that an external id of the file may name."""

    kept: tuple[str, ...] = ()
    """References that a known record keeps."""


ORG_TENANT = "split_part(found.path, '/', 1)"

ADMINS = Flat(
    "admin",
    (Reference("org", "org", "found.type", ORG_TENANT),),
    {
        "type": f"'{AdminType.PROPERTY}'",
        "sex": f"'{Sex.UNKNOWN}'",
        "status": f"'{AdminStatus.ACTIVE}'",
        "is_enabled": "true",
    },
    (
        Unique("account", ("account",), {"account": "null"}),
        Unique("staff_number", ("staff_number",), {"staff_number": "null"}),
        Unique("phone", ("type", "phone"), {"phone": "null"}),
        Unique("identity", ("type", "identity"), {"identity": "null"}, f"n.status = '{AdminStatus.ACTIVE}'"),
    ),
    (
        Rule(
            f"q.org_kind <> '{OrgType.ADMINISTRATIVE}'",
            "'staff belong to an administrative organisation; {} is not one'",
            "q.org_given",
        ),
    ),
)

CUSTOMERS = Flat(
    "customer",
    (Reference("top_org", "org", f"found.type = '{OrgType.BUSINESS}' and found.parent_id is null", ORG_TENANT),),
    {"type": f"'{CustomerType.PERSON}'", "sex": f"'{Sex.UNKNOWN}'", "status": f"'{Status.ENABLED}'"},
    (
        Unique("identity", ("top_org_id", "identity_type", "identity"), {"identity": "null"}),
        Unique("name with this phone", ("top_org_id", "name", "phone"), {"phone": "null"}),
        Unique("fourgrid_id", ("top_org_id", "fourgrid_id"), {"fourgrid_id": "null"}),
    ),
    (
        Rule(
            "not q.top_org_kind::boolean",
            "'a customer belongs to the top business organisation of a tenant; {} is not one'",
            "q.top_org_given",
        ),
    ),
    known_as="coalesce(node.merged_into_id, node.id)",
    among="(top_org.id is null or node.top_org_id = top_org.id)",
    kept=("top_org",),
)

PROPERTY = ", ".join(f"'{type_}'" for type_ in (SpaceType.HOUSE, SpaceType.PARK_SPACE))
TYPE_OF_SPACE = (
    f"case q.space_kind when '{SpaceType.HOUSE}' then 'HOUSE' when '{SpaceType.PARK_SPACE}' then 'PARKING' end"
)

OF_SPACE_TENANT = "(space.tenant is null or found.top_org_id::text = space.tenant)"
"""The records of the tenant that has the space of the row, if it names one."""

RELATIONS = Flat(
    "property_relation",
    (
        Reference("space", "space", "found.type", "split_part(coalesce(found.org_path, ''), '/', 1)"),
        Reference(
            "customer",
            "customer",
            "'customer'",
            "found.top_org_id::text",
            "coalesce(found.merged_into_id, found.id)",
            OF_SPACE_TENANT,
        ),
    ),
    {
        "type": "case space.kind when 'HOUSE' then 'HOUSE' else 'PARKING' end",
        "tenure": f"'{Tenure.OWNER}'",
        "is_main": "false",
        "housing_status": f"'{HousingStatus.LIVING_IN}'",
    },
    (
        Unique(
            "valid relation of the customer and the space",
            ("space_id", "customer_id"),
            {"housing_status": "m.housing_status"},
            f"n.{IS_VALID}",
        ),
        Unique("main owner", ("space_id",), {"is_main": "m.is_main"}, f"n.is_main and n.{IS_VALID}"),
        Unique("fourgrid_id", ("fourgrid_id", "space_id"), {"fourgrid_id": "null"}),
    ),
    (
        Rule(
            f"q.space_kind not in ({PROPERTY})",
            f"'only a {SpaceType.HOUSE} or a {SpaceType.PARK_SPACE} is owned or rented; the space is {{}}'",
            "q.space_kind",
        ),
        Rule("q.space_tenant = ''", "'the space belongs to no organisation'"),
        Rule("q.customer_tenant <> q.space_tenant", "'the customer belongs to another tenant than the space'"),
        Rule(f"q.type <> {TYPE_OF_SPACE}", "'type {} is not that of the space'", "q.type"),
        Rule(f"q.is_main and q.tenure <> '{Tenure.OWNER}'", "'only an OWNER is a main owner'"),
    ),
    kept=("space", "customer"),
)

STAFF_TENANT = "null::text"
"""Staff work for several tenants."""

WORK_ORDERS = Flat(
    "work_order",
    (
        Reference("space", "space", "found.type", "split_part(coalesce(found.org_path, ''), '/', 1)"),
        Reference(
            "category_three", "work_order_category", "found.level", "found.top_org_id::text", among=OF_SPACE_TENANT
        ),
        Reference(
            "customer",
            "customer",
            "'customer'",
            "found.top_org_id::text",
            "coalesce(found.merged_into_id, found.id)",
            OF_SPACE_TENANT,
            required=False,
        ),
        *(
            Reference(name, "admin", "'admin'", STAFF_TENANT, required=False)
            for name in ("reporter", "assignee", "receiver")
        ),
    ),
    {
        "number": "null",
        "status": f"'{WorkOrderStatus.NEW}'",
        "created_at": "now()",
        "description": "null",
    },
    (Unique("number", ("number",), {"number": "'freed ' || m.id"}),),
    (
        Rule(
            f"q.space_kind <> '{SpaceType.HOUSE}'",
            f"'repairs are reported for a {SpaceType.HOUSE}; the space is {{}}'",
            "q.space_kind",
        ),
        Rule("q.space_tenant = ''", "'the space belongs to no organisation'"),
        Rule(f"q.category_three_kind <> '{LEVELS}'", "'the category is not one of the third level'"),
        Rule("q.category_three_tenant <> q.space_tenant", "'the category belongs to another tenant than the house'"),
        Rule("q.customer_tenant <> q.space_tenant", "'the customer belongs to another tenant than the house'"),
        Rule("num_nonnulls(q.customer_id, q.reporter_id) > 1", "'a customer or a member of staff reports it'"),
        Rule("q.settlement_amount is not null and q.settlement_party is null", "'an amount needs a settlement_party'"),
    ),
    kept=("space",),
)

FLAT: Mapping[Noun, Flat] = {
    "admins": ADMINS,
    "customers": CUSTOMERS,
    "relations": RELATIONS,
    "work-orders": WORK_ORDERS,
}
