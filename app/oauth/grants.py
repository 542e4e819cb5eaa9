"""Grants: what tokens are given for."""

from email.utils import format_datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749 import grants as authlib_grants
from authlib.oauth2.rfc7636 import CodeChallenge

from app.oauth.registered import SCOPE, Registered
from app.oauth.requests import Request
from app.services import account, authorization_code, client, login
from app.services.account import Account
from app.services.authorization_code import Code
from app.services.login import Login

Response = tuple[int, Any, list[tuple[str, str]]]

ANY_CLIENT = ["client_secret_basic", "client_secret_post", "none"]


class PasswordGrant(authlib_grants.ResourceOwnerPasswordCredentialsGrant):
    """The password grant, for clients registered as legacy until their end date (RFC 9700, 2.4 forbids it to others).

    Its answers say so: `Deprecation` (RFC 9745) since the registration, `Sunset` (RFC 8594) at the end date.
    """

    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT

    def authenticate_user(self, username: str, password: str) -> Account:
        """Give the account; one answer for all that goes wrong."""
        found = account.authenticate(self.server.connection, username, password, self.server.settings.login_failures)
        if found is None:
            raise InvalidGrantError(description="Wrong account or password, or too many failures.")
        return found

    def create_token_response(self) -> Response:
        """Open the log-in and count it."""
        registered: Registered = self.request.client
        self.request.user = login.begin(self.server.connection, self.request.user, registered.client_id)
        status, token, headers = super().create_token_response()
        client.count_password_use(self.server.connection, registered.client_id)
        return status, token, [*headers, *_end_of(registered)]


class RefreshGrant(authlib_grants.RefreshTokenGrant):
    """A refresh token for a new one and an access token."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> "RefreshCredential":
        """Use the token up, unless the rest of the request is wrong."""
        registered: Registered = self.request.client
        if registered.get_allowed_scope(self.request.payload.scope) is None:
            raise InvalidScopeError
        found = login.use_refresh_token(self.server.connection, refresh_token, registered.client_id)
        if found is None:
            raise InvalidGrantError(description="The refresh token is not valid, or no longer.")
        return RefreshCredential(found)

    def authenticate_user(self, refresh_token: "RefreshCredential") -> Login:
        """Give the log-in that goes on."""
        return refresh_token.login

    def revoke_old_credential(self, refresh_token: "RefreshCredential") -> None:
        """Nothing is left to do: the statement that found the token used it up."""


class RefreshCredential:
    """A refresh token that was found, as authlib asks about it; the statement that found it compared the client."""

    def __init__(self, found: Login) -> None:
        self.login = found

    def check_client(self, registered: Registered) -> bool:
        """Tell whether the token is the client's."""
        return self.login.client_id == registered.client_id

    def get_scope(self) -> str:
        """Give the scope."""
        return SCOPE


class ClientCredentialsGrant(authlib_grants.ClientCredentialsGrant):
    """A client's own secret, for a token without a member of staff."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012 - an attribute of authlib


class CodeGrant(authlib_grants.AuthorizationCodeGrant):
    """A code of the login page (RFC 6749, 4.1), always with PKCE."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY_CLIENT

    @staticmethod
    def validate_authorization_redirect_uri(request: Request, registered: Registered) -> str:
        """Give where the code is sent; nothing that the request says is quoted."""
        given: str | None = request.payload.redirect_uri
        uri = given or registered.get_default_redirect_uri()
        if uri is None or not registered.check_redirect_uri(uri):
            raise InvalidRequestError(description="The redirect_uri is missing or not one of the client's.")
        return uri

    def generate_authorization_code(self) -> str:
        """Make a code."""
        return login.new_token()

    def save_authorization_code(self, code: str, request: Request) -> None:
        """Keep the code's hash, and what it is bound to."""
        given = request.payload
        authorization_code.add(
            self.server.connection,
            code,
            request.client.client_id,
            request.user.id,
            given.redirect_uri,
            given.data["code_challenge"],
        )

    def query_authorization_code(self, code: str, registered: Registered) -> "CodeCredential | None":
        """Use the code up, whatever else is wrong with the request."""
        found = authorization_code.use(self.server.connection, code, registered.client_id)
        return None if found is None else CodeCredential(found)

    def delete_authorization_code(self, authorization_code: "CodeCredential") -> None:
        """Nothing is left to do: the statement that found the code used it up."""

    def authenticate_user(self, authorization_code: "CodeCredential") -> Login | None:
        """Open the log-in, unless the account was disabled since."""
        connection, code = self.server.connection, authorization_code.code
        found = account.account_of(connection, code.admin_id)
        if found is None:
            return None
        opened = login.begin(connection, found, self.request.client.client_id)
        _remember(connection, code, opened.sid)
        return opened


class CodeCredential:
    """A code that was found, as authlib asks about it."""

    code_challenge_method = "S256"

    def __init__(self, code: Code) -> None:
        self.code = code
        self.code_challenge = code.code_challenge

    def get_redirect_uri(self) -> str | None:
        """Give the redirect URI that the authorization request named."""
        return self.code.redirect_uri

    def get_scope(self) -> str:
        """Give the scope."""
        return SCOPE


class Pkce(CodeChallenge):
    """Proof key for code exchange (RFC 7636): asked of every client, and S256 only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - an attribute of authlib

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge, or with one of another method."""
        given = grant.request.payload.data
        if not given.get("code_challenge") or given.get("code_challenge_method") != "S256":
            raise InvalidRequestError(description="PKCE is needed: code_challenge, code_challenge_method=S256.")
        super().validate_code_challenge(grant, redirect_uri)


_remember = authorization_code.set_login  # CodeGrant's methods have parameters of the module's name


def _end_of(registered: Registered) -> list[tuple[str, str]]:
    end = registered.client.password_until
    since = int(registered.client.created_at.timestamp())
    return [("Deprecation", f"@{since}")] + ([] if end is None else [("Sunset", format_datetime(end, usegmt=True))])
