"""`cadastre keys`, as an operator runs it."""

import re
import stat
from pathlib import Path

from app.access.keys import KeyRing
from tests.clients.program import cadastre


def test_keys_are_rotated(tmp_path: Path) -> None:
    refused = cadastre("keys", "rotate", "--data-dir", tmp_path)
    assert (refused.returncode, list(tmp_path.iterdir())) == (2, [])
    assert f"there are no keys in {tmp_path}/keys; `cadastre serve` makes them" in refused.stderr
    KeyRing(tmp_path / "keys")
    first, second = (cadastre("keys", "rotate", "--data-dir", tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr
    assert re.search(r": [0-9a-f]{16}, [0-9a-f]{16}\.$", second.stdout)
    files = list((tmp_path / "keys").glob("*.json"))
    assert len(files) == 6  # made on the first use, and twice since
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_without_a_path_or_with_a_loop_of_links_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for folder, reason in ((tmp_path / "loop", "there are no keys in"), ("~nobody-has-this-name", "has no path")):
        refused = cadastre("keys", "rotate", "--data-dir", folder)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert reason in refused.stderr
