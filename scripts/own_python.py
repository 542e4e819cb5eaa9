"""What the scripts in Python share: their command line, and the Python of .venv."""

import argparse
import os
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return a parser for a script's arguments; it needs no package, so --help answers before anything is installed."""
    name = f"scripts/{Path(sys.argv[0]).name}"
    formatter = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(name, description=description, formatter_class=formatter, allow_abbrev=False)


def run_with(extra: str, *packages: str) -> None:
    """Restart the script with the Python of .venv unless `packages` can be imported.

    `extra` is the extra of the project to install first. The checkout becomes importable.
    """
    sys.path.insert(0, str(ROOT))
    if all(find_spec(package) for package in packages):
        return
    subprocess.run([ROOT / "scripts" / "install", *([extra] if extra else [])], check=True)  # noqa: S603 - our own program
    if Path(sys.prefix) == VENV:
        invalidate_caches()
        return
    python = str(VENV / "bin" / "python")  # an absolute path: a bare name might find another Python
    os.execv(python, [python, *sys.argv])  # noqa: S606 - this program
