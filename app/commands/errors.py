"""`cadastre errors`: docs/errors.md, printed from the table of error codes."""

import sys

import typer

from app.commands.console import examples
from app.error_codes import ERRORS, ErrorKind

INTRODUCTION = """# Errors

Every failure has a code. The code is stable; messages may change. This page is printed from
[app/error_codes.py](../app/error_codes.py) by `scripts/errors`.

| where | answer |
|---|---|
| GraphQL, and all URLs not named below | `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}` |
| `UserError` in the payload of a mutation | `{"code": "...", "message": "...", "path": ["input", "name"]}` |
| `/oauth/`, `/.well-known/` | `{"error": "...", "error_description": "..."}` (RFC 6749, 5.2), in English |
| `/oauth/authorize` | an HTML page with the message in Chinese and English, and the code |
| `/v1/` | `{"code": "...", "message": "...", "result": null}`, in Chinese; messages of code 1 begin with 出现异常 |
| `/readyz` | `{"status": "unready", "code": "...", "reason": "..."}`, in English |

- Messages of GraphQL are English, and Chinese when `Accept-Language` prefers it. Where a value is wrong, the English
  message names it; the messages below are the general ones. Those of graphql-core are English.
- `extensions` also has `found` and `allowed` for limits, `capability` for FORBIDDEN, `errorId` for INTERNAL, and
  `currentVersion` for a CONFLICT of versions. The log has the id with the place of the error, and no value of the
  request.
- GraphQL answers a request that it refuses with status 200 when the answer is `application/json`, and with the status
  of the table when it is `application/graphql-response+json`. Codes with a star have their status in both.
- The OAuth URLs also answer with the errors of RFC 6749 that no row names: `invalid_client`, `unauthorized_client`,
  `unsupported_grant_type`, `unsupported_response_type` and `invalid_scope`.
- A 401 also says `error="invalid_token"` when a token was sent (RFC 6750, 3). A 405 has `Allow`. `OPTIONS` is answered
  with 204 and `Allow`.
"""

app = typer.Typer(add_completion=False)

HEAD = "| code | HTTP | OAuth `error` | legacy `code` | message | headers |\n|---|---|---|---|---|---|\n"


@app.command(epilog=examples("cadastre errors"))
def errors() -> None:
    """Print the error codes as a page in Markdown: docs/errors.md."""
    sys.stdout.write(page())


def page() -> str:
    """Return docs/errors.md."""
    return f"{INTRODUCTION}\n{HEAD}{''.join(_row(code, kind) for code, kind in ERRORS.items())}"


def _row(code: str, kind: ErrorKind) -> str:
    messages = dict.fromkeys(kind.message)  # one where both languages are the same
    headers = ", ".join(f"`{name}: {value}`" for name, value in kind.headers.items())
    legacy = kind.legacy if kind.legacy_status == kind.status else f"{kind.legacy}, HTTP {kind.legacy_status}"
    cells = (code + "\\*" * kind.is_transport, kind.status, kind.oauth, legacy, "<br>".join(messages), headers)
    return f"| {' | '.join(map(str, cells))} |\n"
