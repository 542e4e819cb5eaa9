"""What holds at every legacy URL."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from app.rest.examples import examples, given_of, row_of
from app.rest.operations import OPERATIONS
from app.rest.order_urls import ORDER_URLS
from app.rest.routes import tables
from app.rest.url import Given, Url, by_literals
from app.rest.urls import URLS
from tests.clients.api import Api
from tests.clients.legacy import Legacy


@pytest.fixture
def legacy(own_api: Api) -> Legacy:
    """Give the super administrator."""
    return Legacy(own_api, "supperadm")


def test_every_url_names_an_operation_and_every_operation_answers_one() -> None:
    log_in = {"H5Client", "IocClient", "AppClient", "OtherClient"}
    assert {url.operation for url in (*URLS, *ORDER_URLS)} - {None} == OPERATIONS.keys() - log_in


def asked() -> Iterator[tuple[Url, Given]]:
    """Give the requests that the documents print, each with the row that answers it."""
    for example in examples():
        rows = [url for url in URLS if url.full_path == example.path]
        for request in example.requests:
            given = given_of(example, request)
            row = row_of(rows, given)
            if row is not None:
                yield row, given


def emptied(value: Any) -> None:
    """Take everything out of a value."""
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        emptied(member)
    if isinstance(value, dict | list):
        value.clear()


def test_the_variables_of_a_request_are_its_own() -> None:
    """What is done to them changes no variables of later requests, or of those that run at the same time."""
    read = 0
    for url, given in asked():
        first = url.variables(deepcopy(given))
        expected = deepcopy(first)
        emptied(first)
        assert url.variables(deepcopy(given)) == expected, url.path
        read += 1
    assert read > len({url.section for url in URLS}) / 2


def test_literal_segments_come_before_parameters() -> None:
    for routes in tables():
        paths = [route.path for route in routes]
        assert paths == sorted(paths, key=by_literals)


def test_another_method_is_refused_and_the_route_is_counted(own_api: Api) -> None:
    answer = own_api.client.get("/v1/iot/main/org/detail/6421")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "405", "OPTIONS, POST")
    metrics = own_api.client.get("/metrics").text
    assert 'route="/v1/iot/main/org/detail/{id}",status="405"' in metrics


def test_the_formats_of_the_documents(legacy: Legacy) -> None:
    org = legacy.result("org/detail/6421")
    assert (org["id"], org["parentid"], org["org_type"], org["sub_type"]) == (6421, 6419, 1, 1)
    assert isinstance(org["create_time"], int)
    assert org["parent_code"] == "101"


def test_an_error_of_a_write_undoes_all_of_it(legacy: Legacy) -> None:
    before = legacy.send("org/sub/list", {"id": 8831}).json()["total"]
    answer = legacy.send("org/update", {"parentid": 8831, "list": [{"org_name": "甲"}, {"org_name": "/" * 300}]})
    assert (answer.status_code, answer.json()["code"]) == (200, "1")
    assert answer.json()["message"].startswith("出现异常第 2 条：")
    assert legacy.send("org/sub/list", {"id": 8831}).json()["total"] == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"id": "x"}, 400, "400"), ([1], 400, "400"), ("text", 400, "400"), ({}, 200, "1"), (None, 200, "1")],
)
def test_bad_input_is_an_error_of_the_envelope(legacy: Legacy, body: object, status: int, code: str) -> None:
    answer = legacy.send("org/sub/list", body)
    assert (answer.status_code, answer.json()["code"], answer.json()["result"]) == (status, code, None)


def test_a_write_that_is_sent_again_with_its_key_is_answered_and_does_not_run_again(legacy: Legacy) -> None:
    body = {"org_name": "一次", "parentid": 8831, "org_type": 2}
    first = legacy.send("org/update", body, **{"idempotency-key": "once"})
    again = legacy.send("org/update", body, **{"idempotency-key": "once"})
    assert again.json() == first.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    other = legacy.send("org/update", {**body, "org_name": "两次"}, **{"idempotency-key": "once"})
    assert (other.status_code, other.json()["code"]) == (422, "400")


def test_a_write_leaves_the_record_of_changes_that_graphql_leaves(legacy: Legacy, own_api: Api) -> None:
    org = legacy.result("org/update", {"org_name": "有记录", "parentid": 8831})
    query = f'{{ org(id: "{org["id"]}") {{ history {{ nodes {{ operation actorAccount client }} }} }} }}'
    answer = own_api.post(query, authorization=own_api.bearer("supperadm")).json()
    (change,) = answer["data"]["org"]["history"]["nodes"]
    assert change == {"operation": "INSERT", "actorAccount": "supperadm", "client": "h5-client"}


def test_token_info_of_another_caller_is_refused(legacy: Legacy) -> None:
    for info in ('{"id": "1"}', '{"is_supper": 1}', "%7B%22user_name%22%3A%22lisi%22%7D"):
        answer = legacy.send("org/detail/6421", tokeninfo=info)
        assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert legacy.send("org/detail/6421", tokeninfo='{"user_name":+"supperadm", "is_supper": 2}').status_code == 200
    assert legacy.send("org/detail/6421", tokeninfo="{").json()["code"] == "400"


def test_a_deprecated_url_says_so_in_refusals_too(legacy: Legacy, own_api: Api) -> None:
    refused = legacy.send("space/delete", {})
    anonymous = own_api.client.post("/v1/iot/main/space/delete", json={"id": 1})
    assert (refused.json()["code"], anonymous.status_code) == ("1", 401)
    assert {each.headers["deprecation"] for each in (refused, anonymous)} == {"@1609430400"}
    assert "deprecation" not in legacy.send("space/delete/0").headers
