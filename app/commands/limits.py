"""`cadastre limits`: docs/limits.md, printed from the settings."""

import sys
from collections.abc import Mapping

import typer
from pydantic.fields import FieldInfo

from app.commands.console import examples
from app.settings import PREFIX, Settings

INTRODUCTION = """# Limits

What a request, a caller and a process may use, and why the default is what it is. Each limit is a setting. This page is
printed from [app/settings.py](../app/settings.py) by `scripts/limits`. [errors.md](errors.md) says how a request is
refused that is beyond a limit; [operating.md](operating.md) says how a program is run.
"""

HEAD = "\n| setting | default | what it limits | why |\n|---|---|---|---|\n"

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Documents": {
        "max_tokens": "longer documents are refused before they are parsed",
        "max_length": "a longer document takes longer to read",
        "max_depth": "compiling recurses; the tree of spaces is six levels deep",
        "max_fields": "fragments that spread fragments twice double the fields with each step",
        "max_fragments": "validation compares pairs of fragments",
        "max_spreads": "validation compares pairs of spreads",
        "max_variables": "validation follows each use of a variable",
        "max_aliases": "each repeats a field with other arguments, and so a statement",
        "max_directives": "each is evaluated for each field",
        "max_duplicates": "validation compares pairs of equal fields",
        "max_roots": "each root field is a list of its own",
    },
    "Values": {
        "max_list": "longer lists are asked for in parts",
        "max_value_depth": "values are read recursively",
        "max_values": "they are validated one by one, with the event loop waiting",
        "max_searches": "each edge in a filter is a subquery",
        "max_conditions": "320 `contains` took 8.8 seconds of the database",
    },
    "Answers": {
        "max_page": "the cost of a document is estimated from `first`",
        "max_offset": "the database reads what it skips; cursors skip nothing",
        "max_cost": "an estimate before any statement; what the answer really needs is counted as well",
        "max_nodes": "a whole generated community has 14,606 spaces",
        "max_answer_values": "aliases repeat rows that were loaded once: 99 of them made 342 MB of 87,642 rows",
        "max_answer_bytes": "the answer is in memory once as values and once as text",
        "max_export": "a file is streamed, so its rows are not in memory; spreadsheets read 1,048,576",
        "max_exports": "each has a connection and a snapshot for minutes",
        "export_seconds": "a snapshot keeps the database from removing old rows",
    },
    "Mutations": {
        "max_mutations": "each root field has a savepoint, and locks until all have run",
        "max_rows": "others of the tenant wait while they are written",
        "max_written_values": "a thousand records of fifty columns",
    },
    "Subscriptions": {
        "max_subscriptions": "what each selects is read for each event; subscriptions with the same question share it",
        "max_operations": "each has a task, and holds its answer until the client takes it",
    },
    "Connections and time": {
        "max_head": "42 MB of headers had filled 794 MB of memory",
        "head_seconds": "a client that sends its head slowly holds a connection",
        "body_seconds": "the largest body, 1 MiB, at 35 kB a second",
        "idle_seconds": "nginx closes an unused connection to the program after 60 seconds",
        "write_seconds": "an answer stays in memory until its client has read it",
        "max_connections": "each needs a file descriptor and memory",
        "max_connections_of_address": "one machine takes no more than its part, where no proxy is in front",
        "deadline": "a slow request keeps a database connection from others",
        "drain_seconds": "a load balancer notices `/readyz` meanwhile",
    },
    "Database": {
        "pool_size": "more statements at a time make each slower, and leave other programs fewer connections",
        "pool_share": "one caller cannot take all connections from the others",
        "pool_timeout": "a client that is refused soon tries again; one that waits holds memory",
        "cache_bytes": "1,000 documents of 13.6 kB had taken 2.1 GB of plans",
        "kafka_max_bytes": "brokers refuse larger ones by default; a larger one holds back its entity only",
        "webhook_days": "each is a row; none keeps values of records",
        "max_webhooks": "each has at most eight connections to its receiver; a receiver may take 15 seconds to answer",
        "workers": "a process uses one core; more are for machines with more",
    },
    "Log-ins": {
        "login_failures": "a person who has forgotten a password tries less often",
        "login_threads": "a guess costs a core and 19 MiB; guesses must not slow other requests",
    },
}
"""The settings that are limits, and the reason of each default."""

app = typer.Typer(add_completion=False)


@app.command(epilog=examples("cadastre limits"))
def limits() -> None:
    """Print the limits as a page in Markdown: docs/limits.md."""
    sys.stdout.write(page())


def page() -> str:
    """Return docs/limits.md."""
    return INTRODUCTION + "".join(_section(title, reasons) for title, reasons in SECTIONS.items())


def _section(title: str, reasons: Mapping[str, str]) -> str:
    fields = Settings.model_fields
    return f"\n## {title}\n{HEAD}" + "".join(_row(name, fields[name], why) for name, why in reasons.items())


def _row(name: str, field: FieldInfo, why: str) -> str:
    default = "none" if field.default is None else f"{field.default:,}"
    return f"| `{PREFIX}{name.upper()}` | {default} | {field.description} | {why} |\n"
