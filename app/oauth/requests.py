"""Requests of the authorization server as authlib reads them, and its answers."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

from app.web.bodies import Fields

LARGEST_BODY = 64 * 1024


class OAuthAnswer(NamedTuple):
    """An answer of the authorization server; the body of a redirect is empty text."""

    status: int
    body: dict[str, Any] | str
    headers: list[tuple[str, str]]


class OAuthRequest(OAuth2Request):
    """A request as authlib reads it.

    Its parameters come from the body at the token endpoint and from the query at the authorization endpoint.
    """

    def __init__(self, method: str, parameters: Fields, authorization: str | None = None) -> None:
        # authlib accepts only https URLs. A proxy terminates TLS, and this program is called by plain HTTP.
        super().__init__(method, "https://cadastre/oauth", headers=_credentials(authorization))
        self._parameters = parameters
        self.payload = _Payload(parameters)

    @property
    def args(self) -> Fields:
        """The parameters, for authlib's authorization endpoint."""
        return self._parameters

    @property
    def form(self) -> Fields:
        """The parameters, for authlib's token endpoint."""
        return self._parameters


class _Payload(OAuth2Payload):
    def __init__(self, parameters: Fields) -> None:
        self._parameters = parameters

    @property
    def data(self) -> Fields:
        return self._parameters

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self._parameters.items()})


def _credentials(authorization: str | None) -> Mapping[str, str]:
    """Return the Basic authorization header if it can be decoded; authlib raises on others."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return {}
    return {"Authorization": f"Basic {encoded.strip()}"} if scheme.lower() == "basic" and encoded.strip() else {}
