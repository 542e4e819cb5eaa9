"""Log-in, refresh and log-out at the legacy URLs (document 003, section 2), by the authorization server of OAuth."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.callers import Callers
from app.access.tokens import Claims, Tokens, bearer_token
from app.error_codes import Message
from app.errors import InvalidInputError, RequestError, UnauthenticatedError
from app.oauth.errors import LoginFailedError
from app.oauth.login_workers import login_workers
from app.oauth.requests import LARGEST_BODY, OAuthAnswer, OAuthRequest
from app.oauth.server import AuthorizationServer
from app.rest.answers import Row
from app.rest.envelope import SUCCESS, success
from app.rest.kinds import TEXT
from app.rest.operations import run_operation, stored
from app.rest.parameters import MISSING
from app.rest.token_info import check_token_info
from app.rest.trees import OF_MENU, OF_ORG, trees_of
from app.rest.usage import count
from app.services.login import end_login, login_of_session
from app.web.answering import Endpoint
from app.web.bodies import Fields, read_object

DEPRECATION = {"Deprecation", "Sunset"}
"""Headers of the password grant that legacy clients also get."""

TEXTS = (str, int)
"""Types that a parameter may have: some examples send numbers for strings."""

ONLY_GRANT = Message("grant_type must be {name}", "grant_type只支持{name}")
UNKNOWN_CLIENT = Message("the client is not registered", "客户端未登记")
OTHER_CLIENT = Message("the client may not log in this way", "该客户端不可使用此登录方式")

TOKEN = ("access_token", "token_type", "refresh_token", "scope", "jti", "expires_in")
TOKEN_INFO = ("name", "orgFullName", "id", "orgId", "org_code", "position", "user_name", "is_supper")

BY_CLIENT = {"h5-client": "H5Client", "ioc-client": "IocClient", "app-client": "AppClient"}
"""The operation of documents/login.graphql that answers a log-in, by client."""

OF_OTHER_CLIENTS = "OtherClient"

TREES: Mapping[str, Mapping[str, str]] = {
    "business_org_trees": OF_ORG,
    "menu_trees": OF_MENU,
}
"""The lists of these operations that are answered as trees, and what a row has from its parent."""


def login_error(oauth_error: str) -> RequestError:
    """Return what the documents call an error of the token endpoint."""
    if oauth_error == "invalid_grant":
        return LoginFailedError()
    return InvalidInputError(UNKNOWN_CLIENT if oauth_error == "invalid_client" else OTHER_CLIENT)


async def authen(http: HttpRequest) -> Response:
    """Log in (2.1). The client decides what is answered besides the tokens."""
    given = _texts(await read_object(http, LARGEST_BODY), "job_number", "pwd", "client_id", "grant_type")
    if given["grant_type"] != "password":
        raise InvalidInputError(ONLY_GRANT, name="password")
    if given["client_id"] == "app-client" and not http.query_params.get("appId"):
        raise InvalidInputError(MISSING, name="appId")
    form = {
        "grant_type": "password",
        "username": given["job_number"],
        "password": given["pwd"],
        "client_id": given["client_id"],
    }
    request = OAuthRequest("POST", form)
    answer = await login_workers(http).run(lambda server: server.token(request), takes_password=True)
    tokens = _body(answer)
    if "error" in tokens:
        raise login_error(tokens["error"])
    count(http, given["client_id"])
    result = {"token": written_token(tokens), **await _welcome(http, _claims(http, tokens["access_token"]))}
    return success(http, {"result": result}, {name: value for name, value in answer.headers if name in DEPRECATION})


async def refresh(http: HttpRequest) -> Response:
    """Exchange a refresh token (2.2). `job_number` is accepted and not used."""
    given = _texts(await read_object(http, LARGEST_BODY), "client_id", "grant_type", "refresh_token")
    if given["grant_type"] != "refresh_token":
        raise InvalidInputError(ONLY_GRANT, name="refresh_token")
    answer = await login_workers(http).run(lambda server: server.token(OAuthRequest("POST", given)))
    body = _body(answer)
    if body.get("error") == "invalid_grant":
        raise UnauthenticatedError
    if "error" in body:
        raise login_error(body["error"])
    count(http, given["client_id"])
    return success(http, {"result": written_token(body)}, {})


async def logout(http: HttpRequest) -> Response:
    """Log out (2.3): the log-in ends. The devices stay until the app's own backend deletes them (21.2)."""
    claims = _claims(http, bearer_token(http.headers))
    caller = await _callers(http).of(claims)
    check_token_info(http.headers, caller)
    count(http, caller.client_id)
    await login_workers(http).run(lambda server: _log_out(server, claims.session))
    return success(http, {}, {})


def written_token(answer: Row) -> Row:
    """Write the tokens (2.1)."""
    return {name: answer.get(name) for name in TOKEN} | {"token_type": "bearer"}


async def _welcome(http: HttpRequest, claims: Claims) -> Row:
    """Write what a log-in answers besides the tokens (2.1): who logged in, and lists of what they may see."""
    operation = BY_CLIENT.get(claims.client_id, OF_OTHER_CLIENTS)
    answer = await run_operation(http, stored(operation), await _callers(http).of(claims))
    me = answer.body["data"]["me"]
    if me["admin"] is None:
        raise UnauthenticatedError
    lists = {name: me["admin"].pop(name) for name in (*TREES, "communities") if name in me["admin"]}
    for name in lists.keys() & TREES.keys():
        lists[name] = {**SUCCESS, "trees": trees_of(lists[name], TREES[name])}
    return {"tokenInfo": _token_info(me), **lists}


def _token_info(me: Row) -> Row:
    """Describe who logged in: all members are strings but `is_supper`."""
    info = {**me, **me["admin"]}
    return {name: info[name] if name == "is_supper" or info[name] is None else str(info[name]) for name in TOKEN_INFO}


def _callers(http: HttpRequest) -> Callers:
    callers: Callers = http.app.state.callers
    return callers


def _claims(http: HttpRequest, access_token: str) -> Claims:
    tokens: Tokens = http.app.state.tokens
    return tokens.verify(access_token)


def _log_out(server: AuthorizationServer, session: str | None) -> None:
    found = None if session is None else login_of_session(server.connection, session)
    if found is None:
        raise UnauthenticatedError
    end_login(server.connection, found.sid, "logout")


def _texts(content: dict[str, Any], *names: str) -> Fields:
    """Take the parameters that an operation needs."""
    for name in names:
        value = content.get(name)
        if value is None or value == "":
            raise InvalidInputError(MISSING, name=name)
        if not isinstance(value, TEXTS) or isinstance(value, bool) or "\0" in str(value):
            raise RequestError(TEXT.must_be, name=name)
    return {name: str(content[name]) for name in names}


def _body(answer: OAuthAnswer) -> dict[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


URLS: Mapping[str, tuple[str, Endpoint]] = {
    "/v1/user/authen": ("2.1", authen),
    "/v1/oauth/token": ("2.2", refresh),
    "/v1/iot/main/user/logout/{appId}": ("2.3", logout),
}
"""The sections and the endpoints of the URLs that the authorization server answers."""
