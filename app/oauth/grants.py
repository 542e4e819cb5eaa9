"""Grants: what a client exchanges for tokens."""

from email.utils import format_datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749 import grants as authlib_grants
from authlib.oauth2.rfc7636 import CodeChallenge

from app.access.tokens import SCOPE
from app.oauth.errors import LoginFailedError
from app.oauth.registered_client import AUTH_METHODS, SECRET_METHODS, RegisteredClient
from app.oauth.requests import OAuthRequest
from app.services.account import Account, account_of, authenticate
from app.services.authorization_code import Code, add_code, link_code, use_code
from app.services.client import count_password_use
from app.services.login import Login, begin_login, new_token, use_refresh_token

TokenResponse = tuple[int, Any, list[tuple[str, str]]]


class PasswordGrant(authlib_grants.ResourceOwnerPasswordCredentialsGrant):
    """Exchanges an account and its password for tokens, for legacy clients until an end date (see RFC 9700, 2.4).

    The headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) have the date of the client's registration and its end
    date.
    """

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def authenticate_token_endpoint_client(self) -> RegisteredClient:
        """Return the client, and remember its name for `authenticate_user`."""
        client: RegisteredClient = super().authenticate_token_endpoint_client()
        self._client_id = client.client_id
        return client

    def authenticate_user(self, username: str, password: str) -> Account:
        """Return the account; every failure has the same answer."""
        attempt = self.server.attempt(self._client_id)
        account = authenticate(self.server.connection, username, password, attempt)
        if account is None:
            raise InvalidGrantError(description=str(LoginFailedError()))
        return account

    def create_token_response(self) -> TokenResponse:
        """Begin a log-in, return its tokens and count the use of the grant."""
        client: RegisteredClient = self.request.client
        self.request.user = begin_login(self.server.connection, self.request.user, client.client_id)
        status, token, headers = super().create_token_response()
        count_password_use(self.server.connection, client.client_id)
        return status, token, [*headers, *_end_of_grant(client)]


def _end_of_grant(client: RegisteredClient) -> list[tuple[str, str]]:
    end = client.client.password_until
    since = int(client.client.created_at.timestamp())
    return [("Deprecation", f"@{since}")] + ([] if end is None else [("Sunset", format_datetime(end, usegmt=True))])


class RefreshGrant(authlib_grants.RefreshTokenGrant):
    """Exchanges a refresh token for a new refresh token and an access token."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> "RefreshCredential":
        """Mark the token as used, unless the rest of the request is wrong."""
        client: RegisteredClient = self.request.client
        if client.get_allowed_scope(self.request.payload.scope) is None:
            raise InvalidScopeError
        login = use_refresh_token(self.server.connection, refresh_token, client.client_id)
        if login is None:
            raise InvalidGrantError(description="the refresh token is not valid")
        return RefreshCredential(login)

    def authenticate_user(self, refresh_token: "RefreshCredential") -> Login:
        """Return the log-in that continues."""
        return refresh_token.login

    def revoke_old_credential(self, refresh_token: "RefreshCredential") -> None:
        """Do nothing: the statement that found the token has marked it as used."""


class RefreshCredential:
    """A refresh token that was found, with the methods that authlib requires."""

    def __init__(self, login: Login) -> None:
        self.login = login

    def check_client(self, client: RegisteredClient) -> bool:
        """Return whether the token was issued to the client."""
        return self.login.client_id == client.client_id

    def get_scope(self) -> str:
        """Return the scope."""
        return SCOPE


class ClientCredentialsGrant(authlib_grants.ClientCredentialsGrant):
    """Exchanges a client's secret for an access token of the client itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS


class CodeGrant(authlib_grants.AuthorizationCodeGrant):
    """Exchanges a code from the login page for tokens (RFC 6749, 4.1); PKCE is required."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuthRequest, client: RegisteredClient) -> str:
        """Return the URI to redirect to; the error does not quote what was sent."""
        sent: str | None = request.payload.redirect_uri
        uri = sent or client.get_default_redirect_uri()
        if uri is None or not client.check_redirect_uri(uri):
            raise InvalidRequestError(description="the redirect_uri is missing or not one of the client's")
        return uri

    def generate_authorization_code(self) -> str:
        """Make a code."""
        return new_token()

    def save_authorization_code(self, code: str, request: OAuthRequest) -> None:
        """Store the code's hash and what the code is bound to."""
        payload = request.payload
        add_code(
            self.server.connection,
            code,
            request.client.client_id,
            request.user.id,
            payload.redirect_uri,
            payload.data["code_challenge"],
        )

    def query_authorization_code(self, code: str, client: RegisteredClient) -> "CodeCredential | None":
        """Mark the code as used, even if the rest of the request is wrong."""
        used = use_code(self.server.connection, code, client.client_id)
        return None if used is None else CodeCredential(used)

    def delete_authorization_code(self, authorization_code: "CodeCredential") -> None:
        """Do nothing: the statement that found the code has marked it as used."""

    def authenticate_user(self, authorization_code: "CodeCredential") -> Login | None:
        """Begin a log-in; None when the account was disabled after the code was issued."""
        connection, code = self.server.connection, authorization_code.code
        account = account_of(connection, code.admin_id)
        if account is None:
            return None
        login = begin_login(connection, account, self.request.client.client_id)
        link_code(connection, code, login.sid)
        return login


class CodeCredential:
    """A code that was found, with the methods that authlib requires."""

    code_challenge_method = "S256"

    def __init__(self, code: Code) -> None:
        self.code = code
        self.code_challenge = code.code_challenge

    def get_redirect_uri(self) -> str | None:
        """Return the redirect URI of the authorization request."""
        return self.code.redirect_uri

    def get_scope(self) -> str:
        """Return the scope."""
        return SCOPE


class Pkce(CodeChallenge):
    """Proof key for code exchange (RFC 7636), required of every client, with S256 only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - an attribute of authlib

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge, or with another method."""
        parameters = grant.request.payload.data
        if not parameters.get("code_challenge") or parameters.get("code_challenge_method") != "S256":
            raise InvalidRequestError(description="PKCE is required: code_challenge, code_challenge_method=S256")
        super().validate_code_challenge(grant, redirect_uri)
