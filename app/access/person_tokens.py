"""Person tokens: the tokens of document 000, which say who reports repairs or carries them out, for two hours.

They are signed as access tokens are, with an audience of their own: no other URL accepts them, and theirs accept no
access token.
"""

import time
import uuid
from dataclasses import dataclass

from joserfc import jwt

from app.access.keys import ACCESS_SECONDS, ASYMMETRIC, KeyRing
from app.access.persons import Part, Person, PersonTokenError
from app.access.tokens import require_form, signed_claims
from app.errors import UnauthenticatedError

AUDIENCE = "cadastre work orders"
TYPE = "person+jwt"


@dataclass(frozen=True)
class PersonTokens:
    """Makes and verifies the tokens of one issuer."""

    ring: KeyRing
    issuer: str

    def make(self, person: Person) -> str:
        """Sign a token for two hours."""
        key, now = self.ring.signing(ASYMMETRIC), int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": f"{person.part.value}:{person.id}",
            "ver": person.version,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + ACCESS_SECONDS,
        }
        return jwt.encode({"alg": key.algorithm, "kid": key.kid, "typ": TYPE}, claims, key.key, [key.algorithm])

    def verify(self, token: str) -> Person:
        """Return the person that a token names; PersonTokenError when the token is not valid."""
        try:
            require_form(token)
            claims, _ = signed_claims(self.ring, self._claims, TYPE, token)
            part, _, id_ = claims["sub"].partition(":")
            return Person(Part(part), int(id_), int(claims["ver"]))
        except (UnauthenticatedError, ValueError, TypeError, AttributeError) as error:
            raise PersonTokenError from error

    @property
    def _claims(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            ver={"essential": True},
            exp={"essential": True},
        )
