"""The machine and the versions that a run was measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("graphql-core", "strawberry-graphql", "psycopg", "orjson", "starlette", "uvicorn", "uvloop")
BUSY_SECONDS = 2  # for which the load of the machine is measured
ROOT = Path(__file__).parent.parent.parent


def machine() -> dict[str, str]:
    """Return the machine, the day and the commit."""
    memory = round(psutil.virtual_memory().total / (1 << 30))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": f"{os.cpu_count()} x {processor()}",
        "memory": f"{memory} GB",
        "system": f"{platform.system()} {platform.release()}",
        "commit": commit(),
        "load before the run": f"{psutil.cpu_percent(BUSY_SECONDS):.0f} %",
    }


def packages() -> dict[str, str]:
    """Return the versions of Python and of our packages."""
    return {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def processor() -> str:
    """Return the name of the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine()


def commit() -> str:
    """Return the commit that is checked out, with a plus when files differ from it."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607 - whichever git there is
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return described.stdout.strip()
