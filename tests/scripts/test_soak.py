"""`scripts/soak` in its short form: every fault once, and nothing acknowledged is lost."""

import re
import subprocess
import sys

from tests.databases import ROOT

FAULTS = ("kill_database", "kill_program", "freeze_database", "freeze_program", "slow_clients")


def test_a_short_soak_finds_nothing_wrong() -> None:
    """How long it takes is decided by the faults; nothing here measures a time."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "scripts" / "soak", "0.9", "--pause", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| wrong | nothing |" in done.stdout
    assert all(fault in done.stdout for fault in FAULTS), done.stdout
    (acknowledged,) = re.findall(r"acknowledged writes \| (\d+)", done.stdout)
    assert int(acknowledged) > 0
