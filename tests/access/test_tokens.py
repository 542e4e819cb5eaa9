"""Access tokens: ours are valid for two hours, everything else is refused, without the database."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from app.access.keys import ASYMMETRIC, SYMMETRIC, KeyRing
from app.access.tokens import AUDIENCE, LARGEST_TOKEN, TYPE, Subject, Tokens, bearer_token
from app.errors import UnauthenticatedError

ISSUER = "https://register.example"
SUBJECT = Subject("h5-client", 1, "yanggc4", 3, "0b6c3f2e-0000-4000-8000-000000000000")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Give the tokens of an issuer."""
    return Tokens(KeyRing(tmp_path_factory.mktemp("keys")), ISSUER)


def claims(**other: object) -> dict[str, Any]:
    """Give the claims of a good token, or what a test gives instead; None leaves one out."""
    now = int(time.time())
    good = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "1", "client_id": "h5-client", "jti": "j", "iat": now,
        "exp": now + 60, "ver": 0, "sid": "s",
    }  # fmt: skip
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def signed(tokens: Tokens, body: dict[str, Any], **header: object) -> str:
    """Sign claims with the issuer's own key."""
    key = tokens.ring.signing(ASYMMETRIC)
    whole = {"alg": ASYMMETRIC, "kid": key.kid, "typ": TYPE, **header}
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, body, key.key, [ASYMMETRIC], default_type=None)


def encoded(part: object) -> str:
    """Write a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def forged(header: dict[str, Any], signature: str = "") -> str:
    """Put a token together that nobody signed."""
    return f"{encoded(header)}.{encoded(claims())}.{signature}"


@pytest.mark.parametrize("algorithm", [ASYMMETRIC, SYMMETRIC])
def test_a_token_says_what_the_documents_and_rfc_9068_ask_for(tokens: Tokens, algorithm: str) -> None:
    made = tokens.make(SUBJECT, algorithm)
    header, body, _ = made.text.split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["typ"] == "at+jwt"
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert said["user_name"] == "yanggc4"
    assert said["scope"] == ["all"]
    assert said["exp"] - said["iat"] == made.expires_in == 7200
    found = tokens.verify(made.text)
    assert (found.admin_id, found.client_id, found.token_version, found.session) == (1, "h5-client", 3, SUBJECT.session)
    assert (found.jti, found.expires_at) == (made.jti, said["exp"])


def test_a_clients_own_token_speaks_for_nobody(tokens: Tokens) -> None:
    found = tokens.verify(tokens.make(Subject("1"), ASYMMETRIC).text)
    assert (found.admin_id, found.client_id, found.session) == (None, "1", None)


REFUSED_CLAIMS: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "elsewhere"},
    "other audiences": {"aud": ["elsewhere", "nowhere"]},
    "no audience": {"aud": None},
    "no expiry": {"exp": None},
    "expired": {"exp": int(time.time()) - 1},
    "expiry as text": {"exp": "9999999999"},
    "expiry true": {"exp": True},
    "expiry infinite": {"exp": float("inf")},
    "not a number": {"exp": float("nan")},
    "not yet": {"nbf": int(time.time()) + 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "subject no number": {"sub": "yanggc4"},
    "subject negative": {"sub": "-1"},
    "subject of 5000 digits": {"sub": "1" * 5000},
    "subject beyond any id": {"sub": str(2**63)},
    "subject a number": {"sub": 1},
    "no client": {"client_id": None},
    "client a list": {"client_id": ["h5-client"]},
    "no id": {"jti": None},
    "version as text": {"ver": "0"},
    "no session": {"sid": None},
    "session a number": {"sid": 7},
}


def test_the_claims_of_the_refused_are_good_otherwise(tokens: Tokens) -> None:
    assert tokens.verify(signed(tokens, claims())).admin_id == 1


@pytest.mark.parametrize("other", REFUSED_CLAIMS.values(), ids=REFUSED_CLAIMS.keys())
def test_claims_that_are_not_ours_are_refused(tokens: Tokens, other: dict[str, object]) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(tokens, claims(**other)))


REFUSED_HEADERS: dict[str, dict[str, object]] = {
    "type of any JWT": {"typ": "JWT"},
    "no type": {"typ": None},
    "no key named": {"kid": None},
    "an unknown key": {"kid": "unknown"},
    "a key's path": {"kid": "../../../dev/null"},
}


@pytest.mark.parametrize("header", REFUSED_HEADERS.values(), ids=REFUSED_HEADERS.keys())
def test_headers_that_are_not_ours_are_refused(tokens: Tokens, header: dict[str, object]) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(tokens, claims(), **header))


def kid(tokens: Tokens, algorithm: str = ASYMMETRIC) -> str:
    """Name the key in use."""
    return tokens.ring.signing(algorithm).kid


def confused(tokens: Tokens, secret: bytes) -> str:
    """Sign with a public key as if it were a secret."""
    unsigned = forged({"alg": "HS256", "kid": kid(tokens), "typ": TYPE})[:-1]
    digest = hmac.digest(secret, unsigned.encode(), "sha256")
    return f"{unsigned}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def public_pem(tokens: Tokens) -> bytes:
    """Give the public key as text."""
    key = tokens.ring.signing(ASYMMETRIC).key
    assert isinstance(key, ECKey)
    return key.as_pem(private=False)


def embedded_key(tokens: Tokens) -> str:
    """Bring the key along."""
    own = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": TYPE, "kid": kid(tokens), "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims(), own, ["ES256"])


FORGERIES: dict[str, Callable[[Tokens], str]] = {
    "nothing": lambda _: "",
    "no token": lambda _: "abc",
    "two parts": lambda _: "a.b",
    "dots": lambda _: "..",
    "five parts": lambda t: ".".join([encoded({"alg": "dir", "enc": "A256GCM", "kid": kid(t)}), "", "", "", ""]),
    "not ASCII": lambda _: "密.码.。",
    "lone surrogate": lambda _: "\ud800.a.b",
    "NUL": lambda _: "\0.\0.\0",
    "header null": lambda _: f"{encoded(None)}.{encoded(claims())}.",
    "header a list": lambda _: f"{encoded([1])}.{encoded(claims())}.",
    "header deep": lambda _: base64.urlsafe_b64encode(b"[" * 4000).decode().rstrip("=") + ".a.b",
    "key a list": lambda _: forged({"alg": "ES256", "kid": ["x"], "typ": TYPE}),
    "algorithm none": lambda t: forged({"alg": "none", "kid": kid(t), "typ": TYPE}),
    "algorithm None": lambda t: forged({"alg": "None", "kid": kid(t), "typ": TYPE}),
    "no algorithm": lambda t: forged({"kid": kid(t), "typ": TYPE}),
    "algorithm a list": lambda t: forged({"alg": ["ES256"], "kid": kid(t), "typ": TYPE}),
    "no signature": lambda t: forged({"alg": "ES256", "kid": kid(t), "typ": TYPE}),
    "unknown critical": lambda t: forged({"alg": "ES256", "kid": kid(t), "typ": TYPE, "crit": ["exp"], "exp": 1}),
    "unencoded payload": lambda t: forged({"alg": "ES256", "kid": kid(t), "typ": TYPE, "crit": ["b64"], "b64": False}),
    "the public key as a secret": lambda t: confused(t, public_pem(t)),
    "the same after a line break": lambda t: confused(t, b"\n" + public_pem(t)),
    "the other algorithm's key": lambda t: forged({"alg": "HS256", "kid": kid(t, ASYMMETRIC), "typ": TYPE}, "AAAA"),
    "the other key's algorithm": lambda t: forged({"alg": "ES256", "kid": kid(t, SYMMETRIC), "typ": TYPE}, "AAAA"),
    "a key of its own": embedded_key,
    "a signature cut": lambda t: t.make(SUBJECT, ASYMMETRIC).text[:-4],
    "oversized": lambda t: signed(t, claims(padding="a" * LARGEST_TOKEN)),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
@pytest.mark.filterwarnings("ignore")  # joserfc warns of the forger's key
def test_forgeries_are_refused(tokens: Tokens, forge: Callable[[Tokens], str]) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(forge(tokens))


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
