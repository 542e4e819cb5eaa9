"""The legacy face is a leaf: without its folder, and its lines in app/main.py, the application still answers."""

import os
import shutil
import subprocess
import sys
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


def imports_rest(file: Path) -> bool:
    return "app.rest" in file.read_text(encoding="utf-8")


def test_nothing_but_the_application_imports_the_legacy_face() -> None:
    outside = (file for file in (ROOT / "app").rglob("*.py") if "rest" not in file.relative_to(ROOT / "app").parts)
    assert [file.name for file in outside if imports_rest(file)] == ["main.py"]


def test_the_application_answers_without_the_legacy_face(demo_url: str, tmp_path: Path) -> None:
    for package in ("app", "migrations"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(tmp_path / "app" / "rest")
    main = tmp_path / "app" / "main.py"
    lines = main.read_text(encoding="utf-8").splitlines()
    left = [line for line in lines if not any(name in line for name in ("app.rest", "rest.routes", "legacy_failure"))]
    main.write_text("\n".join(left), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - a fixed program
        [sys.executable, "-c", ASK.format(url=demo_url)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer, status = done.stdout.splitlines()
    assert '"data":{"org":{"name":"美的集团"},"me":null}' in answer
    assert status == "404"
    assert len(lines) - len(left) == 4  # two imports, the routes, and how failures are answered
