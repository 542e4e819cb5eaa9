"""Server: authlib's authorization server over one transaction of the register's database."""

import logging
import re
from typing import Any
from urllib.parse import urlencode

import psycopg
from authlib.oauth2.rfc6749 import AuthorizationServer as AuthlibServer
from authlib.oauth2.rfc6749 import InvalidRequestError

from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject, Tokens
from app.oauth.endpoints import Introspection, Revocation
from app.oauth.grants import ClientCredentialsGrant, CodeGrant, PasswordGrant, Pkce, RefreshGrant
from app.oauth.registered import SCOPE, Registered
from app.oauth.requests import Answer, Request
from app.services import client, login
from app.services.login import Login
from app.settings import Settings

RESPONSE_TYPE = re.compile(r"[a-z_]+( [a-z_]+)*")

logging.getLogger("authlib").setLevel(logging.INFO)  # its debug messages quote tokens and account names


class AuthorizationServer(AuthlibServer):
    """One request's authorization server; what it writes is kept when the transaction ends well.

    Errors of OAuth are answers: what was written before them, such as a counted failure, is kept as well.
    """

    def __init__(self, connection: psycopg.Connection, tokens: Tokens, settings: Settings) -> None:
        super().__init__(scopes_supported=[SCOPE])
        self.connection = connection
        self.tokens = tokens
        self.settings = settings
        self.register_grant(CodeGrant, [Pkce(required=True)])
        for grant in (PasswordGrant, RefreshGrant, ClientCredentialsGrant):
            self.register_grant(grant)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def token(self, request: Request) -> Answer:
        """Answer at the token endpoint."""
        answer: Answer = self.create_token_response(request)
        return answer

    def endpoint(self, name: str, request: Request) -> Answer:
        """Answer at the endpoint of that name: revocation or introspection."""
        answer: Answer = self.create_endpoint_response(name, request)
        return answer

    def get_authorization_grant(self, request: Request) -> CodeGrant:
        """Find the grant of an authorization request; authlib would quote whatever the response type is."""
        if not RESPONSE_TYPE.fullmatch(request.payload.response_type or ""):
            raise InvalidRequestError(description="The response_type is missing or cannot be read.")
        grant: CodeGrant = super().get_authorization_grant(request)
        return grant

    def query_client(self, client_id: str) -> Registered | None:
        """Find a client."""
        found = client.find(self.connection, client_id)
        return None if found is None else Registered(found)

    def generate_token(  # noqa: PLR0913, PLR0917 - authlib's signature
        self,
        grant_type: str,  # noqa: ARG002 - all grants give the same tokens
        client: Registered,
        user: Login | None = None,
        scope: str | None = None,  # noqa: ARG002 - there is one scope
        expires_in: int | None = None,  # noqa: ARG002 - and one time
        include_refresh_token: bool = True,  # noqa: FBT001, FBT002 - authlib's signature
    ) -> dict[str, Any]:
        """Make the tokens of a log-in (`user`), or a client's own."""
        subject = Subject(client.client_id)
        algorithm = ASYMMETRIC
        if user is not None:
            subject = Subject(client.client_id, user.admin_id, user.account, user.token_version, str(user.sid))
            algorithm = client.algorithm(self.settings.legacy_tokens)
        made = self.tokens.make(subject, algorithm)
        token = {"access_token": made.text, "token_type": "Bearer"}
        if include_refresh_token and user is not None and client.check_grant_type("refresh_token"):
            token["refresh_token"] = login.new_token()
        return {**token, "scope": SCOPE, "jti": made.jti, "expires_in": made.expires_in}

    def save_token(self, token: dict[str, Any], request: Request) -> None:
        """Keep the hash of a refresh token; nothing is kept of an access token."""
        if "refresh_token" in token:
            login.add_refresh_token(self.connection, request.user.sid, token["refresh_token"])

    def create_oauth2_request(self, request: Request) -> Request:
        """Give the request, which is one already."""
        return request

    def handle_response(self, status: int, body: dict[str, Any] | str, headers: list[tuple[str, str]]) -> Answer:
        """Give the answer; a redirect says who sends it (RFC 9207)."""
        if isinstance(body, dict):
            return Answer(status, body, headers)
        issuer = urlencode({"iss": self.tokens.issuer})
        return Answer(status, body, [(name, f"{value}&{issuer}") for name, value in headers])

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody: there are no listeners."""
