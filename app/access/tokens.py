"""Tokens: access tokens are signed JWTs (RFC 9068), made and verified without the database."""

import binascii
import json
import time
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import InvalidClaimError, JoseError
from joserfc.jws import JWSRegistry

from app.access.keys import ACCESS_SECONDS, KeyRing, SigningKey
from app.errors import UnauthenticatedError
from app.models.base import LARGEST_ID

AUDIENCE = "cadastre"
SCOPE = "all"
"""The only OAuth scope, as in document 003; policies of the database decide what a caller sees and does."""
TYPE = "at+jwt"
LARGEST_TOKEN = 8 * 1024
PARTS = 3  # header, claims and signature; an encrypted token has five
REMEMBERED_TOKENS = 10_000
"""Tokens whose signature was found good: checking it again costs some hundred times as much as looking it up."""
CLOCK_SECONDS = 60
"""How far another host's clock may be ahead of this one's."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid access token says.

    `admin_id` and `session` are None for a client that calls for itself; `session` names the log-in of the token.
    `token_version` must equal the one stored for the member of staff, or for that client. `expires_at` is in seconds
    since 1970.
    """

    admin_id: int | None
    client_id: str
    token_version: int
    session: str | None
    jti: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The owner of a token: a member of staff, or without `admin_id` the client itself."""

    client_id: str
    admin_id: int | None = None
    account: str | None = None
    token_version: int = 0
    session: str | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A new access token; `expires_in` is in seconds."""

    text: str
    jti: str
    expires_in: int


class _Registry(jwt.JWTClaimsRegistry):
    """The claims of a token; another host whose clock is ahead may have made it."""

    def validate_iat(self, value: object) -> None:
        if not isinstance(value, int) or value > self.now + CLOCK_SECONDS:
            raise InvalidClaimError("iat")


class Tokens:
    """Makes and verifies the access tokens of one issuer, by the keys alone, without the database."""

    def __init__(self, ring: KeyRing, issuer: str) -> None:
        self.ring = ring
        self.issuer = issuer
        self._checked: LRUCache[str, tuple[Claims, str]] = LRUCache(REMEMBERED_TOKENS)
        self._claims = _Registry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            client_id={"essential": True},
            jti={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
        )

    def make(self, subject: Subject, algorithm: str) -> AccessToken:
        """Sign a token for two hours, with the claims that the documents' examples show and RFC 9068 asks for."""
        now = int(time.time())
        jti = str(uuid.uuid4())
        key = self.ring.signing(algorithm)
        claims: dict[str, Any] = {
            "exp": now + ACCESS_SECONDS,
            "user_name": subject.account,
            "jti": jti,
            "client_id": subject.client_id,
            "scope": SCOPE,
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": subject.client_id if subject.admin_id is None else str(subject.admin_id),
            "iat": now,
            "sid": subject.session,
            "ver": subject.token_version,
        }
        given = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": key.algorithm, "kid": key.kid, "typ": TYPE}
        return AccessToken(jwt.encode(header, given, key.key, [key.algorithm]), jti, ACCESS_SECONDS)

    def verify(self, token: str) -> Claims:
        """Return the claims of a valid token; UnauthenticatedError for anything else, in well under a millisecond."""
        require_form(token)
        checked = self._checked.get(token)
        if checked is None:
            checked = self._checked[token] = self._check(token)
        claims, kid = checked
        if claims.expires_at <= time.time() or self.ring.find(kid) is None:
            raise refused()
        return claims

    def _check(self, token: str) -> tuple[Claims, str]:
        """Check everything that does not depend on the time, and return the claims and the name of the key."""
        claims, key = signed_claims(self.ring, self._claims, TYPE, token)
        try:
            return _claims_of(claims), key.kid
        except (ValueError, TypeError, KeyError) as error:
            raise refused() from error


def require_form(token: str) -> None:
    """Raise UnauthenticatedError for a text that is no signed JWT, before anything is decoded."""
    if len(token) > LARGEST_TOKEN or not token.isascii() or token.count(".") != PARTS - 1:
        raise refused()


def signed_claims(
    ring: KeyRing, registry: jwt.JWTClaimsRegistry, type_: str, token: str
) -> tuple[Mapping[str, Any], SigningKey]:
    """Return the claims of a token of one type, and the key that signed it; UnauthenticatedError for anything else."""
    key = key_of(ring, token)
    try:
        found = jwt.decode(token, key.key, [key.algorithm], JWSRegistry(algorithms=[key.algorithm]))
        registry.validate(found.claims)  # decoding looks at the signature alone
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise refused() from error
    if (found.header.get("typ"), found.header.get("alg")) != (type_, key.algorithm):
        raise refused()
    return found.claims, key


def key_of(ring: KeyRing, token: str) -> SigningKey:
    """Find the key that a token names. Other keys in its header (jku, jwk, x5c) are ignored."""
    head = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise refused() from error
    kid = header.get("kid") if isinstance(header, dict) else None
    key = ring.find(kid) if isinstance(kid, str) else None
    if key is None:
        raise refused()
    return key


def bearer_token(headers: Mapping[str, str]) -> str:
    """Return the access token of `Authorization: Bearer` or `bearer` (document 003, part II), never one in the URL.

    UnauthenticatedError when there is none.
    """
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        message = "an access token is needed: Authorization: Bearer <access token>"
        raise UnauthenticatedError(message)
    return token.strip()


def refused() -> UnauthenticatedError:
    """Return the error of every token that is not valid."""
    return UnauthenticatedError("the access token is not valid, or no longer")


def _claims_of(claims: Mapping[str, Any]) -> Claims:
    """Read the claims that are used; ValueError or KeyError when one is not as this program writes it."""
    client_id, jti, sub, version = (claims[name] for name in ("client_id", "jti", "sub", "ver"))
    if not all(isinstance(value, str) for value in (client_id, jti, sub)) or not isinstance(version, int):
        raise ValueError
    if "sid" not in claims and sub == client_id:
        return Claims(None, client_id, version, None, jti, int(claims["exp"]))
    if not isinstance(claims.get("sid"), str) or not 0 < int(sub) <= LARGEST_ID:
        raise ValueError
    return Claims(int(sub), client_id, version, claims["sid"], jti, int(claims["exp"]))
