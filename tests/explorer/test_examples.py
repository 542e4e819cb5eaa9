"""The examples of /explorer: each is right for the schema and answers with records of the demo world."""

from typing import Any

import pytest
from graphql import OperationType, parse

from app.explorer.examples import EXAMPLES, Example, read
from tests.clients.api import Api
from tests.clients.login import LoginClient
from tests.clients.subscriber import running_subscriptions, subscriber
from tests.clients.waiting import SOON, within


def of(kind: OperationType) -> list[Example]:
    """Return the examples of a kind; each has one operation."""
    kinds = [(each, getattr(parse(each.query).definitions[0], "operation", None)) for each in EXAMPLES]
    return [example for example, own in kinds if own is kind]


def answer(login: LoginClient, example: Example) -> Any:
    headers = {"authorization": f"bearer {login.log_in('supperadm')['access_token']}"}
    body = login.client.post("/graphql", json={"query": example.query}, headers=headers).json()
    assert "errors" not in body, body
    (result,) = body["data"].values()
    return result


def records(value: Any) -> list[Any]:
    """Give the first list of an answer, whether it is a connection or not."""
    if isinstance(value, list):
        return value
    below = [records(each) for each in value.values()] if isinstance(value, dict) else []
    return next(filter(None, below), [])


@pytest.mark.parametrize("example", of(OperationType.QUERY), ids=lambda each: each.name)
def test_a_query_answers_with_records(shared_login: LoginClient, example: Example) -> None:
    assert records(answer(shared_login, example))


@pytest.mark.parametrize("example", of(OperationType.MUTATION), ids=lambda each: each.name)
def test_a_mutation_writes(login: LoginClient, example: Example) -> None:
    payload = answer(login, example)
    assert payload.pop("errors") == []
    assert [record["fullName"] for record in payload.values()]


@pytest.mark.parametrize("example", of(OperationType.SUBSCRIPTION), ids=lambda each: each.name)
def test_a_subscription_begins(own_api: Api, example: Example) -> None:
    with subscriber(own_api) as client:
        client.initialise(own_api.bearer("supperadm"))
        client.subscribe(example.query)
        assert within(SOON, lambda: running_subscriptions() == 1)
        own_api.sql("update space set name = 'x', version = version + 1 where id = 18")
        assert client.data()


def test_the_titles_tell_the_examples_apart() -> None:
    assert len({each.zh for each in EXAMPLES}) == len({each.en for each in EXAMPLES}) == len(EXAMPLES)


def test_an_example_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="does not begin with its titles"):
        read("untitled", "# en: Only English\n{ me { clientId } }\n")
