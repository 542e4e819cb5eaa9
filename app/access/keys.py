"""Keys: access tokens are signed with JSON Web Keys, which are files in one folder.

The keys are made on the first start. Rotation adds a key, which signs from then on; the previous key verifies until the
last token that it signed has expired. Programs on several hosts need the same files.

At the start every file must be a key. Later, a file or a folder that cannot be read leaves the keys in memory in use.
"""

import fcntl
import json
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from app.errors import OperatorError

LOG = logging.getLogger("cadastre.keys")

ASYMMETRIC, SYMMETRIC = "ES256", "HS256"
ACCESS_SECONDS = 2 * 60 * 60
"""How long an access token is valid (document 003, 2.1)."""

KEPT_SECONDS = ACCESS_SECONDS + 10 * 60
"""How long a key verifies after another one has taken its place; programs look for new keys within minutes."""

LOOK_SECONDS = 60
"""How often the folder is read for keys that another program made."""

LOOK_AGAIN_SECONDS = 1
"""How soon it is read again for a token whose key is not known."""


@dataclass(frozen=True)
class SigningKey:
    """A key, its name in tokens, the one algorithm that it is for, and when it was made (seconds since 1970)."""

    kid: str
    algorithm: str
    made_at: float
    key: ECKey | OctKey


class KeyRing:
    """The keys of a folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Read the keys and make missing ones; OperatorError when the folder cannot be used."""
        self.folder = folder
        self._lock = Lock()
        self._warned = ""
        self._looked_at = time.monotonic()
        for algorithm in (ASYMMETRIC, SYMMETRIC):
            self._make_first(algorithm)
        with _as_operator_error(folder):
            self._keys = {key.kid: key for key in map(_read, _files(folder))}

    @staticmethod
    def exists(folder: Path) -> bool:
        """Return whether a folder holds keys; OperatorError when it cannot be read."""
        with _as_operator_error(folder):
            return bool(_files(folder))

    def signing(self, algorithm: str) -> SigningKey:
        """Return the newest key of an algorithm, or make one when the files were removed."""
        self._look(LOOK_SECONDS)
        if not any(key.algorithm == algorithm for key in self._keys.values()):
            self._make_first(algorithm)
            self._look(0)
        return max((key for key in self._keys.values() if key.algorithm == algorithm), key=_age)

    def find(self, kid: str) -> SigningKey | None:
        """Return the key of a name; None when it was replaced so long ago that all its tokens have expired."""
        self._look(LOOK_SECONDS if kid in self._keys else LOOK_AGAIN_SECONDS)
        found = self._keys.get(kid)
        return None if found is None or self._is_over(found) else found

    def public_set(self) -> dict[str, Any]:
        """Return the public keys as a JSON Web Key Set (RFC 7517)."""
        self._look(LOOK_SECONDS)
        keys = [key for key in self._keys.values() if key.algorithm == ASYMMETRIC and not self._is_over(key)]
        return {"keys": [_described(key, private=False) for key in sorted(keys, key=_age, reverse=True)]}

    def rotate(self) -> list[str]:
        """Make a key of each algorithm, remove keys that no valid token needs, and return the names of the new ones.

        OperatorError when the folder cannot be written.
        """
        with _as_operator_error(self.folder), _locked(self.folder):
            made = [self._write(_new(algorithm)) for algorithm in (ASYMMETRIC, SYMMETRIC)]
        self._look(0)
        for key in list(self._keys.values()):
            if self._is_over(key):
                self._file_of(key).unlink(missing_ok=True)
        self._look(0)
        return made

    def _is_over(self, key: SigningKey) -> bool:
        later = [k.made_at for k in self._keys.values() if k.algorithm == key.algorithm and _age(k) > _age(key)]
        return bool(later) and min(later) + KEPT_SECONDS < time.time()

    def _look(self, seconds: float) -> None:
        """Read the folder again, unless it was read within this many seconds."""
        with self._lock:
            if seconds and time.monotonic() - self._looked_at < seconds:
                return
            self._looked_at = time.monotonic()
            self._read_again()

    def _read_again(self) -> None:
        """Read the folder. A file that cannot be read keeps the key that it held, and is reported once."""
        held = {self._file_of(key): key for key in self._keys.values()}
        warning, keys = "", []
        try:
            for file in _files(self.folder):
                try:
                    keys.append(_read(file))
                except OperatorError as error:
                    warning = str(error)
                    keys += [held[file]] if file in held else []
            self._keys = {key.kid: key for key in keys}
        except OSError as error:
            warning = f"the folder of signing keys {self.folder} cannot be read ({error.strerror})"
        if warning and warning != self._warned:
            LOG.warning("%s; the keys in memory stay in use", warning)
        self._warned = warning

    def _make_first(self, algorithm: str) -> None:
        with _as_operator_error(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _files(self.folder, f"{algorithm}-*.json"):
                return  # a folder of somebody's that may only be read
            with _locked(self.folder):
                if not _files(self.folder, f"{algorithm}-*.json"):
                    self._write(_new(algorithm))

    def _write(self, key: SigningKey) -> str:
        """Write a key that only its owner can read; the file gets its name when it is complete."""
        target = self._file_of(key)
        half = target.with_suffix(".half")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({**_described(key, private=True), "made_at": key.made_at}, file)
        half.rename(target)
        return key.kid

    def _file_of(self, key: SigningKey) -> Path:
        return self.folder / f"{key.algorithm}-{key.kid}.json"


IMPORTERS: dict[str, Callable[[Any], ECKey | OctKey]] = {ASYMMETRIC: ECKey.import_key, SYMMETRIC: OctKey.import_key}
"""How a key is read, by its algorithm."""


def _age(key: SigningKey) -> tuple[float, str]:
    return key.made_at, key.kid


def _new(algorithm: str) -> SigningKey:
    key = ECKey.generate_key("P-256") if algorithm == ASYMMETRIC else OctKey.generate_key(256)
    return SigningKey(secrets.token_hex(8), algorithm, time.time(), key)


def _described(key: SigningKey, *, private: bool) -> dict[str, Any]:
    return {**key.key.as_dict(private=private), "kid": key.kid, "alg": key.algorithm, "use": "sig"}


def _files(folder: Path, pattern: str = "*.json") -> list[Path]:
    """List files; OSError when the folder cannot be read, in which `glob` would find nothing."""
    return sorted(file for file in folder.iterdir() if file.match(pattern)) if folder.is_dir() else []


def _read(file: Path) -> SigningKey:
    try:
        content: dict[str, Any] = json.loads(file.read_text())
        members = {name: value for name, value in content.items() if name != "made_at"}
        kid, made_at = str(content["kid"]), float(content["made_at"])
        return SigningKey(kid, content["alg"], made_at, IMPORTERS[content["alg"]](members))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, JoseError) as error:
        message = f"the signing key {file} cannot be read"  # never with its content
        raise OperatorError(message) from error


@contextmanager
def _as_operator_error(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"the folder of signing keys {folder} cannot be used ({error.strerror})"
        raise OperatorError(message) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock under which keys are made."""
    with (folder / "keys.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
