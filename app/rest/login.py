"""Legacy: log-in, refresh and log-out as document 003, section 2, has them, over the same authorization server."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.tokens import bearer_token
from app.errors import InvalidInputError, UnauthenticatedError, UnavailableError
from app.oauth.office import Office
from app.oauth.requests import Answer, BadBodyError, Fields, Request, object_of
from app.oauth.server import AuthorizationServer
from app.rest import login_shapes as shapes
from app.rest import login_trees
from app.rest.token_info import is_honest
from app.services import account, login
from app.services.account import Account

Endpoint = Callable[[HttpRequest], Awaitable[Response]]
Headers = list[tuple[str, str]]

TEXTS = (str, int)
"""What a parameter may be: numbers stand for texts in the examples."""


class RefusedError(Exception):
    """What the caller is told: the envelope's code and message, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def wrong(reason: str) -> RefusedError:
    """Say that something is wrong with the business, in the documents' words (7.7, 8.4)."""
    return RefusedError("1", f"出现异常{reason}")


def missing(name: str) -> RefusedError:
    """Say that a parameter is missing."""
    return wrong(f"{name}不能为空")


def only_grant(name: str) -> RefusedError:
    """Say which grant an operation knows."""
    return wrong(f"grant_type只支持{name}")


def unauthenticated() -> RefusedError:
    """Say that a token is good for nothing."""
    return RefusedError("401", "token无效或已过期", 401)


def forbidden() -> RefusedError:
    """Say that the header tokenInfo names somebody else."""
    return RefusedError("403", "tokenInfo与token不一致", 403)


LOGIN_ERRORS = {"invalid_grant": "账号或密码错误", "invalid_client": "客户端未登记"}
OTHER_LOGIN_ERROR = "该客户端不可使用此登录方式"


def enveloped(endpoint: Endpoint) -> Endpoint:
    """Answer every failure in the envelope."""

    async def answer(http: HttpRequest) -> Response:
        try:
            return await endpoint(http)
        except RefusedError as error:
            return _refusal(error)
        except UnauthenticatedError:
            return _refusal(unauthenticated())
        except InvalidInputError as error:
            return _refusal(RefusedError("400", str(error), 400))
        except BadBodyError as error:
            return _refusal(RefusedError("400", str(error), error.status))
        except UnavailableError:
            return _refusal(RefusedError("503", "服务暂不可用，请稍后再试", 503), [("Retry-After", "2")])

    return answer


async def authen(http: HttpRequest) -> Response:
    """Log in (2.1); what is answered besides the tokens depends on the client."""
    given = _texts(await object_of(http), "job_number", "pwd", "client_id", "grant_type")
    if given["grant_type"] != "password":
        raise only_grant(name="password")
    if given["client_id"] == "app-client" and not http.query_params.get("appId"):
        raise missing(name="appId")
    form = {
        "grant_type": "password",
        "username": given["job_number"],
        "password": given["pwd"],
        "client_id": given["client_id"],
    }
    answer, result = await _office(http).run(lambda server: _logged_in(server, form))
    if result is None:
        raise wrong(LOGIN_ERRORS.get(_body(answer)["error"], OTHER_LOGIN_ERROR))
    return _success({"result": result}, [h for h in answer.headers if h[0] in {"Deprecation", "Sunset"}])


async def refresh(http: HttpRequest) -> Response:
    """Exchange a refresh token (2.2). `job_number` is accepted and not needed."""
    given = _texts(await object_of(http), "client_id", "grant_type", "refresh_token")
    if given["grant_type"] != "refresh_token":
        raise only_grant(name="refresh_token")
    answer = await _office(http).run(lambda server: server.token(Request("POST", given)))
    body = _body(answer)
    if body.get("error") == "invalid_grant":
        raise unauthenticated()
    if "error" in body:
        raise wrong(LOGIN_ERRORS.get(body["error"], OTHER_LOGIN_ERROR))
    return _success({"result": shapes.token(body)})


async def logout(http: HttpRequest) -> Response:
    """Log out (2.3): the log-in ends, and the app's devices of the member of staff get no more messages."""
    office = _office(http)
    session = office.tokens.verify(bearer_token(http.headers)).session
    header, app_id = http.headers.get("tokeninfo"), http.path_params["appId"]
    await office.run(lambda server: _logged_out(server, session, header, app_id))
    return _success({})


def _logged_in(server: AuthorizationServer, form: Fields) -> tuple[Answer, shapes.Shape | None]:
    """Give the answer of the token endpoint, and the result when it is a good one.

    A failure is not raised here: it was counted in this transaction.
    """
    request = Request("POST", form)
    answer = server.token(request)
    body = _body(answer)
    if "error" in body:
        return answer, None
    found = account.account_of(server.connection, request.user.admin_id)
    if found is None:  # disabled at this moment
        raise unauthenticated()
    shown = SHOWN.get(form["client_id"], {})
    trees = {name: show(server, found) for name, show in shown.items()}
    return answer, {"token": shapes.token(body), "tokenInfo": shapes.token_info(found), **trees}


def _logged_out(server: AuthorizationServer, session: str | None, header: str | None, app_id: str) -> None:
    found = None if session is None else login.of_session(server.connection, session)
    who = None if found is None else account.account_of(server.connection, found.admin_id)
    if found is None or who is None:
        raise unauthenticated()
    if not is_honest(header, who):
        raise forbidden()
    login.end(server.connection, found.sid, "logout")
    login.forget_devices(server.connection, app_id, who.id)


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
            raise missing(name)
        if not isinstance(value, TEXTS) or isinstance(value, bool) or "\0" in str(value):
            message = f"{name} must be a string"
            raise InvalidInputError(message)
    return {name: str(content[name]) for name in names}


def _body(answer: Answer) -> dict[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _office(http: HttpRequest) -> Office:
    office: Office = http.app.state.office
    return office


def _success(members: dict[str, Any], headers: Headers | None = None) -> Response:
    return _written({"code": "200", "message": "成功", **members}, 200, headers)


def _refusal(error: RefusedError, headers: Headers | None = None) -> Response:
    return _written({"code": error.code, "message": str(error), "result": None}, error.status, headers)


def _written(content: dict[str, Any], status: int, headers: Headers | None) -> Response:
    given = {"cache-control": "no-store", **dict(headers or ())}
    return Response(orjson.dumps(content), status, given, "application/json")
