"""Writers that wait for locks leave connections to those who read."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from app.services.tree import lock
from tests.clients.api import open_api
from tests.clients.waiting import waiting

QUERY = '{ org(id: "8830") { id } }'
MUTATION = 'mutation { createOrg(input: {name: "新", parentId: "8830"}) { errors { code } } }'
POOL, WRITERS = 3, 2


def test_readers_are_answered_while_writers_wait_for_an_import(own_url: str) -> None:
    with (
        open_api(own_url, require_login=True, pool_size=POOL, pool_share=POOL, pool_timeout=2) as api,
        psycopg.connect(own_url) as importing,
        ThreadPoolExecutor(WRITERS) as threads,
    ):
        headers = {"authorization": api.bearer("supperadm")}

        def write() -> dict[str, object]:
            body: dict[str, object] = api.client.post("/graphql", json={"query": MUTATION}, headers=headers).json()
            return body

        assert api.client.post("/graphql", json={"query": QUERY}, headers=headers).json()["data"]
        importing.execute(lock("org"))
        waiters = [threads.submit(write) for _ in range(WRITERS)]
        with waiting(own_url, WRITERS):
            assert api.client.post("/graphql", json={"query": QUERY}, headers=headers).json()["data"]
            assert api.client.get("/readyz").status_code == 200
            refused = api.client.post("/graphql", json={"query": MUTATION}, headers=headers)
        importing.rollback()
        assert [waiter.result()["data"] for waiter in waiters] == [{"createOrg": {"errors": []}}] * WRITERS
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["extensions"]["code"]) == (503, "UNAVAILABLE")
    assert error["message"].startswith("many requests are writing")
