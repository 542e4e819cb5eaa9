"""Who asks at the URLs of document 000: programs with access tokens, and persons with tokens of their own."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from joserfc import jwt

from tests.clients.api import Api, open_api
from tests.clients.orders import ORDERS, OWNER, REPORT, OrderClient


def numbers(orders: list[dict[str, Any]]) -> list[str]:
    return [order["request_number="] for order in orders]


def forged(api: Api, token: str, **claims: Any) -> str:
    """Sign a token like another one, with other claims, by a key of the program."""
    app: Any = api.client.app
    ring = app.state.tokens.ring
    key = ring.signing("ES256")
    made = jwt.decode(token, key.key, [key.algorithm])
    header = {"alg": key.algorithm, "kid": key.kid, "typ": claims.pop("typ", "person+jwt")}
    return jwt.encode(header, {**made.claims, **claims}, key.key, [key.algorithm])


def test_3_a_forged_a_foreign_and_an_expired_token_are_refused(api: Api, owner: OrderClient, access_token: str) -> None:
    good = owner.token
    head, claims, signature = good.split(".")
    bad = [
        "", "x", "a.b.c", f"{head}.{claims}.{signature[:-4]}AAAA", access_token, api.bearer("kongls").split()[1],
        forged(api, good, exp=int(time.time()) - 1), forged(api, good, aud="cadastre"), forged(api, good, typ="at+jwt"),
        forged(api, good, iss="https://other.example.com"), forged(api, good, sub="OWNER:9148000"),
        forged(api, good, sub="OWNER:x"), forged(api, good, sub="47003"), forged(api, good, sub="STAFF:47003"),
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJicF9pZCI6IjAwNVkwMDA5MHZxNTNSaEZYMWE5MzIifQ.",
    ]  # fmt: skip
    for token in bad:
        owner.token = token
        assert owner.status("GET", f"{ORDERS}/categories") == 403, token
    owner.token = forged(api, good)
    assert owner.status("GET", f"{ORDERS}/categories") == 200, "the forger's hand is right"


def test_3_the_token_of_a_person_opens_no_other_url(api: Api, owner: OrderClient, staff: OrderClient) -> None:
    for client in (owner, staff):
        headers = {"authorization": f"Bearer {client.token}"}
        assert api.client.post("/graphql", json={"query": "{ me { name } }"}, headers=headers).status_code == 401
        assert api.client.post("/v1/iot/main/org/get/8829", headers=headers).status_code == 401


def test_3_a_person_who_is_no_longer_known_is_refused_at_once(api: Api, owner: OrderClient, staff: OrderClient) -> None:
    api.sql("update admin set token_version = token_version + 1 where id = 43004")
    api.sql("update property_relation set housing_status = 'MOVED_OUT' where customer_id = 47003")
    for client in (owner, staff):
        assert client.status("GET", f"{ORDERS}/categories") == 403


def test_an_owner_sees_nothing_of_others(api: Api, owner: OrderClient) -> None:
    api.sql(
        "insert into work_order (number, space_id, category_one_id, category_two_id, category_three_id, description)"
        " values ('01201606140099', 41080, 49500, 49501, 49502, 'of others')"
    )
    assert owner.status("GET", f"{ORDERS}/show", params={"request_number": "01201606140099"}) == 400
    assert owner.status("GET", f"{ORDERS}/show", params={"request_number": "01201606140001"}) == 400
    assert "01201606140099" not in numbers(owner.listed(OWNER))


def test_2_only_programs_ask_unless_the_interface_is_public(api: Api, own_url: str) -> None:
    for token in (None, "x", api.bearer("kongls").split()[1]):
        assert OrderClient(api, token).status("GET", ORDERS, params=OWNER) == 401
    with open_api(own_url, require_login=True, workorders_public=True) as public:
        client = OrderClient(public, None)
        assert len(client.listed(OWNER)) == 2
        assert client.status("POST", ORDERS, json=REPORT) == 200
        assert api.sql("select created_by from work_order where id > 100000") == [("client:public",)]
        client.token = ""
        assert client.status("GET", f"{ORDERS}/categories") == 403


def test_3_a_phone_number_is_tried_ten_times_an_hour(api: Api, access_token: str) -> None:
    client = OrderClient(api, access_token)
    for _ in range(10):
        client.token = ""
        client.listed(OWNER)
    assert client.listed(OWNER), "who sends the own token along is known already"
    client.token = ""
    assert client.status("GET", ORDERS, params=OWNER) == 429
    api.sql("update person_try set since = since - interval '61 minutes'")
    client.listed(OWNER)


def test_3_a_client_fails_ten_times_an_hour_and_is_not_told_whether_a_phone_number_is_known(
    api: Api, access_token: str
) -> None:
    client = OrderClient(api, access_token)
    wrong = [{**OWNER, "user_name": "大西"}, *({**OWNER, "user_phone": f"158007031{place:02}"} for place in range(9))]
    answers = [client.send("GET", ORDERS, params=who) for who in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert client.status("GET", ORDERS, params={**OWNER, "user_phone": "15800703200"}) == 429
    assert client.status("GET", ORDERS, params=OWNER) == 429


def test_3_a_client_that_tries_at_once_fails_ten_times_too(api: Api, access_token: str) -> None:
    def tried(place: int) -> int:
        who = {**OWNER, "user_phone": f"1390000{place:04}"}
        return OrderClient(api, access_token).status("GET", ORDERS, params=who)

    with ThreadPoolExecutor(16) as threads:
        statuses = list(threads.map(tried, range(32)))
    assert Counter(statuses) == {403: 10, 429: 22}
    assert api.sql("select count(*) from person_try") == [(11,)], "the client, and the phone numbers that were compared"


def test_3_a_wrong_name_costs_the_statements_that_an_unknown_number_costs(api: Api, access_token: str) -> None:
    client, asked = OrderClient(api, access_token), []
    client.listed(OWNER)
    client.token = ""
    for who in ({**OWNER, "user_name": "大西"}, {**OWNER, "user_phone": "15800703199"}):
        api.forget()
        assert client.status("GET", ORDERS, params=who) == 403
        asked.append(list(api.statements))
    assert asked[0] == asked[1]
