"""The legacy face is a leaf: without its folder, its command and its four lines elsewhere, the program still works."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

ASK = """
from pathlib import Path
from starlette.testclient import TestClient
from app.main import create_app
from app.settings import Settings

settings = Settings(database_url={url!r}, data_dir=Path("data"), require_login=False)
with TestClient(create_app(settings)) as client:
    print(client.post("/graphql", json={{"query": "{{ org(id: \\"6419\\") {{ name }} me {{ clientId }} }}"}}).text)
    print(client.post("/v1/user/authen", json={{}}).status_code)
"""


LINES = {
    "main.py": ("app.rest", "rest.routes", "rest.faces"),  # an import, the routes, how failures are answered
    "commands/main.py": ('"app.commands.rest"',),
}
"""What the lines of other files say that use the legacy face."""


def imports_rest(file: Path) -> bool:
    text = file.read_text(encoding="utf-8")
    return "app.rest" in text or "app.commands.rest" in text


def without(lines: Sequence[str], words: Sequence[str]) -> list[str]:
    return [line for line in lines if not any(word in line for word in words)]


def remove_rest(app: Path) -> int:
    """Delete the legacy face, and give the number of lines that went besides its files."""
    shutil.rmtree(app / "rest")
    (app / "commands" / "rest.py").unlink()
    removed = 0
    for name, words in LINES.items():
        lines = (app / name).read_text(encoding="utf-8").splitlines()
        left = without(lines, words)
        (app / name).write_text("\n".join(left), encoding="utf-8")
        removed += len(lines) - len(left)
    return removed


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the packages of a folder."""
    return subprocess.run(  # noqa: S603 - a fixed program
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_nothing_but_the_application_imports_the_legacy_face() -> None:
    outside = (file for file in (ROOT / "app").rglob("*.py") if "rest" not in file.relative_to(ROOT / "app").parts)
    users = sorted(str(file.relative_to(ROOT / "app")) for file in outside if imports_rest(file))
    assert users == ["commands/main.py", "commands/rest.py", "main.py"]


def test_the_application_answers_without_the_legacy_face(demo_url: str, tmp_path: Path) -> None:
    for package in ("app", "migrations"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    assert remove_rest(tmp_path / "app") == 4
    done = run(tmp_path, "-c", ASK.format(url=demo_url))
    assert done.returncode == 0, done.stderr
    answer, status = done.stdout.splitlines()
    assert '"data":{"org":{"name":"美的集团"},"me":null}' in answer
    assert status == "404"
    assert "legacy" not in run(tmp_path, "-m", "app.commands.main", "--help").stdout
