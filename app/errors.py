"""The errors that Cadastre raises on purpose; app/error_codes.py has the answers to each.

Those that one package alone raises stand there, such as those of a connection in app/processes/refusals.py.

CadastreError
├── OperatorError                   an operator can fix it; the command prints one line and exits with status 2
└── RequestError                    a request is refused; `code` is a key of ERRORS
    ├── AnswerTooLargeError         a LimitExceededError: the answer has too many bytes
    ├── ConflictError               others have changed what the request is about
    ├── ForbiddenError              the caller does not hold the capability that the request needs
    ├── InUseError                  the record cannot be deleted, because others need it
    ├── InvalidInputError           a value in the request is not valid
    ├── LimitExceededError          a document or an answer is larger than a limit
    ├── MethodNotAllowedError       the URL does not have this method
    ├── NotAcceptableError          the client accepts none of the media types that the answer can have
    ├── NotFoundError               the record does not exist, or the caller may not see it
    ├── PayloadTooLargeError        the body is too large
    ├── RequestTimeoutError         a statement or the request took too long
    ├── RetryError                  others changed the same records at the same time; the request may run again
    ├── UnauthenticatedError        the access token is missing or not valid
    ├── UnavailableError            the database cannot be reached; the same request may succeed later
    ├── UnexpectedError             a bug: the caller gets an id, the log has the id and the place
    ├── UnsupportedMediaTypeError   the body is not of the media type that the URL reads
    └── UrlNotFoundError            there is nothing at the URL
"""

import logging
import traceback
import uuid
from collections.abc import Mapping
from typing import Self

from app.error_codes import ERRORS, ErrorKind, Language, Message

LOG = logging.getLogger("cadastre.errors")

SAME_TIME = Message(
    "others changed the same records at the same time, and nothing was written: try again",
    "其他用户正在修改相同的记录，本次未作任何修改，请重试",
)

MANY_WRITE = Message(
    "many requests are writing or wait to write, and nothing was written: try again in a few seconds",
    "正在修改或等待修改的请求过多，本次未作任何修改，请稍后重试",
)


class CadastreError(Exception):
    """The base class of the errors that Cadastre raises on purpose."""


class OperatorError(CadastreError):
    """Something outside the program is wrong; the message is one line and says what to do."""


class RequestError(CadastreError):
    """A request that is refused.

    `detail` replaces the general message of the code: a text for developers, in English only, or a Message for users.
    `values` fill the placeholders. `path` names the wrong input field, the outermost field first.
    """

    code = "BAD_REQUEST"

    def __init__(self, detail: str | Message | None = None, *, path: tuple[str, ...] = (), **values: object) -> None:
        self.detail, self.path, self.values = detail, path, values
        super().__init__(self.message_in("en"))

    @property
    def kind(self) -> ErrorKind:
        """The row of ERRORS for the code: what each API answers."""
        return ERRORS[self.code]

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer."""
        return self.kind.headers

    @property
    def extensions(self) -> dict[str, object]:
        """`extensions` of the error in GraphQL: the code, and what else a program needs to know."""
        return {"code": self.code}

    def fresh(self) -> Self:
        """Return a copy without traceback and context, for an error that is cached and raised again."""
        copy = type(self).__new__(type(self), *self.args)
        copy.__dict__.update(self.__dict__)
        return copy

    def message_in(self, language: Language) -> str:
        """Return the message in a language; in Chinese, the general message replaces a detail that is a plain text."""
        if isinstance(self.detail, str):
            if language == "en":
                return self.detail
            return self.kind.message.text(language, self.values)
        return (self.detail or self.kind.message).text(language, self.values)


class ConflictError(RequestError):
    """Others have changed what the request is about, since the caller read it or at the same time.

    `current_version` is the version of the record that the caller has read; None where the conflict is another one, and
    `detail` says which.
    """

    code = "CONFLICT"

    def __init__(
        self,
        current_version: int | None = None,
        detail: Message | None = None,
        *,
        path: tuple[str, ...] = (),
        **values: object,
    ) -> None:
        super().__init__(detail, path=path, current_version=current_version, **values)
        self.current_version = current_version

    @property
    def extensions(self) -> dict[str, object]:
        """The code, and the current version where there is one."""
        version = {} if self.current_version is None else {"currentVersion": self.current_version}
        return {**super().extensions, **version}


class ForbiddenError(RequestError):
    """The caller does not hold the capability, or not in the organisation in question.

    Only for visible records; invisible ones are NOT_FOUND.
    """

    code = "FORBIDDEN"

    def __init__(
        self, capability: str, detail: str | Message | None = None, *, path: tuple[str, ...] = (), **values: object
    ) -> None:
        super().__init__(detail, path=path, capability=capability, **values)
        self.capability = capability

    @property
    def extensions(self) -> dict[str, object]:
        """The code, and the capability by its name in the API."""
        return {**super().extensions, "capability": self.capability.upper().replace(".", "_")}


class InUseError(RequestError):
    """The record cannot be deleted, because others need it."""

    code = "IN_USE"


class InvalidInputError(RequestError):
    """A value in a request is not valid."""

    code = "INVALID_INPUT"


class LimitExceededError(RequestError):
    """A document or an answer is larger than a limit."""

    def __init__(self, code: str, found: int, allowed: int, detail: Message | None = None) -> None:
        self.code, self.found, self.allowed = code, found, allowed
        super().__init__(detail, found=found, allowed=allowed)

    @property
    def extensions(self) -> dict[str, object]:
        """The code and both numbers."""
        return {**super().extensions, "found": self.found, "allowed": self.allowed}


class AnswerTooLargeError(LimitExceededError):
    """The answer has more bytes than the limit allows."""

    def __init__(self, found: int, allowed: int) -> None:
        super().__init__("ANSWER_TOO_LARGE", found, allowed)


class MethodNotAllowedError(RequestError):
    """The URL does not have this method."""

    code = "METHOD_NOT_ALLOWED"

    def __init__(self, allowed: str, detail: str | None = None) -> None:
        super().__init__(detail, allowed=allowed)
        self.allowed = allowed

    @property
    def headers(self) -> Mapping[str, str]:
        """The methods that the URL has (RFC 9110, 15.5.6)."""
        return {"allow": self.allowed}


class NotAcceptableError(RequestError):
    """The client accepts none of the media types that the answer can have."""

    code = "NOT_ACCEPTABLE"

    def __init__(self, offered: str) -> None:
        super().__init__(offered=offered)


class NotFoundError(RequestError):
    """The record does not exist, or the caller may not see it: the answer is the same."""

    code = "NOT_FOUND"

    def __init__(self, id_: int | str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(path=path, id=id_)


class PayloadTooLargeError(RequestError):
    """The body is larger than `limit` bytes."""

    code = "PAYLOAD_TOO_LARGE"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class RequestTimeoutError(RequestError):
    """A statement or the whole request took longer than allowed."""

    code = "TIMEOUT"


class RetryError(ConflictError):
    """Others changed the same records at the same time, so that nothing can be written: the request may run again.

    The database reports it (a deadlock, a serialization failure, a lock that is not available). A service raises it
    when what it read before it took a lock is no longer true. app/execution/retries.py runs the request again.
    """

    def __init__(self) -> None:
        super().__init__(None, SAME_TIME)


class UnauthenticatedError(RequestError):
    """The access token is missing, expired or not issued by us; the message does not quote it."""

    code = "UNAUTHENTICATED"


class UnavailableError(RequestError):
    """The database cannot be reached now; the answer does not contain the database's message."""

    code = "UNAVAILABLE"

    def __init__(self, cause: BaseException | None, detail: Message | None = None) -> None:
        super().__init__(detail)
        self.cause = cause


class UnsupportedMediaTypeError(RequestError):
    """The body is not of the media type that this URL reads."""

    code = "UNSUPPORTED_MEDIA_TYPE"

    def __init__(self, expected: str) -> None:
        super().__init__(expected=expected)


class UrlNotFoundError(RequestError):
    """There is nothing at the URL."""

    code = "URL_NOT_FOUND"


class UnexpectedError(RequestError):
    """A bug. The answer has only an id; the log has the id and the place in the code."""

    code = "INTERNAL"

    def __init__(self, error_id: str) -> None:
        super().__init__(error_id=error_id)
        self.error_id = error_id

    @property
    def extensions(self) -> dict[str, object]:
        """The code and the id."""
        return {**super().extensions, "errorId": self.error_id}


def hide_error(error: BaseException) -> UnexpectedError:
    """Log a bug under a new id and return the error that callers get; neither contains a value of the request."""
    hidden = UnexpectedError(uuid.uuid4().hex)
    LOG.error("unexpected error %s: %s", hidden.error_id, describe(error))
    return hidden


def describe(error: BaseException) -> str:
    """Describe an error by its type, SQLSTATE, constraint and line, without its message, which may quote values."""
    diagnostics = getattr(error, "diag", None)
    database = [getattr(error, "sqlstate", None), getattr(diagnostics, "constraint_name", None)]
    frames = list(traceback.walk_tb(error.__traceback__))
    place = [f"at {frame.f_code.co_filename}:{line}" for frame, line in frames[-1:]]
    return " ".join(part for part in (type(error).__name__, *database, *place) if part)
