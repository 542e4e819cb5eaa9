"""Log-in errors that OAuth does not define."""

from app.errors import RequestError


class LoginFailedError(RequestError):
    """The log-in failed. The answer does not say why."""

    code = "LOGIN_FAILED"


class PageExpiredError(RequestError):
    """The form was not sent by a login page that this program served to the same browser within the hour."""

    code = "PAGE_EXPIRED"
