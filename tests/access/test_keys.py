"""Signing keys: made once, for their owner alone, and rotated without refusing a valid token."""

import json
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.access import keys
from app.access.keys import ASYMMETRIC, KEPT_SECONDS, SYMMETRIC, KeyRing
from app.access.tokens import Subject, Tokens
from app.errors import OperatorError, UnauthenticatedError

ISSUER = "https://register.example"


def age(folder: Path, kid: str, seconds: int) -> None:
    """Make a key older."""
    (file,) = folder.glob(f"*-{kid}.json")
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "made_at": content["made_at"] - seconds}))


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    first, second = KeyRing(folder), KeyRing(folder)
    files = list(folder.glob("*.json"))
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    for algorithm in (ASYMMETRIC, SYMMETRIC):
        assert first.signing(algorithm).kid == second.signing(algorithm).kid


def test_programs_that_start_together_make_one_key_each_kind(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        rings = list(threads.map(lambda _: KeyRing(tmp_path / "keys"), range(8)))
    assert len({ring.signing(ASYMMETRIC).kid for ring in rings}) == 1
    assert len(list((tmp_path / "keys").glob("*.json"))) == 2


def test_the_key_set_shows_public_keys_alone(tmp_path: Path) -> None:
    (key,) = KeyRing(tmp_path).public_set()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert key["alg"] == ASYMMETRIC


@pytest.mark.parametrize("algorithm", [ASYMMETRIC, SYMMETRIC])
def test_a_rotated_key_verifies_until_its_tokens_are_gone(tmp_path: Path, algorithm: str) -> None:
    ring = KeyRing(tmp_path)
    tokens = Tokens(ring, ISSUER)
    old_kid = ring.signing(algorithm).kid
    old = tokens.make(Subject("h5-client"), algorithm).text
    ring.rotate()
    assert ring.signing(algorithm).kid != old_kid
    assert tokens.verify(old).client_id == "h5-client"
    age(tmp_path, old_kid, 2 * KEPT_SECONDS)  # an old key that was replaced a moment ago
    assert Tokens(KeyRing(tmp_path), ISSUER).verify(old).client_id == "h5-client"

    age(tmp_path, ring.signing(algorithm).kid, KEPT_SECONDS + 1)
    with pytest.raises(UnauthenticatedError):
        Tokens(KeyRing(tmp_path), ISSUER).verify(old)
    KeyRing(tmp_path).rotate()
    assert not list(tmp_path.glob(f"*-{old_kid}.json"))


def test_another_programs_new_key_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = KeyRing(tmp_path), KeyRing(tmp_path)
    other.rotate()
    made = Tokens(other, ISSUER).make(Subject("h5-client"), ASYMMETRIC).text
    monkeypatch.setattr(keys, "LOOK_AGAIN_SECONDS", 0)
    assert Tokens(one, ISSUER).verify(made).client_id == "h5-client"


def test_a_damaged_key_is_told_without_its_content(tmp_path: Path) -> None:
    KeyRing(tmp_path)
    (tmp_path / "ES256-x.json").write_text('{"kid": "x", "d": "canary"}')
    with pytest.raises(OperatorError) as caught:
        KeyRing(tmp_path)
    assert "canary" not in str(caught.value)


JUNK = {
    "nothing": "",
    "no JSON": "x",
    "a list": "[]",
    "a number": "1",
    "no members": "{}",
    "no text": "\udcff",
    "no time": '{"kid": "x", "alg": "HS256", "kty": "oct", "k": "AA", "made_at": "soon"}',
    "no such algorithm": '{"kid": "x", "alg": "none", "made_at": 1}',
    "no point": '{"kid": "x", "alg": "ES256", "kty": "EC", "crv": "P-256", "x": "A", "y": "A", "made_at": 1}',
    "no such curve": '{"kid": "x", "alg": "ES256", "kty": "EC", "crv": "P-1", "x": "A", "y": "A", "made_at": 1}',
}


@pytest.mark.parametrize("junk", JUNK)
def test_a_file_that_is_no_key_leaves_the_keys_in_use_and_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, junk: str
) -> None:
    monkeypatch.setattr(keys, "LOOK_SECONDS", 1e-9)
    ring = KeyRing(tmp_path)
    tokens = Tokens(ring, ISSUER)
    text = tokens.make(Subject("h5-client"), ASYMMETRIC).text
    signing = tmp_path / f"ES256-{ring.signing(ASYMMETRIC).kid}.json"
    for file in (signing, tmp_path / "x.json"):
        file.write_text(JUNK[junk], errors="surrogateescape")
    for _ in range(3):
        assert tokens.verify(text).client_id == "h5-client"
        assert tokens.verify(tokens.make(Subject("h5-client"), ASYMMETRIC).text)
        assert ring.public_set()["keys"]
    assert len(caplog.records) == 1
    with pytest.raises(OperatorError, match="cannot be read"):
        KeyRing(tmp_path)


def test_a_program_without_file_descriptors_keeps_its_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keys, "LOOK_SECONDS", 1e-9)
    ring = KeyRing(tmp_path)
    text = Tokens(ring, ISSUER).make(Subject("h5-client"), ASYMMETRIC).text
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        assert Tokens(ring, ISSUER).verify(text).client_id == "h5-client"
        assert ring.public_set()["keys"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(caplog.records) == 1
    assert Tokens(ring, ISSUER).verify(text).client_id == "h5-client"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="signing keys"):
        KeyRing(tmp_path / "file" / "keys")
