"""AuthorizationServer: authlib's server within one database transaction."""

import logging
import re
from typing import Any
from urllib.parse import urlencode

import psycopg
from authlib.oauth2.rfc6749 import AuthorizationServer as AuthlibServer
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error

from app.access.keys import ASYMMETRIC
from app.access.tokens import SCOPE, Subject, Tokens
from app.db.turns import CALLER
from app.metrics.requests import TOKENS
from app.oauth.endpoints import Introspection, Revocation
from app.oauth.grants import ClientCredentialsGrant, CodeGrant, PasswordGrant, Pkce, RefreshGrant
from app.oauth.registered_client import RegisteredClient
from app.oauth.requests import OAuthAnswer, OAuthRequest
from app.services.attempt import Attempt
from app.services.client import find_client
from app.services.login import Login, add_refresh_token, new_token
from app.settings import Settings

RESPONSE_TYPE = re.compile(r"[a-z_]+( [a-z_]+)*")

BASIC_CHALLENGE = 'Basic realm="cadastre", charset="UTF-8"'
"""The `WWW-Authenticate` of answers to clients that fail to authenticate (RFC 6749, 5.2; RFC 7617, 2)."""

NOT_AUTHENTICATED = "the client is unknown or disabled, its secret is wrong, or it may not authenticate in this way"

logging.getLogger("authlib").setLevel(logging.INFO)  # its debug messages quote tokens and account names


class AuthorizationServer(AuthlibServer):
    """The authorization server of one request, within one transaction.

    OAuth errors are returned, not raised, so the transaction commits what was written before, such as a failure count.
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

    def attempt(self, client_id: str) -> Attempt:
        """Return the log-in of a client with a password, from the address of the request."""
        return Attempt.of(CALLER.get(), client_id, self.settings.login_failures)

    def token(self, request: OAuthRequest) -> OAuthAnswer:
        """Answer a request at the token endpoint."""
        if not request.payload.grant_type:  # authlib would call it an unsupported grant
            missing = InvalidRequestError(description="the grant_type is missing")
            return self.handle_error_response(request, missing)
        answer: OAuthAnswer = self.create_token_response(request)
        return answer

    def endpoint(self, name: str, request: OAuthRequest) -> OAuthAnswer:
        """Answer a request at the endpoint `revocation` or `introspection`."""
        answer: OAuthAnswer = self.create_endpoint_response(name, request)
        return answer

    def get_authorization_grant(self, request: OAuthRequest) -> CodeGrant:
        """Find the grant of an authorization request. The error does not quote it, as authlib's would."""
        if not RESPONSE_TYPE.fullmatch(request.payload.response_type or ""):
            raise InvalidRequestError(description="the response_type is missing or cannot be read")
        grant: CodeGrant = super().get_authorization_grant(request)
        return grant

    def query_client(self, client_id: str) -> RegisteredClient | None:
        """Find an enabled client."""
        client = find_client(self.connection, client_id)
        return None if client is None else RegisteredClient(client, self.tokens.issuer)

    def generate_token(  # noqa: PLR0913, PLR0917 - authlib's signature
        self,
        grant_type: str,
        client: RegisteredClient,
        user: Login | None = None,
        scope: str | None = None,  # noqa: ARG002 - there is one scope
        expires_in: int | None = None,  # noqa: ARG002 - and one lifetime
        include_refresh_token: bool = True,  # noqa: FBT001, FBT002 - authlib's signature
    ) -> dict[str, Any]:
        """Make the tokens of a log-in, or the access token of a client itself, where `user` is None."""
        subject = Subject(client.client_id, token_version=client.client.token_version)
        algorithm = ASYMMETRIC
        if user is not None:
            subject = Subject(client.client_id, user.admin_id, user.account, user.token_version, str(user.sid))
            algorithm = client.algorithm(self.settings.legacy_tokens)
        access = self.tokens.make(subject, algorithm)
        TOKENS.labels(grant_type).inc()
        token = {"access_token": access.text, "token_type": "Bearer"}
        if include_refresh_token and user is not None and client.check_grant_type("refresh_token"):
            token["refresh_token"] = new_token()
        return {**token, "scope": SCOPE, "jti": access.jti, "expires_in": access.expires_in}

    def save_token(self, token: dict[str, Any], request: OAuthRequest) -> None:
        """Store the hash of a refresh token; access tokens are not stored."""
        if "refresh_token" in token:
            add_refresh_token(self.connection, request.user.sid, token["refresh_token"])

    def create_oauth2_request(self, request: OAuthRequest) -> OAuthRequest:
        """Return the request as it is."""
        return request

    def handle_error_response(self, request: OAuthRequest, error: OAuth2Error) -> OAuthAnswer:
        """Answer an error; that of a client which does not authenticate says more than authlib's, and has a realm."""
        if isinstance(error, InvalidClientError):
            error.description = NOT_AUTHENTICATED
        answer: OAuthAnswer = super().handle_error_response(request, error)
        challenged = {"WWW-Authenticate": BASIC_CHALLENGE}
        return answer._replace(headers=[(name, challenged.get(name, value)) for name, value in answer.headers])

    def handle_response(self, status: int, body: dict[str, Any] | str, headers: list[tuple[str, str]]) -> OAuthAnswer:
        """Return the answer; a redirect names the issuer (RFC 9207)."""
        if isinstance(body, dict):
            return OAuthAnswer(status, body, headers)
        issuer = urlencode({"iss": self.tokens.issuer})
        return OAuthAnswer(status, body, [(name, f"{value}&{issuer}") for name, value in headers])

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Do nothing: there are no listeners."""
