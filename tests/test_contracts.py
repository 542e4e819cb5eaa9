"""The imports between the packages are those that the README allows."""

import subprocess
import sys
from pathlib import Path

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_every_package_is_listed_and_imports_only_what_is_below_it(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - a fixed program
        [sys.executable, "-c", LINT, "--no-logo", "--cache-dir", str(tmp_path)],
        cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
