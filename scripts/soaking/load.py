"""The load: threads that query, write, log in, use legacy URLs and import, and a journal of what was acknowledged."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx

from app.bulk.demo import PASSWORD
from app.error_codes import ERRORS
from soaking.program import Program

PARENT = "8830"
"""The organisation of the demo world under which organisations are created."""

DOCUMENTED = {*ERRORS, *(kind.oauth for kind in ERRORS.values()), *(str(kind.legacy) for kind in ERRORS.values())}
"""Every code of docs/errors.md, in each of its forms."""

FORM = {"grant_type": "password", "client_id": "h5-client", "username": "supperadm", "password": PASSWORD}
QUERY = "{ orgs(first: 50) { nodes { id name parent { name } } } spaces(first: 50) { nodes { id name } } }"
CREATE = "mutation ($input: CreateOrgInput!) { createOrg(input: $input) { org { id } errors { code } } }"
UNANSWERED = "unanswered"


class Journal:
    """The acknowledged writes, on a disk that no fault reaches: a name a line, on the disk before the next write."""

    def __init__(self, path: Path) -> None:
        self._file, self._lock = path.open("a", encoding="utf-8"), threading.Lock()
        self.names: list[str] = []

    def add(self, *names: str) -> None:
        """Write names down."""
        with self._lock:
            self._file.writelines(f"{name}\n" for name in names)
            self._file.flush()
            os.fsync(self._file.fileno())
            self.names += names


class Load:
    """What runs against a program until it is stopped, and the counts of what was answered."""

    def __init__(self, program: Program, journal: Journal, folder: Path) -> None:
        self.program, self.journal, self._folder = program, journal, folder
        self.answers: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._stop, self._lock, self._number = threading.Event(), threading.Lock(), 0
        works = (self.query, self.query, self.write, self.write, self.legacy, self.log_in, self.import_)
        self._threads = [threading.Thread(target=self._repeat, args=(work,), name=work.__name__) for work in works]

    def start(self) -> None:
        """Start all threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the load when what was sent is answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, work: Callable[[httpx.Client, str], None]) -> None:
        """Repeat a piece of work with a log-in of its own; what is not answered is sent anew a little later."""
        token = ""
        while not self._stop.is_set():
            try:
                with httpx.Client(base_url=self.program.address, timeout=40) as client:
                    token = token or self._token(client)
                    while not self._stop.is_set():
                        work(client, token)
                        time.sleep(0.01)
            except (httpx.HTTPError, OSError):
                self._count(UNANSWERED)
                time.sleep(0.3)
            except (ValueError, LookupError, TypeError) as error:  # an answer that no face gives
                with self._lock:
                    self.unknown[f"{work.__name__}: {type(error).__name__}"] += 1

    def _token(self, client: httpx.Client) -> str:
        while not self._stop.is_set():
            answer = client.post("/oauth/token", data=FORM)
            self._record("log-in", answer)
            if answer.status_code == httpx.codes.OK:
                return str(answer.json()["access_token"])
            time.sleep(0.5)
        return ""

    def query(self, client: httpx.Client, token: str) -> None:
        """Read lists by GraphQL."""
        self._record("query", self._graphql(client, token, {"query": QUERY}))

    def write(self, client: httpx.Client, token: str) -> None:
        """Create an organisation; the journal has it when the answer has."""
        name = self._name("written")
        body = {"query": CREATE, "variables": {"input": {"name": name, "parentId": PARENT}}}
        answer = self._graphql(client, token, body)
        if self._record("mutation", answer) and answer.json()["data"]["createOrg"]["org"]:
            self.journal.add(name)

    def legacy(self, client: httpx.Client, token: str) -> None:
        """Read by a legacy URL."""
        headers = {"authorization": f"Bearer {token}"}
        self._record("legacy", client.post("/v1/iot/main/space/list", json={}, headers=headers))

    def log_in(self, client: httpx.Client, token: str) -> None:
        """Log in with a password."""
        del token
        self._record("log-in", client.post("/oauth/token", data=FORM))
        time.sleep(0.2)

    def import_(self, client: httpx.Client, token: str) -> None:
        """Import organisations by the command; the journal has them when it reports success."""
        del client, token
        names = [self._name("imported") for _ in range(20)]
        path = self._folder / "orgs.csv"
        path.write_text("external_id,name,type\n" + "".join(f"{each},{each},BUSINESS\n" for each in names))
        done = self.program.command("import", "orgs", str(path), "--source", "soak")
        self._count("import done" if done.returncode == 0 else "import refused")
        if done.returncode == 0:
            self.journal.add(*names)
        time.sleep(2)

    def _graphql(self, client: httpx.Client, token: str, body: dict[str, Any]) -> httpx.Response:
        return client.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})

    def _name(self, kind: str) -> str:
        with self._lock:
            self._number += 1
            return f"soak-{kind}-{self._number}"

    def _record(self, kind: str, answer: httpx.Response) -> bool:
        """Count an answer by its codes, and return whether it has none."""
        codes = codes_of(answer)
        with self._lock:
            self.unknown.update(code for code in codes if code not in DOCUMENTED)
            if answer.is_server_error and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                self.unknown[f"status {answer.status_code}"] += 1
        self._count(f"{kind} {' '.join(codes) or 'done'}")
        return not codes and answer.status_code == httpx.codes.OK

    def _count(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1


def codes_of(answer: httpx.Response) -> list[str]:
    """Return the codes of the errors in an answer of any face."""
    body = answer.json()
    if "errors" in body:
        return [str(error["extensions"]["code"]) for error in body["errors"]]
    if "error" in body:
        return [str(body["error"])]
    return [] if body.get("code", "200") == "200" else [str(body["code"])]
