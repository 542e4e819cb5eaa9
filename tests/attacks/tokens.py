"""Access tokens that are not ours, or no longer: what is tried to get in."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from app.access.keys import ASYMMETRIC, SYMMETRIC
from app.access.tokens import AUDIENCE, LARGEST_TOKEN, TYPE, Subject, Tokens

Attempt = Callable[[Tokens], str]
"""Makes a token with what an issuer's keys allow."""

ISSUER = "https://register.example"
SUBJECT = Subject("h5-client", 1, "yanggc4", 3, "0b6c3f2e-0000-4000-8000-000000000000")


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
    """Make a token without a valid signature."""
    return f"{encoded(header)}.{encoded(claims())}.{signature}"


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


REFUSED_HEADERS: dict[str, dict[str, object]] = {
    "type of any JWT": {"typ": "JWT"},
    "no type": {"typ": None},
    "no key named": {"kid": None},
    "an unknown key": {"kid": "unknown"},
    "a key's path": {"kid": "../../../dev/null"},
}


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


FORGERIES: dict[str, Attempt] = {
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


def with_claims(other: dict[str, object]) -> Attempt:
    """Sign other claims, as the issuer would."""
    return lambda tokens: signed(tokens, claims(**other))


def with_header(other: dict[str, object]) -> Attempt:
    """Sign good claims under another header."""
    return lambda tokens: signed(tokens, claims(), **other)


ATTEMPTS: dict[str, Attempt] = {
    **FORGERIES,
    **{name: with_claims(other) for name, other in REFUSED_CLAIMS.items()},
    **{name: with_header(other) for name, other in REFUSED_HEADERS.items()},
}
"""All of them."""
