"""The protocol graphql-transport-ws: what the server answers, and why it closes."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from app.errors import UnavailableError
from tests.clients.api import Api, open_api
from tests.clients.subscriber import PROTOCOL, Subscriber, running_subscriptions, subscriber
from tests.clients.waiting import SOON, within

CHANGES = "subscription { changes { cursor } }"


@pytest.fixture
def client(api: Api) -> Iterator[Subscriber]:
    with subscriber(api) as client:
        yield client


@pytest.fixture(scope="module")
def short(demo_url: str) -> Iterator[Api]:
    """Give the API with little time to begin and with few operations at a time."""
    pages = {"cors_origins": ["https://app.example"], "public_url": "https://register.example/below"}
    with open_api(demo_url, head_seconds=2, max_operations=2, **pages) as api:
        yield api


BAD: dict[str, Callable[[Subscriber], None]] = {
    "not JSON": lambda client: client.session.send_text("{"),
    "nothing": lambda client: client.session.send_text(""),
    "binary": lambda client: client.session.send_bytes(b'{"type":"ping"}'),
    "an array": lambda client: client.session.send_text('[{"type":"ping"}]'),
    "a number": lambda client: client.session.send_text("1"),
    "an unknown type": lambda client: client.send("start", id="1"),
    "a type that is no string": lambda client: client.session.send_text('{"type":["ping"]}'),
    "no type": lambda client: client.session.send_text('{"id":"1"}'),
    "no id": lambda client: client.send("subscribe", payload={"query": "{ __typename }"}),
    "an empty id": lambda client: client.send("subscribe", id="", payload={"query": "{ __typename }"}),
    "a long id": lambda client: client.send("subscribe", id="x" * 1_001, payload={"query": "{ __typename }"}),
    "a number as id": lambda client: client.send("subscribe", id=1, payload={"query": "{ __typename }"}),
    "no payload": lambda client: client.send("subscribe", id="1"),
    "a payload that is no object": lambda client: client.send("subscribe", id="1", payload="{ __typename }"),
    "complete without an id": lambda client: client.send("complete"),
    "deep JSON": lambda client: client.session.send_text("[" * 500_000),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_message_of_the_protocol_closes_with_4400(client: Subscriber, case: str) -> None:
    client.initialise()
    BAD[case](client)
    assert client.closed()[0] == 4400


def test_a_payload_of_init_that_is_no_object_closes_with_4400(client: Subscriber) -> None:
    client.send("connection_init", payload=["x"])
    assert client.closed()[0] == 4400


@pytest.mark.parametrize("payload", [{"cadastre-org": 8829}, {"Cadastre-Org": ["8829"]}, {"authorization": True}])
def test_a_credential_that_is_no_string_is_not_ignored(client: Subscriber, payload: dict[str, object]) -> None:
    """A caller who names an organisation to work in would be told the changes of all others as well."""
    client.send("connection_init", payload=payload)
    assert client.closed()[0] == 4400


def test_a_credential_that_is_null_is_left_out(client: Subscriber) -> None:
    client.initialise(**{"cadastre-org": None})


def test_an_operation_before_init_closes_with_4401(client: Subscriber) -> None:
    client.subscribe("{ __typename }")
    assert client.closed() == (4401, "Unauthorized")


def test_a_wrong_token_closes_with_4403(client: Subscriber) -> None:
    client.send("connection_init", payload={"Authorization": "Bearer wrong"})
    assert client.closed()[0] == 4403


def test_no_token_closes_with_4403_where_one_is_required(demo_url: str) -> None:
    with open_api(demo_url, require_login=True) as api, subscriber(api) as client:
        client.send("connection_init")
        assert client.closed()[0] == 4403


@pytest.mark.parametrize("payload", [{}, {"cadastre-org": "8829"}])
def test_the_token_may_be_in_the_handshake_or_in_the_payload(api: Api, payload: dict[str, str]) -> None:
    authorization = api.bearer("yanggc4")
    with subscriber(api, authorization=authorization) as by_header, subscriber(api) as by_payload:
        by_header.initialise(**payload)
        by_payload.initialise(authorization, **payload)
        for client in (by_header, by_payload):
            client.subscribe("{ me { admin { name } } }")
            assert client.data() == {"me": {"admin": {"name": "杨观超"}}}


def test_the_reason_of_a_close_has_the_language_of_the_client_and_is_cut_to_what_a_frame_takes(api: Api) -> None:
    with subscriber(api, **{"accept-language": "zh"}) as client:
        client.send("connection_init", payload={"Authorization": "Bearer wrong"})
        code, reason = client.closed()
    assert code == 4403
    assert not reason.isascii()
    assert len(reason.encode()) <= 123


def test_a_database_that_cannot_be_used_closes_with_a_code_after_which_clients_try_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        await asyncio.sleep(0)
        raise UnavailableError(None)

    monkeypatch.setattr("app.http.websocket.caller_by", fail)
    with subscriber(api) as client:
        client.send("connection_init")
        assert client.closed()[0] == 1013


@pytest.mark.parametrize("offered", [[], ["graphql-ws"], ["graphql-transport-wss"]])
def test_another_protocol_closes_with_4406(api: Api, offered: list[str]) -> None:
    with api.client.websocket_connect("/graphql", offered) as session:
        assert session.accepted_subprotocol is None
        assert Subscriber(session).closed()[0] == 4406


def test_the_protocol_is_chosen_among_others(api: Api) -> None:
    with api.client.websocket_connect("/graphql", ["graphql-ws", PROTOCOL]) as session:
        assert session.accepted_subprotocol == PROTOCOL


def test_a_client_that_does_not_begin_in_time_is_closed_with_4408(short: Api) -> None:
    with subscriber(short) as client:
        client.send("ping")
        assert client.message() == {"type": "pong"}
        assert client.closed() == (4408, "Connection initialisation timeout")


def test_an_id_that_is_in_use_closes_with_4409(client: Subscriber) -> None:
    client.initialise()
    client.subscribe(CHANGES, "x")
    client.subscribe(CHANGES, "x")
    assert client.closed() == (4409, "Subscriber for x already exists")
    assert within(SOON, lambda: running_subscriptions() == 0)


def test_two_inits_close_with_4429(client: Subscriber) -> None:
    client.initialise()
    client.send("connection_init")
    assert client.closed() == (4429, "Too many initialisation requests")


def test_pings_are_answered_before_and_after_init_and_pongs_are_taken(client: Subscriber) -> None:
    for _ in range(2):
        client.send("ping", payload={"x": 1})
        assert client.message() == {"type": "pong"}
    client.initialise()
    client.send("pong")
    client.send("ping")
    assert client.message() == {"type": "pong"}


def test_queries_and_mutations_are_answered_with_next_and_complete(own_api: Api) -> None:
    rename = "mutation ($input: UpdateOrgInput!) { updateOrg(input: $input) { org { name } errors { code } } }"
    with subscriber(own_api) as client:
        client.initialise(own_api.bearer("supperadm"))
        client.subscribe('{ org(id: "8829") { version } }', "问")
        version = client.data()["org"]["version"]
        assert client.message() == {"id": "问", "type": "complete"}
        client.subscribe(rename, "2", input={"id": "8829", "expectedVersion": version, "name": "经由WebSocket"})
        assert client.data() == {"updateOrg": {"org": {"name": "经由WebSocket"}, "errors": []}}
        assert client.message() == {"id": "2", "type": "complete"}


DEEP = "{ space(id: 1) " + "{ parent " * 30 + "{ id }" + " }" * 30 + " }"

REFUSED = {
    "no GraphQL": ("{", "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    "an unknown field of a subscription": ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
    "no document": ("", "BAD_REQUEST"),
    "a deep document": (DEEP, None),
    "a long document": ("{ __typename " + "#" * 70_000 + "\n}", None),
    "a document of many fields": ("{" + " __typename" * 3_000 + " }", None),
    "a cursor that is none": ('subscription { changes(after: "x") { cursor } }', None),
    "several roots of a subscription": ("subscription { a: changes { cursor } b: changes { cursor } }", None),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_operation_ends_with_the_errors_that_http_answers(client: Subscriber, api: Api, case: str) -> None:
    query, code = REFUSED[case]
    client.initialise()
    client.subscribe(query)
    message = client.message()
    assert (message["id"], message["type"]) == ("1", "error")
    over_http = api.client.post("/graphql", json={"query": query}, headers={"accept": "text/event-stream"})
    assert 400 <= over_http.status_code < 500
    assert message["payload"] == over_http.json()["errors"]
    assert code in (None, message["payload"][0]["extensions"]["code"])
    client.settle()


def test_a_document_over_the_socket_has_the_limits_of_one_over_http(client: Subscriber) -> None:
    client.initialise()
    client.subscribe(DEEP)
    assert client.message()["payload"][0]["extensions"]["code"] not in ("INTERNAL_ERROR", "BAD_REQUEST")
    client.subscribe("{ orgs { nodes { id } } }", "2", x="y" * 900_000)
    assert client.message()["id"] == "2"


def test_more_operations_than_may_run_are_refused_and_complete_frees_one(short: Api) -> None:
    with subscriber(short) as client:
        client.initialise()
        for id_ in "12":
            client.subscribe(CHANGES, id_)
        client.subscribe(CHANGES, "3")
        message = client.message()
        assert (message["id"], message["type"]) == ("3", "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        assert within(SOON, lambda: running_subscriptions() == 2)
        client.send("complete", id="1")
        assert within(SOON, lambda: running_subscriptions() == 1)
        client.settle()
        client.subscribe(CHANGES, "3")
        assert within(SOON, lambda: running_subscriptions() == 2)
        client.send("complete", id="unknown")
        client.send("ping")
        assert client.message() == {"type": "pong"}
    assert within(SOON, lambda: running_subscriptions() == 0)


def test_an_operation_that_replaces_one_with_its_id_ends_with_the_connection(api: Api) -> None:
    with subscriber(api) as client:
        client.initialise()
        for _ in range(20):
            client.subscribe(CHANGES, "same")
            client.settle()
            client.send("complete", id="same")
        client.subscribe(CHANGES, "same")
        client.settle()
        client.subscribe(CHANGES, "same")
        assert client.closed()[0] == 4409
    assert within(SOON, lambda: running_subscriptions() == 0)


def test_subscriptions_are_counted_while_they_run(api: Api) -> None:
    assert within(SOON, lambda: running_subscriptions() == 0)
    with subscriber(api) as client:
        client.initialise()
        for number in range(5):
            client.subscribe(CHANGES, str(number))
        assert within(SOON, lambda: running_subscriptions() == 5)
        assert within(SOON, lambda: "cadastre_subscriptions 5.0" in api.client.get("/metrics").text)
    assert within(SOON, lambda: running_subscriptions() == 0)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.example"])
def test_a_page_of_another_origin_is_refused(short: Api, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), subscriber(short, origin=origin):
        pass


@pytest.mark.parametrize(
    "origin", ["https://app.example", "http://testserver", "https://testserver", "https://register.example"]
)
def test_the_own_page_and_those_of_the_setting_are_allowed(short: Api, origin: str) -> None:
    with subscriber(short, origin=origin) as client:
        client.initialise()


def test_what_a_client_sends_again_and_again_is_no_error_of_the_program(api: Api, caplog: Any) -> None:
    """Clients that leave in the middle of everything leave nothing behind, and no error in the log."""
    for number in range(30):
        with subscriber(api) as client:
            client.send("connection_init")
            for id_ in range(number % 5):
                client.subscribe(CHANGES, str(id_))
            client.session.send_text(json.dumps({"type": "subscribe", "id": "x"}) if number % 2 else "{")
    assert within(SOON, lambda: running_subscriptions() == 0)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
