"""Every constraint that another request may violate has a message without values."""

import psycopg

from app.services.integrity import CHANGED, MESSAGES, conflict_of

CONSTRAINTS = """
select conname from pg_constraint where connamespace = 'public'::regnamespace and contype in ('u', 'f')
union
select relname from pg_index join pg_class on pg_class.oid = indexrelid
where indisunique and not indisprimary and relnamespace = 'public'::regnamespace
"""


def test_every_constraint_of_the_database_has_a_message(demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        assert {name for (name,) in connection.execute(CONSTRAINTS)} == set(MESSAGES)


def test_messages_name_the_kind_of_record_and_its_fields() -> None:
    assert MESSAGES["admin_account_key"] == ("another admin has the same account", "已有账号相同的员工")
    assert MESSAGES["org_role_org_id_role_id_key"].en == "this org role exists already"
    assert MESSAGES["space_org_id_fkey"].en.endswith("while another one refers to it (space)")
    for message in MESSAGES.values():
        assert message.en.isascii()
        assert not set('{}"\\') & set(message.en + message.zh)


def test_a_constraint_that_no_model_has_gets_the_general_message() -> None:
    assert conflict_of(psycopg.errors.UniqueViolation()).message_in("en") == CHANGED.en
