"""Access tokens: ours are valid for two hours, everything else is refused, without the database."""

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.access.keys import ASYMMETRIC, SYMMETRIC, KeyRing
from app.access.tokens import TYPE, Subject, Tokens, bearer_token
from app.errors import UnauthenticatedError
from tests.attacks.tokens import ATTEMPTS, ISSUER, SUBJECT, Attempt, claims, forged, signed


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Give the tokens of an issuer."""
    return Tokens(KeyRing(tmp_path_factory.mktemp("keys")), ISSUER)


@pytest.mark.parametrize("algorithm", [ASYMMETRIC, SYMMETRIC])
def test_a_token_says_what_the_documents_and_rfc_9068_ask_for(tokens: Tokens, algorithm: str) -> None:
    made = tokens.make(SUBJECT, algorithm)
    header, body, _ = made.text.split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["typ"] == "at+jwt"
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert said["user_name"] == "yanggc4"
    assert said["scope"] == "all"
    assert said["exp"] - said["iat"] == made.expires_in == 7200
    found = tokens.verify(made.text)
    assert (found.admin_id, found.client_id, found.token_version, found.session) == (1, "h5-client", 3, SUBJECT.session)
    assert (found.jti, found.expires_at) == (made.jti, said["exp"])


def test_a_clients_own_token_speaks_for_nobody(tokens: Tokens) -> None:
    found = tokens.verify(tokens.make(Subject("1"), ASYMMETRIC).text)
    assert (found.admin_id, found.client_id, found.session) == (None, "1", None)


def test_the_claims_of_the_refused_are_good_otherwise(tokens: Tokens) -> None:
    assert tokens.verify(signed(tokens, claims())).admin_id == 1


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
@pytest.mark.filterwarnings("ignore")  # joserfc warns of the forger's key
def test_what_is_not_ours_is_refused(tokens: Tokens, attempt: Attempt) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(attempt(tokens))


def test_no_letter_of_a_token_can_be_changed(tokens: Tokens) -> None:
    made = tokens.make(SUBJECT, ASYMMETRIC).text
    for place in range(0, len(made) - 1, 7):
        changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]
        with pytest.raises(UnauthenticatedError):
            tokens.verify(changed)


def test_a_token_that_was_good_expires(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tokens.make(SUBJECT, ASYMMETRIC)
    expires_at = tokens.verify(made.text).expires_at
    monkeypatch.setattr("app.access.tokens.time", SimpleNamespace(time=lambda: expires_at - 1))
    assert tokens.verify(made.text)
    monkeypatch.setattr("app.access.tokens.time", SimpleNamespace(time=lambda: expires_at))
    with pytest.raises(UnauthenticatedError):
        tokens.verify(made.text)


def test_a_token_that_was_good_dies_with_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Tokens(KeyRing(tmp_path), ISSUER)
    made = own.make(SUBJECT, ASYMMETRIC).text
    assert own.verify(made)
    for file in tmp_path.glob("ES256-*.json"):
        file.unlink()  # what an operator does with a key that was stolen
    monkeypatch.setattr("app.access.keys.LOOK_SECONDS", 1e-9)
    with pytest.raises(UnauthenticatedError):
        own.verify(made)
    assert own.verify(own.make(SUBJECT, ASYMMETRIC).text)  # with a new key


def test_another_issuers_key_ring_is_not_ours(tokens: Tokens, tmp_path: Path) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(Tokens(KeyRing(tmp_path), ISSUER).make(SUBJECT, ASYMMETRIC).text)


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc "])
def test_the_token_is_in_the_header(header: str) -> None:
    assert bearer_token({"authorization": header}) == "abc"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_a_token_is_refused(header: str) -> None:
    with pytest.raises(UnauthenticatedError):
        bearer_token({"authorization": header})
    with pytest.raises(UnauthenticatedError):
        bearer_token({})


def test_a_refusal_quotes_nothing(tokens: Tokens) -> None:
    with pytest.raises(UnauthenticatedError) as caught:
        tokens.verify(forged({"alg": "none", "kid": "canary-4711", "typ": TYPE}))
    assert "canary" not in str(caught.value)
