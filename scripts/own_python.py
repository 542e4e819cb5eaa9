"""The Python of .venv: what the scripts run with, whichever Python they were started by."""

import os
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def run_with(extra: str, *packages: str) -> None:
    """Start the script again with the Python of .venv, an extra of the project installed, unless the packages are here.

    The checkout becomes importable.
    """
    sys.path.insert(0, str(ROOT))
    if all(find_spec(package) for package in packages):
        return
    subprocess.run([ROOT / "scripts" / "install", *([extra] if extra else [])], check=True)  # noqa: S603 - our own program
    if Path(sys.prefix) == VENV:
        invalidate_caches()
        return
    python = str(VENV / "bin" / "python")  # named whole: a bare name would be looked up, and find another
    os.execv(python, [python, *sys.argv])  # noqa: S606 - this very program
