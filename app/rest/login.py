"""Legacy: log-in, refresh and log-out as document 003, section 2, has them, over the same authorization server."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.tokens import Tokens, bearer_token
from app.error_codes import Message
from app.errors import InvalidInputError, RequestError, UnauthenticatedError
from app.oauth.errors import LoginFailedError
from app.oauth.login_workers import login_workers
from app.oauth.requests import LARGEST_BODY, OAuthAnswer, OAuthRequest
from app.oauth.server import AuthorizationServer
from app.rest import login_shapes as shapes
from app.rest import login_trees
from app.rest.token_info import is_honest
from app.services.account import Account, account_of
from app.services.login import end_login, forget_devices, login_of_session
from app.web.bodies import Fields, read_object

Headers = list[tuple[str, str]]

TEXTS = (str, int)
"""What a parameter may be: numbers stand for texts in the examples."""


class TokenInfoError(RequestError):
    """The header tokenInfo names somebody else than the access token."""

    code = "TOKEN_INFO_MISMATCH"


NOT_TEXT = Message("{name} must be a string", "{name}应为字符串")
MISSING = Message("{name} is missing", "{name}不能为空")
ONLY_GRANT = Message("grant_type must be {name}", "grant_type只支持{name}")
UNKNOWN_CLIENT = Message("the client is not registered", "客户端未登记")
OTHER_CLIENT = Message("the client may not log in this way", "该客户端不可使用此登录方式")


def login_error(oauth_error: str) -> RequestError:
    """Return what the documents call an error of the token endpoint."""
    if oauth_error == "invalid_grant":
        return LoginFailedError()
    return InvalidInputError(UNKNOWN_CLIENT if oauth_error == "invalid_client" else OTHER_CLIENT)


async def authen(http: HttpRequest) -> Response:
    """Log in (2.1); what is answered besides the tokens depends on the client."""
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
    answer, result = await login_workers(http).run(lambda server: _logged_in(server, form))
    if result is None:
        raise login_error(_body(answer)["error"])
    return _success({"result": result}, [h for h in answer.headers if h[0] in {"Deprecation", "Sunset"}])


async def refresh(http: HttpRequest) -> Response:
    """Exchange a refresh token (2.2). `job_number` is accepted and not needed."""
    given = _texts(await read_object(http, LARGEST_BODY), "client_id", "grant_type", "refresh_token")
    if given["grant_type"] != "refresh_token":
        raise InvalidInputError(ONLY_GRANT, name="refresh_token")
    answer = await login_workers(http).run(lambda server: server.token(OAuthRequest("POST", given)))
    body = _body(answer)
    if body.get("error") == "invalid_grant":
        raise UnauthenticatedError
    if "error" in body:
        raise login_error(body["error"])
    return _success({"result": shapes.token(body)})


async def logout(http: HttpRequest) -> Response:
    """Log out (2.3): the log-in ends, and the app's devices of the member of staff get no more messages."""
    tokens: Tokens = http.app.state.tokens
    session = tokens.verify(bearer_token(http.headers)).session
    header, app_id = http.headers.get("tokeninfo"), http.path_params["appId"]
    await login_workers(http).run(lambda server: _logged_out(server, session, header, app_id))
    return _success({})


def _logged_in(server: AuthorizationServer, form: Fields) -> tuple[OAuthAnswer, shapes.Shape | None]:
    """Give the answer of the token endpoint, and the result when it is a good one.

    A failure is not raised here: it was counted in this transaction.
    """
    request = OAuthRequest("POST", form)
    answer = server.token(request)
    body = _body(answer)
    if "error" in body:
        return answer, None
    found = account_of(server.connection, request.user.admin_id)
    if found is None:  # disabled at this moment
        raise UnauthenticatedError
    shown = SHOWN.get(form["client_id"], {})
    trees = {name: show(server, found) for name, show in shown.items()}
    return answer, {"token": shapes.token(body), "tokenInfo": shapes.token_info(found), **trees}


def _logged_out(server: AuthorizationServer, session: str | None, header: str | None, app_id: str) -> None:
    found = None if session is None else login_of_session(server.connection, session)
    who = None if found is None else account_of(server.connection, found.admin_id)
    if found is None or who is None:
        raise UnauthenticatedError
    if not is_honest(header, who):
        raise TokenInfoError
    end_login(server.connection, found.sid, "logout")
    forget_devices(server.connection, app_id, who.id)


def _orgs(server: AuthorizationServer, who: Account) -> shapes.Shape:
    return shapes.org_trees(login_trees.business_orgs(server.connection, who))


def _menus(server: AuthorizationServer, who: Account) -> shapes.Shape:
    return shapes.menu_trees(login_trees.menus(server.connection, who))


def _communities(server: AuthorizationServer, who: Account) -> list[shapes.Shape]:
    return [shapes.community(row) for row in login_trees.communities(server.connection, who)]


SHOWN: dict[str, dict[str, Callable[[AuthorizationServer, Account], Any]]] = {
    "h5-client": {"business_org_trees": _orgs, "menu_trees": _menus},
    "ioc-client": {"business_org_trees": _orgs},
    "app-client": {"communities": _communities},
}
"""What each client is answered after a log-in, besides the tokens."""


def _texts(content: dict[str, Any], *names: str) -> Fields:
    """Take the parameters that an operation needs."""
    for name in names:
        value = content.get(name)
        if value is None or value == "":
            raise InvalidInputError(MISSING, name=name)
        if not isinstance(value, TEXTS) or isinstance(value, bool) or "\0" in str(value):
            raise RequestError(NOT_TEXT, name=name)
    return {name: str(content[name]) for name in names}


def _body(answer: OAuthAnswer) -> dict[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _success(members: dict[str, Any], headers: Headers | None = None) -> Response:
    return _written({"code": "200", "message": "成功", **members}, 200, headers)


def _written(content: dict[str, Any], status: int, headers: Headers | None) -> Response:
    given = {"cache-control": "no-store", **dict(headers or ())}
    return Response(orjson.dumps(content), status, given, "application/json")
