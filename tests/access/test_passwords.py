"""Passwords are kept as Argon2id hashes."""

import pytest

from app.access.passwords import hash_password, verify_password


def test_the_right_password_verifies_and_others_do_not() -> None:
    kept = hash_password("密码 cadastre")
    assert verify_password(kept, "密码 cadastre")
    assert not verify_password(kept, "密码 Cadastre")
    assert not verify_password(kept, "")


def test_a_hash_names_its_cost_and_has_its_own_salt() -> None:
    first, second = hash_password("same"), hash_password("same")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


@pytest.mark.parametrize(
    "hash_kept",
    ["", "same", "$argon2id$", "{bcrypt}$2a$10$abc", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$BBBB", "密码"],
)
def test_what_is_no_hash_verifies_nothing(hash_kept: str) -> None:
    assert not verify_password(hash_kept, "same")


def test_text_that_cannot_be_encoded_verifies_nothing() -> None:
    assert not verify_password(hash_password("same"), "\ud800")
