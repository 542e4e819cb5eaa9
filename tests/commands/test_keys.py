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
