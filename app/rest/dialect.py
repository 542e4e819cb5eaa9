"""Dialect: the formats of the legacy API (document 003): dates in milliseconds, codes of enums, ids as numbers.

The layouts are the records of the documents' examples: every key in its order, with the value that it has where the
register knows none. `layouts/*.json` have them by the name of the fragment in `documents/*.graphql`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from graphql import GraphQLEnumType

from app.engine.dialect import Dialect, Layout
from app.models.choice import Choice

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND, MICROSECOND = timedelta(milliseconds=1), timedelta(microseconds=1)
MICROSECONDS_TO_2000 = (datetime(2000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
"""The microseconds from EPOCH to 2000, from which PostgreSQL counts."""

CHINA = ZoneInfo("Asia/Shanghai")

FOLDER = Path(__file__).parent / "layouts"


def read_layouts() -> Mapping[str, Layout]:
    """Read the layouts of all records."""
    return {
        name: layout
        for file in sorted(FOLDER.glob("*.json"))
        for name, layout in orjson.loads(file.read_bytes()).items()
    }


def choice_of(enum: GraphQLEnumType) -> type[Choice]:
    """Return the enumeration that an enum of GraphQL was made of."""
    choice: type[Choice] = enum.extensions["strawberry-definition"].wrapped_cls
    return choice


def codes_of(enum: GraphQLEnumType) -> Mapping[str, object]:
    """Return the legacy codes of an enum's values by their names."""
    return {member.name: member.code for member in choice_of(enum)}


def midnight(day: date) -> int:
    """Return the milliseconds from EPOCH to the start of a day in China, where the documents' dates are from."""
    return (datetime.combine(day, time(), CHINA) - EPOCH) // MILLISECOND


LEGACY = Dialect(
    scalars={
        "ID": "{}",
        "Decimal": "float({})",
        "String": "{}",
        "Int": "{}",
        "Float": "{}",
        "Boolean": "{}",
        "Date": "midnight({})",
    },
    raw_scalars={"DateTime": f"({{}} + {MICROSECONDS_TO_2000}) // 1000"},
    keys={
        "src": "1 if {} == 'own' else 2",
        "is_supper": "2 if {} else 1",
        "system_default": "2 if {} else 1",
        "grant_by_supper": "2 if {} else 1",
        "is_effective": "1 if {} else 2",
        "main_flag": "1 if {} else 0",
        "assembleName": "{}.replace('/', '-')",
    },
    names={"midnight": midnight},
    enum_codes=codes_of,
    layouts=read_layouts(),
)
"""`src` is 1 for the records of the register itself and 2 for others. `is_effective` is 1 for yes and 2 for no,
`main_flag` 1 for yes and 0 for no; the other keys are 1 for no and 2 for yes. `assembleName` is a full name with other
separators (12.1)."""
