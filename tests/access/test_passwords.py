"""Passwords are kept as Argon2id hashes; Spring's bcrypt hashes verify, and nothing else does."""

import time

import bcrypt
import pytest

from app.access.passwords import HIGHEST_COST, hash_password, needs_rehash, verify_password

CHINESE = "密码 cadastre"
LONG = "a" * 72 + "b"


def spring(password: str, variant: str = "2a", cost: int = 4, prefix: str = "{bcrypt}") -> str:
    """Hash as Spring did: the first 72 bytes."""
    salt = bcrypt.gensalt(cost)
    made = bcrypt.hashpw(password.encode()[:72], salt).decode()
    return prefix + made.replace("$2b$", f"${variant}$")


def test_the_right_password_verifies_and_others_do_not() -> None:
    kept = hash_password(CHINESE)
    assert verify_password(kept, CHINESE)
    assert not verify_password(kept, "密码 Cadastre")
    assert not verify_password(kept, "")


def test_a_hash_names_its_cost_and_has_its_own_salt() -> None:
    first, second = hash_password("same"), hash_password("same")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


@pytest.mark.parametrize(
    "hash_kept",
    [
        "",
        "same",
        "{noop}same",
        "{bcrypt}",
        "{bcrypt}same",
        "$argon2id$",
        "{bcrypt}$2a$10$abc",
        "{bcrypt}$2x$04$" + "a" * 53,
        "{sha256}" + "a" * 64,
        "$argon2id$v=19$m=19456,t=2,p=1$AAAA$BBBB",
        "{bcrypt}$2a$03$" + "a" * 53,
        "{bcrypt}$2a$00$" + "a" * 53,
        "密码",
    ],
)
def test_what_is_no_hash_verifies_nothing(hash_kept: str) -> None:
    assert not verify_password(hash_kept, "same")


@pytest.mark.parametrize("tail", ["a", "\n", " "])
def test_a_hash_with_a_tail_is_none(tail: str) -> None:
    assert not verify_password(spring("same") + tail, "same")


def test_text_that_cannot_be_encoded_verifies_nothing() -> None:
    assert not verify_password(hash_password("same"), "\ud800")
    assert not verify_password(spring("same"), "\ud800")


@pytest.mark.parametrize("variant", ["2a", "2b", "2y"])
@pytest.mark.parametrize("password", ["same", CHINESE, LONG])
@pytest.mark.parametrize("prefix", ["{bcrypt}", ""])
def test_hashes_of_spring_verify(variant: str, password: str, prefix: str) -> None:
    kept = spring(password, variant, prefix=prefix)
    assert verify_password(kept, password)
    assert not verify_password(kept, "x" + password)


def test_spring_cut_passwords_at_72_bytes_and_argon_does_not() -> None:
    assert verify_password(spring(LONG), "a" * 72 + "c")
    assert not verify_password(hash_password(LONG), "a" * 72 + "c")


@pytest.mark.parametrize("cost", [HIGHEST_COST + 1, 31, 99])
def test_a_hash_that_would_take_for_ever_is_refused_at_once(cost: int) -> None:
    start = time.process_time()
    assert not verify_password(f"{{bcrypt}}$2a${cost}$" + "a" * 53, "same")
    assert time.process_time() - start < 0.1


def test_what_is_not_of_todays_cost_is_hashed_again() -> None:
    assert not needs_rehash(hash_password("same"))
    assert needs_rehash(spring("same"))
    assert needs_rehash("$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")
