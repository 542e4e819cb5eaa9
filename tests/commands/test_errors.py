"""`cadastre errors`, and the page that it prints."""

import subprocess

from app.commands.errors import page
from tests.clients.program import COMMAND, environment
from tests.databases import ROOT


def test_the_page_is_what_the_command_prints() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page(), "run scripts/errors"


def test_a_result_is_utf_8_where_the_system_knows_ascii_alone() -> None:
    without = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(  # noqa: S603 - our own program
        [*COMMAND, "errors"], cwd=ROOT, env=environment(without), capture_output=True, check=True
    )
    assert done.stdout.decode() == (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
