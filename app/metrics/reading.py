"""Reading: who may read the metrics on the port of the API. They tell what clients use, and what fails."""

import ipaddress
import secrets

from pydantic import SecretStr
from starlette.requests import Request as HttpRequest

from app.errors import UnauthenticatedError

FORWARDED = ("forwarded", "x-forwarded-for", "via")
"""Headers that say that a proxy of this machine passes on what others ask."""


def check_reader(http: HttpRequest, token: SecretStr | None) -> None:
    """Refuse who does not send the token; without one, all but programs of this machine: UnauthenticatedError."""
    if not (is_local(http) if token is None else has_token(http, token)):
        raise UnauthenticatedError


def has_token(http: HttpRequest, token: SecretStr) -> bool:
    """Return whether a request has the token."""
    sent = http.headers.get("authorization", "").encode()
    return secrets.compare_digest(sent, f"Bearer {token.get_secret_value()}".encode())


def is_local(http: HttpRequest) -> bool:
    """Return whether a program of this machine asks, not through a proxy."""
    if http.client is None or any(name in http.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(http.client.host).is_loopback
    except ValueError:
        return False
