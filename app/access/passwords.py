"""Passwords: stored as Argon2id hashes; the bcrypt hashes of Spring are still verified.

All functions take tens of milliseconds of a processor: they run in threads, never on the event loop.
"""

import asyncio
import base64
import re
from concurrent.futures import ThreadPoolExecutor

import bcrypt
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError, VerificationError
from argon2.low_level import hash_secret

HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
"""19 MiB and two passes: the least that OWASP recommends, about 20 ms a password."""

SPRING_BCRYPT = re.compile(r"(?:\{bcrypt\})?(\$2[aby]?\$(\d\d)\$[./0-9A-Za-z]{53})")
"""What Spring's DelegatingPasswordEncoder stores; it also read hashes without the prefix."""

HIGHEST_COST = 14
"""A bcrypt hash of cost 14 takes a second, of cost 31 a day and a half."""

BCRYPT_LENGTH = 72
"""Bytes that bcrypt looks at; Spring cut longer passwords without a word."""

THREADS = ThreadPoolExecutor(2, "password")
"""Hash and verify the passwords of requests: few at a time, because each takes 19 MiB and a processor."""

DUMMY_HASH = HASHER.hash("")
"""What is verified when there is nothing to verify, so that the answer takes as long."""


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with a salt of its own."""
    return HASHER.hash(password)


async def hash_in_thread(password: str) -> str:
    """Return the Argon2id hash of a password, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, hash_password, password)


async def digest_in_thread(salt: str, password: str) -> str:
    """Return what `digest_with` returns, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, digest_with, salt, password)


def digest_with(salt: str, password: str) -> str:
    """Return the hash of a password with the salt and the cost of another hash, whose digest may be left out.

    The empty text, which is no hash, where the other is none.
    """
    spring = SPRING_BCRYPT.fullmatch(salt)
    try:
        return _argon2_with(salt, password) if spring is None else _bcrypt_with(spring, password)
    except (Argon2Error, InvalidHashError, ValueError):
        return ""


def _argon2_with(salt: str, password: str) -> str:
    cost, encoded = extract_parameters(salt), salt.split("$")[-2]
    plain = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    counts = cost.time_cost, cost.memory_cost, cost.parallelism
    return hash_secret(password.encode(), plain, *counts, cost.hash_len, cost.type, cost.version).decode()


def _bcrypt_with(spring: re.Match[str], password: str) -> str:
    if int(spring[2]) > HIGHEST_COST:
        return ""
    return bcrypt.hashpw(password.encode()[:BCRYPT_LENGTH], spring[1].encode()).decode()


def verify_password(hash: str, password: str) -> bool:  # noqa: A002 - what it is; the function needs no other hash
    """Return whether a password is the one that was hashed.

    False also for a value that is not a hash of Argon2 or bcrypt (such as Spring's `{noop}`), and for a bcrypt hash
    whose cost is too high.
    """
    spring = SPRING_BCRYPT.fullmatch(hash)
    try:
        return HASHER.verify(hash, password) if spring is None else _verify_bcrypt(spring, password)
    except (VerificationError, ValueError):  # ValueError: no hash at all, or text that cannot be encoded
        return False


def needs_rehash(hash: str) -> bool:  # noqa: A002 - the same
    """Return whether a hash that verified should be replaced by `hash_password`'s."""
    return not hash.startswith("$argon2id$") or HASHER.check_needs_rehash(hash)


def waste_time(password: str) -> None:
    """Take as long as the verification of a wrong password."""
    verify_password(DUMMY_HASH, password)


def _verify_bcrypt(spring: re.Match[str], password: str) -> bool:
    if int(spring[2]) > HIGHEST_COST:
        return False
    return bcrypt.checkpw(password.encode()[:BCRYPT_LENGTH], spring[1].encode())
