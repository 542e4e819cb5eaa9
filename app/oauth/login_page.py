"""LoginPage: a member of staff enters account and password, and the client gets a code (RFC 6749, 4.1).

The page is one form without scripts or outside resources, and other pages cannot frame it. Every authorization shows
it: there is no session that a page of another site could use. The form repeats the random number of a cookie, which
other pages do not know.
"""

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.access.tokens import Tokens
from app.errors import RequestError
from app.oauth.errors import LoginFailedError, PageExpiredError
from app.oauth.login_workers import login_workers
from app.oauth.metadata import AUTHORIZE
from app.oauth.requests import LARGEST_BODY, OAuthAnswer, OAuthRequest
from app.oauth.server import AuthorizationServer
from app.services.account import authenticate
from app.web.bodies import Fields, read_fields, read_form

COOKIE = "cadastre-login"
COOKIE_SECONDS = 3600

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 1rem; }
form { display: grid; gap: .75rem; width: min(22rem, 100%); }
h1 { font-size: 1.25rem; margin: 0; } p { margin: 0; } .error { color: #b00020; }
label { display: grid; gap: .25rem; } input, button { font: inherit; padding: .5rem; }
"""
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 Log in · Cadastre</title><style>{style}</style></head><body>{body}</body></html>
"""

FORM = """<form method="post" action="?{query}"><h1>登录 Log in</h1><p>{client}</p>{error}
<input type="hidden" name="csrf" value="{csrf}">
<label>账号 Account<input name="account" autocomplete="username" required autofocus></label>
<label>密码 Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>登录 Log in</button></form>
"""

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


async def authorize(http: HttpRequest) -> Response:
    """Show the form, or read it and redirect to the client with a code."""
    request = OAuthRequest("GET", read_fields(query_of(http)))
    failure: RequestError | None = None
    work = partial(describe_client, request=request)
    if http.method == "POST":
        form = await read_form(http, LARGEST_BODY)
        is_own = _is_own_form(http, form)
        failure = LoginFailedError() if is_own else PageExpiredError()
        work = partial(log_in, request=request, form=form) if is_own else work
    outcome = await login_workers(http).run(work, takes_password=http.method == "POST")
    return _redirect(outcome) if isinstance(outcome, OAuthAnswer) else _form_page(http, outcome, failure)


def query_of(http: HttpRequest) -> str:
    """Return the query of the URL; that of `http.url` begins in the header Host, which the client writes."""
    query: bytes = http.scope["query_string"]
    return query.decode("latin-1")


def describe_client(server: AuthorizationServer, request: OAuthRequest) -> str | OAuthAnswer:
    """Return the description of the client, or the error answer of an invalid request."""
    try:
        grant = server.get_consent_grant(request)
    except OAuth2Error as error:
        refusal: OAuthAnswer = server.handle_error_response(request, error)
        return refusal
    description: str = grant.request.client.client.description
    return description


def log_in(server: AuthorizationServer, request: OAuthRequest, form: Fields) -> str | OAuthAnswer:
    """Return the redirect with the code; the description of the client when the password is wrong."""
    description = describe_client(server, request)
    if isinstance(description, OAuthAnswer):
        return description
    credentials = form.get("account", ""), form.get("password", "")
    account = authenticate(server.connection, *credentials, server.attempt(request.payload.client_id))
    if account is None:
        return description
    grant = server.get_authorization_grant(request)
    answer: OAuthAnswer = server.create_authorization_response(request, grant_user=account, grant=grant)
    return answer


def page_failure(_: HttpRequest, error: RequestError) -> Response:
    """Answer a failure as a page."""
    return _page(_error(bilingual(error), error.code), error.kind.status, error.headers)


def bilingual(error: RequestError) -> str:
    """Return the message of an error in Chinese and English."""
    return f"{error.message_in('zh')} {error.message_in('en')}"


def _redirect(answer: OAuthAnswer) -> Response:
    """Redirect to the client. Without a valid client and redirect URI, show the error as a page."""
    if isinstance(answer.body, str):
        return RedirectResponse(dict(answer.headers)["Location"], 303, {"cache-control": "no-store"})
    error = answer.body["error"]
    return _page(_error(answer.body.get("error_description") or error, error), 400)


def _form_page(http: HttpRequest, client: str, failure: RequestError | None) -> Response:
    csrf = secrets.token_urlsafe(32)
    form = FORM.format(
        query=html.escape(query_of(http)),
        client=html.escape(client),
        error="" if failure is None else _error(bilingual(failure), failure.code),
        csrf=csrf,
    )
    response = _page(form, 200 if failure is None else failure.kind.status)
    name, is_secure = _cookie(http)
    path = "/" if is_secure else urlsplit(issuer_of(http)).path + AUTHORIZE
    response.set_cookie(name, csrf, COOKIE_SECONDS, path=path, secure=is_secure, httponly=True, samesite="strict")
    return response


def _page(body: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(PAGE.format(style=STYLE, body=body), status, {**HEADERS, **(headers or {})})


def _error(message: str, code: str) -> str:
    return f'<p class="error" role="alert">{html.escape(message)} <code>{html.escape(code)}</code></p>'


def _is_own_form(http: HttpRequest, form: Fields) -> bool:
    """Return whether our page sent the form: it repeats the cookie, and `Sec-Fetch-Site` names no other site."""
    name, _ = _cookie(http)
    in_cookie, in_form = http.cookies.get(name, ""), form.get("csrf", "")
    return (
        http.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and bool(in_cookie)
        and secrets.compare_digest(in_cookie.encode(), in_form.encode())
    )


def _cookie(http: HttpRequest) -> tuple[str, bool]:
    """Return the name of the cookie, and whether it is for https only; other hosts cannot set a `__Host-` cookie."""
    is_secure = issuer_of(http).startswith("https://")
    return f"__Host-{COOKIE}" if is_secure else COOKIE, is_secure


def issuer_of(http: HttpRequest) -> str:
    """Return the public URL, which may have a path."""
    tokens: Tokens = http.app.state.tokens
    return tokens.issuer
