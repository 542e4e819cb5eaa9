"""`cadastre rest`: the legacy URLs. Its row in COMMANDS and this file go when app/rest goes."""

import sys
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
import typer
from prometheus_client.parser import text_string_to_metric_families

from app.commands.console import command_group, examples, print_note, print_result
from app.commands.settings import settings_with
from app.errors import OperatorError
from app.rest import login
from app.rest.as_graphql import AsGraphql, login_operations, rows_as_graphql, text_of
from app.rest.every_url import EVERY_URL
from app.rest.openapi.document import as_text
from app.rest.url import State
from app.rest.usage import NAME

app = command_group("The legacy URLs: their GraphQL operations, and which clients use them.")

SECONDS = 10
"""How long a running program may take to answer its metrics."""


@app.command(epilog=examples("cadastre rest usage", "cadastre rest usage --address http://10.0.0.7:9100"))
def usage(
    address: Annotated[
        str | None,
        typer.Option(help="Address of a running program, or of its metrics (default: where `cadastre serve` listens)"),
    ] = None,
) -> None:
    """Print every legacy URL with its section, its state and the requests of each client since the program started.

    A URL that no client asks for long enough can be retired.
    """
    requests = requests_at(address or default_address())
    for sections, state, path in documented():
        counts = ", ".join(f"{client} {number}" for client, number in sorted(requests.get(path, {}).items()))
        print_result(f"{sections:<10} {state:<11} {path}  {counts or 'unused'}")


@app.command(
    epilog=examples(
        "cadastre rest show /v1/iot/main/org/detail/6419", "cadastre rest show /v1/iot/main/org/detail/{id}"
    )
)
def show(
    path: Annotated[str, typer.Argument(help="A legacy URL, with its parameters in braces or with values")],
) -> None:
    """Print the GraphQL operation of a legacy URL and its variables, which a client can send to /graphql instead.

    Members whose names begin with `_` are merged into the record by this URL; to /graphql they are plain aliases.
    """
    operations = login_operations().get(path)
    if operations is not None:
        print_note("Log in at /oauth/token (docs/login.md), and then ask one of these:")
        print_result("\n\n".join(text_of(name) for name in operations))
        return
    rows = list(rows_as_graphql(path))
    if not rows:
        message = f"{path!r} is no legacy URL; `cadastre rest usage` lists them"
        raise OperatorError(message)
    print_result("\n\n".join(_described(row) for row in rows))


@app.command(epilog=examples("cadastre rest openapi"))
def openapi() -> None:
    """Print the description of the legacy URLs as OpenAPI 3.1: docs/openapi.json."""
    sys.stdout.write(as_text())


def _described(row: AsGraphql) -> str:
    title = "" if row.example is None else f" {row.example.title}"
    variables = orjson.dumps(row.variables, option=orjson.OPT_INDENT_2).decode()
    return f"# {row.url.section}{title} ({row.url.state.value})\n{row.text}\n\n# variables\n{variables}"


def documented() -> Iterable[tuple[str, str, str]]:
    """Return the sections, the state and the path of each URL, in the order of the documents."""
    rows = [(path, section, State.ACTIVE) for path, (section, _) in login.URLS.items()]
    rows += [(url.full_path, url.section, url.state) for url in EVERY_URL]
    for path in dict.fromkeys(path for path, *_ in rows):
        sections = dict.fromkeys(section for each, section, _ in rows if each == path)
        states = [state for each, _, state in rows if each == path]
        yield "+".join(sections), states[0].value, path


def requests_at(address: str) -> Mapping[str, Mapping[str, int]]:
    """Read how many requests each client sent to each path; OperatorError when no program answers its metrics."""
    if urlsplit(address).scheme not in {"http", "https"}:
        message = f"{address!r} is not an address such as http://127.0.0.1:8000"
        raise OperatorError(message)
    url = f"{address.rstrip('/').removesuffix('/metrics')}/metrics"
    try:
        with urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - the scheme is checked
            text = answer.read().decode()
    except (OSError, URLError) as error:
        message = f"{url} cannot be read: {getattr(error, 'reason', error)}; is the program running there?"
        raise OperatorError(message) from error
    return counted(text)


def counted(metrics: str) -> Mapping[str, Mapping[str, int]]:
    """Take the numbers of requests from the metrics of a program."""
    found: dict[str, dict[str, int]] = {}
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            if sample.name == f"{NAME}_total":
                found.setdefault(sample.labels["route"], {})[sample.labels["client"]] = int(sample.value)
    return found


def default_address() -> str:
    """Return the address at which `cadastre serve` answers its metrics with the same settings."""
    settings = settings_with()
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - to connect to
    return f"http://{host}:{settings.port if settings.metrics_port is None else settings.metrics_port}"
