"""`cadastre webhook`: what it refuses, and what it prints. tests/events/test_webhook*.py have what is sent."""

import psycopg
import pytest

from tests.clients.program import Done, cadastre

URL = "https://1.1.1.1/hooks"
NETWORKS = "127.0.0.0/8"


def add(url: str, *options: object, address: str = URL, **settings: str) -> Done:
    """Add a webhook of a client of the demo world."""
    given = {"--client": "sync-client", "--entity": "space"}
    usual = [part for name, value in given.items() if name not in options for part in (name, value)]
    return cadastre("webhook", "add", address, *usual, *options, url=url, **settings)


def refusal(done: Done) -> str:
    """Return the one line of a refused command."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
    return done.stderr.removeprefix("cadastre: ").strip()


def test_a_webhook_is_added_and_listed(own_url: str) -> None:
    selection = "{ id\n  name }"
    done = add(own_url, "--under", 8831, "--select", selection, "--name", "erp")
    assert done.stdout.startswith("Added the webhook erp. Its secret, printed only once: whsec_"), done.stderr
    assert add(own_url, "--entity", "property_relation").returncode == 0
    first, second = cadastre("webhook", "list", url=own_url).stdout.splitlines()
    assert first == f"erp  {URL}; client sync-client; space under 8831; {{ id name }}; 0 waiting"
    assert second.startswith(f"1.1.1.1  {URL}; client sync-client; property_relation; {{ id ")
    with psycopg.connect(own_url) as connection:
        assert connection.execute("select selection from webhook where name = 'erp'").fetchone() == (selection,)
    assert "several webhooks have the address" in refusal(cadastre("webhook", "disable", URL, url=own_url))


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ("{ id nam }", "Cannot query field 'nam' on type 'Space'. Did you mean 'name'? (line 1, column 6)"),
        ("{ id\n  org { nam } }", "(line 2, column 9)"),
        ("{ id", "Syntax Error: Expected Name, found <EOF>. (line 1, column 5)"),
        ("", "Syntax Error: Unexpected <EOF>. (line 1, column 1)"),
        ("{ }", "Syntax Error"),
        ("{ id children(first: $n) { id } }", "Variable '$n' is not defined"),
        ("{ id } { id }", "a selection is one pair of braces"),
        ("{ id } } orgChanged { org { id } ", "Syntax Error"),
        ("{ id } fragment F on Space { id }", "a selection is one pair of braces"),
        ("query { id }", "a selection is one pair of braces"),
        ("{ children }", "must have a selection of subfields"),
        ("{ id { id } }", "must not have a selection"),
    ],
)
def test_a_selection_with_a_mistake_is_refused_with_the_place(own_url: str, selection: str, words: str) -> None:
    assert words in refusal(add(own_url, "--select", selection))


def test_a_selection_that_is_too_large_is_refused(own_url: str) -> None:
    deep = "{ id " + "children { " * 30 + "id" + " }" * 31
    assert "25" in refusal(add(own_url, "--select", deep))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--client", "nobody"], "there is no client 'nobody'"),
        (["--client", "h5-client"], "the client 'h5-client' does not call for itself"),
        (["--entity", "house"], "there are no records of the kind 'house'; there are admin, "),
        (["--entity", "change"], "there are no records of the kind 'change'"),
        (["--under", "999"], "there is neither an organisation nor a space '999'"),
        (["--under", "x"], "there is neither an organisation nor a space 'x'"),
        (["--name", "a b"], "not a valid name: 'a b'"),
    ],
)
def test_what_is_not_there_is_named(own_url: str, options: list[str], words: str) -> None:
    assert refusal(add(own_url, *options)).startswith(words)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://1.1.1.1/", "events are sent by https"),
        ("https://127.0.0.1/", "the receiver is in a network that is not allowed; see CADASTRE_WEBHOOK_NETWORKS"),
        ("https://[::1]/", "the receiver is in a network that is not allowed"),
        ("https://localhost/", "the receiver is in a network that is not allowed"),
        ("ftp://1.1.1.1/", "not a valid address"),
        ("https://user:secret@1.1.1.1/", "not a valid address"),
        ("https://1.1.1.1:99999/", "not a valid address"),
        ("https://1.1.1.1/#part", "not a valid address"),
        ("https://", "not a valid address"),
        ("1.1.1.1", "not a valid address"),
    ],
)
def test_an_address_that_no_event_would_be_sent_to_is_refused(own_url: str, address: str, words: str) -> None:
    assert refusal(add(own_url, address=address)).startswith(words)


def test_networks_are_allowed_by_a_setting(own_url: str) -> None:
    assert add(own_url, address="http://127.0.0.1:9/", webhook_networks=NETWORKS).returncode == 0
    words = refusal(add(own_url, webhook_networks="10.0.0.1/8"))
    assert words.startswith("CADASTRE_WEBHOOK_NETWORKS: write networks such as 10.2.0.0/16")


@pytest.mark.parametrize("command", ["test", "disable", "enable", "rotate", "deliveries", "remove"])
def test_an_unknown_webhook_is_named(own_url: str, command: str) -> None:
    done = cadastre("webhook", command, "nobody", url=own_url)
    assert refusal(done) == "there is no webhook 'nobody'; `cadastre webhook list` prints their names"


def test_a_name_is_taken_once(own_url: str) -> None:
    assert add(own_url).returncode == 0
    assert refusal(add(own_url)) == "there is a webhook '1.1.1.1' already; choose another name with --name"
