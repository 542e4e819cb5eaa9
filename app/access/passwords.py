"""Passwords: kept as Argon2id hashes, never as they were typed."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
"""19 MiB and two passes: the least that OWASP recommends, about 20 ms a password."""


def hash_password(password: str) -> str:
    """Give the Argon2id hash of a password, with a salt of its own."""
    return HASHER.hash(password)


def verify_password(hash: str, password: str) -> bool:  # noqa: A002 - what it is; the function needs no other hash
    """Tell whether a password is the one that was hashed; False as well for a hash that is none of Argon2's."""
    try:
        return HASHER.verify(hash, password)
    except (VerificationError, ValueError):  # ValueError: a hash of another kind, or text that cannot be encoded
        return False
