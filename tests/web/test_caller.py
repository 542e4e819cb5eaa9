"""Callers are identified by their access tokens and see only their own rows."""

from collections.abc import Iterator

import pytest

from app.bulk.demo import PASSWORD
from tests.clients.api import Api, open_api

QUERY = '{ group: org(id: "8829") { id } other: org(id: "15264") { id } node(id: "19872") { id } orgs { totalCount } }'


@pytest.fixture(scope="module")
def guarded(demo_url: str) -> Iterator[Api]:
    """Return the API with log-in required."""
    with open_api(demo_url, require_login=True) as api:
        yield api


def token(api: Api, account: str) -> str:
    form = {"grant_type": "password", "username": account, "password": PASSWORD, "client_id": "h5-client"}
    return str(api.client.post("/oauth/token", data=form).json()["access_token"])


def ask(api: Api, authorization: str | None) -> tuple[int, dict[str, object]]:
    response = api.post(QUERY, authorization=authorization)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("account", "group", "other", "elsewhere"),
    [("supperadm", True, True, True), ("yanggc4", True, False, False), ("zhangx", False, True, False)],
)
def test_a_caller_sees_what_is_theirs(guarded: Api, account: str, *, group: bool, other: bool, elsewhere: bool) -> None:
    status, answer = ask(guarded, f"Bearer {token(guarded, account)}")
    data = answer["data"]
    assert isinstance(data, dict)
    assert status == 200
    assert [data[name] is not None for name in ("group", "other", "node")] == [group, other, elsewhere]


def test_a_token_counts_where_none_is_required(api: Api) -> None:
    _, everything = ask(api, None)
    _, mine = ask(api, f"bearer {token(api, 'zhangx')}")
    assert str(everything) != str(mine)
    assert '"group": None' in str(mine).replace("'", '"')


def in_org(api: Api, account: str, org: str) -> dict[str, object]:
    headers = {"authorization": f"Bearer {token(api, account)}", "cadastre-org": org}
    answer: dict[str, object] = api.client.post("/graphql", json={"query": QUERY}, headers=headers).json()
    return answer


@pytest.mark.parametrize("account", ["supperadm", "yanggc4"])
def test_working_in_an_organisation_narrows_what_is_seen(guarded: Api, account: str) -> None:
    data = in_org(guarded, account, "8829")["data"]
    assert isinstance(data, dict)
    assert [data[name] is not None for name in ("group", "other", "node")] == [True, False, False]


@pytest.mark.parametrize("org", ["15264", "99999", "6419", "x", "-1", ""])
def test_working_in_an_organisation_never_widens_what_is_seen(guarded: Api, org: str) -> None:
    answer = in_org(guarded, "yanggc4", org)
    assert "data" not in answer
    assert "INVALID_INPUT" in str(answer)


def test_a_hidden_organisation_takes_the_same_statements_as_a_missing_one(guarded: Api) -> None:
    def statements(org: str) -> list[str]:
        guarded.forget()
        assert "INVALID_INPUT" in str(in_org(guarded, "yanggc4", org))
        return [sql for sql in guarded.statements if "from org o where" in sql]

    assert "data" in in_org(guarded, "supperadm", "15264")  # remembered for those who see it
    assert statements("15264") == statements("4711") == statements("15264")
    assert len(statements("15264")) == 1
