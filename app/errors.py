"""The errors that Cadastre raises on purpose.

CadastreError                every one of them
├── OperatorError            what an operator can mend: shown as one line, exit status 2
└── RequestError             what a caller sent cannot be served; `code` says why
    ├── ForbiddenError       the caller does not hold the capability that this needs
    ├── InvalidInputError    a value is not what it must be
    ├── LimitExceededError   a document or an answer is larger than allowed
    ├── UnauthenticatedError the caller has not proved who they are
    └── UnavailableError     the database cannot be reached; the same request may succeed later
"""


class CadastreError(Exception):
    """Anything that Cadastre refuses on purpose."""


class OperatorError(CadastreError):
    """Something outside the program is wrong; the message is one line and says what to do."""


class RequestError(CadastreError):
    """A request that cannot be served; `code` goes into `extensions.code`."""

    code = "BAD_REQUEST"


class ForbiddenError(RequestError):
    """The caller does not hold the capability that this needs, or not in the organisation in question.

    Only for what the caller may see: of the rest they are told what is told of things that do not exist.
    """

    code = "FORBIDDEN"

    def __init__(self, capability: str, what: str = "this") -> None:
        super().__init__(f"{what} needs the capability {capability}, which the caller does not hold here")
        self.capability = capability


class InvalidInputError(RequestError):
    """A value in a request is not what it must be."""

    code = "INVALID_INPUT"


class LimitExceededError(RequestError):
    """A document or an answer is larger than a limit; both numbers are told."""

    def __init__(self, code: str, what: str, found: int, allowed: int) -> None:
        super().__init__(f"{what}: found {found}, allowed {allowed}")
        self.code, self.found, self.allowed = code, found, allowed


class UnauthenticatedError(RequestError):
    """The access token is missing, no longer valid or not one of ours: HTTP 401; the message quotes nothing of it."""

    code = "UNAUTHENTICATED"


class UnavailableError(RequestError):
    """The database cannot be reached now; its own message stays out of the answer."""

    code = "UNAVAILABLE"

    def __init__(self, cause: BaseException) -> None:
        super().__init__("the register's database cannot be reached; try again in a few seconds")
        self.cause = cause
