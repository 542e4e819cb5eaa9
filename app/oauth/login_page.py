"""LoginPage: where a member of staff gives account and password, and the client gets a code (RFC 6749, 4.1).

The page is one plain form: no script, nothing from elsewhere, not to be framed. It is asked for on every
authorization: nobody stays logged in here, so there is no standing right that a foreign page could use. The form
carries a random number that a cookie repeats, so that no other page can send it.
"""

import base64
import hashlib
import html
import secrets

from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.oauth.metadata import AUTHORIZE
from app.oauth.office import Office
from app.oauth.requests import Answer, Fields, Request, fields_of, form_of
from app.oauth.server import AuthorizationServer
from app.services import account

COOKIE = "cadastre-login"
COOKIE_SECONDS = 3600
REFUSED = "账号或密码错误，或失败次数过多，请稍后再试。 Wrong account or password, or too many failures."
STALE = "页面已过期，请重试。 The page has expired; please try again."

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 1rem; }
form { display: grid; gap: .75rem; width: min(22rem, 100%); }
h1 { font-size: 1.25rem; margin: 0; } p { margin: 0; } .trouble { color: #b00020; }
label { display: grid; gap: .25rem; } input, button { font: inherit; padding: .5rem; }
"""
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 Log in · Cadastre</title><style>{style}</style></head><body>{body}</body></html>
"""

FORM = """<form method="post" action="?{query}"><h1>登录 Log in</h1><p>{client}</p>{trouble}
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
    """Show the form, or take it and send the code to the client."""
    office: Office = http.app.state.office
    asked = Request("GET", fields_of(http.url.query))
    if http.method == "GET":
        shown = await office.run(lambda server: _client_of(server, asked))
        return _sent(shown) if isinstance(shown, Answer) else _form(http, shown, 200)
    form = await form_of(http)
    if not _is_own_form(http, form):
        shown = await office.run(lambda server: _client_of(server, asked))
        return _sent(shown) if isinstance(shown, Answer) else _form(http, shown, 403, STALE)
    shown = await office.run(lambda server: _logged_in(server, asked, form))
    return _sent(shown) if isinstance(shown, Answer) else _form(http, shown, 400, REFUSED)


def _client_of(server: AuthorizationServer, asked: Request) -> str | Answer:
    """Describe the client of a sound authorization request; the answer to any other."""
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        refusal: Answer = server.handle_error_response(asked, error)
        return refusal
    description: str = grant.request.client.client.description
    return description


def _logged_in(server: AuthorizationServer, asked: Request, form: Fields) -> str | Answer:
    """Give the redirect with the code; the client's description when the password is wrong."""
    shown = _client_of(server, asked)
    if isinstance(shown, Answer):
        return shown
    given = form.get("account", ""), form.get("password", "")
    found = account.authenticate(server.connection, *given, server.settings.login_failures)
    if found is None:
        return shown
    grant = server.get_authorization_grant(asked)
    answer: Answer = server.create_authorization_response(asked, grant_user=found, grant=grant)
    return answer


def _sent(answer: Answer) -> Response:
    """Redirect to the client; show what is wrong when the client is not known for sure."""
    if isinstance(answer.body, str):
        return RedirectResponse(dict(answer.headers)["Location"], 303, {"cache-control": "no-store"})
    reason = html.escape(str(answer.body.get("error_description") or answer.body["error"]))
    return HTMLResponse(PAGE.format(style=STYLE, body=f"<p>{reason}</p>"), 400, HEADERS)


def _form(http: HttpRequest, client: str, status: int, trouble: str = "") -> Response:
    csrf = secrets.token_urlsafe(32)
    body = FORM.format(
        query=html.escape(http.url.query),
        client=html.escape(client),
        trouble=f'<p class="trouble" role="alert">{html.escape(trouble)}</p>' if trouble else "",
        csrf=csrf,
    )
    response = HTMLResponse(PAGE.format(style=STYLE, body=body), status, HEADERS)
    name, safe = _cookie_name(http)
    path = "/" if safe else AUTHORIZE
    response.set_cookie(name, csrf, COOKIE_SECONDS, path=path, secure=safe, httponly=True, samesite="strict")
    return response


def _is_own_form(http: HttpRequest, form: Fields) -> bool:
    """Tell whether our page sent the form: it repeats the cookie, and no browser says that it came from elsewhere."""
    kept, given = http.cookies.get(_cookie_name(http)[0], ""), form.get("csrf", "")
    return (
        http.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and bool(kept)
        and secrets.compare_digest(kept.encode(), given.encode())
    )


def _cookie_name(http: HttpRequest) -> tuple[str, bool]:
    """Name the cookie; over TLS so that neighbouring hosts cannot set it."""
    office: Office = http.app.state.office
    safe = office.tokens.issuer.startswith("https://")
    return (f"__Host-{COOKIE}" if safe else COOKIE), safe
