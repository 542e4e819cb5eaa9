"""The machine: where the figures of a run come from."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("graphql-core", "strawberry-graphql", "psycopg", "orjson", "starlette", "uvicorn", "uvloop")
BUSY_SECONDS = 2  # for which what else the machine does is watched
ROOT = Path(__file__).parent.parent.parent


def machine() -> dict[str, str]:
    """Describe the machine, the day and the commit."""
    memory = round(psutil.virtual_memory().total / (1 << 30))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": f"{os.cpu_count()} x {processor()}",
        "memory": f"{memory} GB",
        "system": f"{platform.system()} {platform.release()}",
        "commit": commit(),
        "processors busy with other work before the run": f"{psutil.cpu_percent(BUSY_SECONDS):.0f} %",
    }


def packages() -> dict[str, str]:
    """Name the versions of Python and of the packages that our side runs on."""
    return {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def processor() -> str:
    """Name the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine()


def commit() -> str:
    """Name the commit that is checked out; a plus says that files differ from it."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607 - whichever git there is
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return described.stdout.strip()
