"""A caller of one tenant calls each function of requests for records of another one: nothing is shown or changed.

The caller holds every capability in the own tenant. A function may tell that a hidden record exists: unique values,
keys and uses count across all rows, and the API tells the same.
"""

import asyncio
from collections.abc import Mapping
from importlib import import_module
from itertools import chain

import psycopg
import pytest

from app.access.capabilities import SUPER_ONLY
from app.db.pool import Pool
from app.db.scope import Scope
from app.models.capability import Capability
from tests.databases import execute_in, request_url

MODULES = import_module("migrations.versions.0018_request_functions").MODULES
FUNCTIONS = {each.name: each for each in chain.from_iterable(MODULES)}

OWN, CALLER = "16432/", 21052
CAPABILITIES = [str(each.code) for each in Capability if str(each.code) not in SUPER_ONLY]
SCOPE = Scope(CALLER, is_super=False, scopes=(OWN,), admin_scopes=(), capabilities=dict.fromkeys(CAPABILITIES, (OWN,)))

ORG, SPACE, CUSTOMER, RELATION, ORDER, ROLE, STAFF, MENU = "8829", "2", "9104", "1", "49512", "20463", "8811", "20480"

REFUSED: Mapping[str, str] = {
    "follow_org": f"'{{{ORG}}}', '{{0}}'",
    "follow_space": f"'{{{SPACE}}}', '{{0}}'",
    "follow_menu": f"'{{{MENU}}}', '{{0}}'",
    "delete_spaces": f"'{{{SPACE}}}'",
    "delete_customers": f"'{{{CUSTOMER}}}'",
    "merge_customers": f"'{{{CUSTOMER}}}', '{{47002}}'",
    "log_property_relations": f"'{{{RELATION}}}', '{{{RELATION}}}'",
    "delete_housing_log": f"'{{{RELATION}}}'",
    "end_property_relations": f"'{{{RELATION}}}', 'MOVED_OUT'",
    "claim_property_relations": f"'{{{SPACE}}}', '{{{CUSTOMER}}}', '{{HOUSE}}', '{{OWNER}}'",
    "confirm_property_relations": f"'{{{RELATION}}}', '{{TENANT}}'",
    "take_devices": f"'{{0}}', '{{a}}', '{{d}}', '{{{STAFF}}}', '{{o}}', '{{p}}', '{{DEBUG}}', '{{t}}'",
    "rename_roles": f"'{{{ROLE}}}', '{{taken}}'",
    "unrelate_roles": f"'{{{ROLE}}}', '{{{ORG}}}'",
    "built_in_role": "'x'",
    "log_work_order_steps": f"'{{{ORDER}}}', '{{NEW}}', '{{DONE}}', '{{null}}', '{{x}}', null, null",
    "delete_work_order_steps": f"'{{{ORDER}}}'",
    "deleted_rows": "(select max(id) from change where entity = 'org_menu'), '{}', 'org_id'",
    "reinsert_rows": "(select max(id) from change where entity = 'org_menu'), '{org_menu}', 'org_id'",
}
"""Calls that are refused."""

NOTHING: Mapping[str, str] = {
    "derive_org": ORG,
    "derive_space": SPACE,
    "derive_menu": MENU,
    "follow_spaces_of_orgs": f"'{{{ORG}}}'",
    "subtrees_of_spaces": f"'{{{SPACE}}}'",
    "lock_spaces": f"'{{{SPACE}}}'",
    "keep_spaces": f"'{{{SPACE}}}'",
    "claimants": f"'{{{CUSTOMER}}}'",
    "bound_app_grants": "'{}'",
    "delete_free_roles": f"'{{{ROLE}}}'",
    "own_contact": "",
    "count_wrong_password": "5",
    "kept_answer": "'x'",
}
"""Calls that return no row with a value, and change nothing of others."""

TOLD: Mapping[str, tuple[str, list[tuple[object, ...]]]] = {
    "uses_of": (f"'{{{ORG}}}', '{{org}}', '{{parent_id}}', '{{\"\"}}'", [(8829, 0)]),
    "knowers_of_customers": (f"'{{{CUSTOMER}}}'", [(9104, ())]),
    "customers_with_property": (f"'{{{CUSTOMER}}}', '{{{ORG}}}'", []),
    "match_customers": ("'{16432}', '{own}', '{x}', '{null}', '{null}', '{null}', '{x}', '{x}'", []),
    "customer_values_taken": ("'{0}', '{16432}', '{null}', '{null}', '{x}', '{x}', '{0}'", [(False, False, False)]),
    "staff_values_taken": (
        "'{0}', '{INTERNAL}', '{ACTIVE}', '{zhousi}', '{null}', '{null}', '{null}', false",
        [(True, False, False, False)],
    ),
    "orgs_with_keys": ("'{own}', '{x}'", []),
    "spaces_with_keys": ("'{own}', '{x}'", []),
    "paths_of_staff": (f"'{{{STAFF}}}'", [(8811, ())]),
    "relations_of_roles": (f"'{{{ROLE}}}'", [(20463, 0, "", False)]),
}
"""Calls with what they tell: that a hidden record exists, and nothing of it."""

OF_THE_CALLER = {
    "make_roles",
    "own_password_salt",
    "change_own_password",
    "keep_answer",
    "record_personal_read",
    "publish_events",
}
"""Functions that name no record but the caller; other tests run them."""


def test_every_function_is_tried() -> None:
    callable_ = {name for name, each in FUNCTIONS.items() if not each.is_inner}
    assert callable_ == REFUSED.keys() | NOTHING.keys() | TOLD.keys() | OF_THE_CALLER


async def called(url: str, name: str, arguments: str) -> list[tuple[object, ...]]:
    """Call a function in a mutation of the caller, which commits."""
    pool = Pool(url, 1, request_url=request_url(url))
    await pool.open()
    try:
        async with pool.writing(SCOPE) as writing:
            rows = await writing.run(f"select * from {name}({arguments})")
            return [tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in rows]
    finally:
        await pool.close()


CHANGES = "select count(*) from change"


@pytest.mark.parametrize("name", REFUSED)
def test_a_call_for_records_of_others_is_refused(demo_url: str, name: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asyncio.run(called(demo_url, name, REFUSED[name]))


@pytest.mark.parametrize("name", NOTHING)
def test_a_call_for_records_of_others_shows_and_changes_nothing(own_url: str, name: str) -> None:
    before = execute_in(own_url, CHANGES)
    rows = asyncio.run(called(own_url, name, NOTHING[name]))
    assert [value for row in rows for value in row if value not in {None, "", b""}] == []
    assert execute_in(own_url, CHANGES) == before


@pytest.mark.parametrize("name", TOLD)
def test_no_more_is_told_of_a_hidden_record_than_that_it_exists(demo_url: str, name: str) -> None:
    arguments, told = TOLD[name]
    assert list(dict.fromkeys(asyncio.run(called(demo_url, name, arguments)))) == told


@pytest.mark.parametrize("name", [name for name, each in FUNCTIONS.items() if each.is_inner])
def test_what_serves_other_functions_is_not_called(demo_url: str, name: str) -> None:
    refused = (psycopg.errors.InsufficientPrivilege, psycopg.errors.DatatypeMismatch)
    arguments = f"'{{{CUSTOMER}}}'" if FUNCTIONS[name].arguments else ""
    with pytest.raises(refused):
        asyncio.run(called(demo_url, name, arguments))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_requests_call_a_function(demo_url: str, name: str) -> None:
    granted = "select coalesce(string_agg(privilege::text, ' '), '') from pg_proc, unnest(proacl) privilege"
    ((privileges,),) = execute_in(demo_url, f"{granted} where proname = '{name}'")
    grantees = {each.split("=")[0] for each in str(privileges).split()}
    assert grantees == {"cadastre"} if FUNCTIONS[name].is_inner else {"cadastre", "cadastre_app"}
