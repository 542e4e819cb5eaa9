"""Errors of logging in that no grant of OAuth has words for."""

from app.errors import RequestError


class LoginFailedError(RequestError):
    """The account and the password do not let anybody in; why is not said."""

    code = "LOGIN_FAILED"


class PageExpiredError(RequestError):
    """The form was not sent by a login page that this program served to the same browser within the hour."""

    code = "PAGE_EXPIRED"
