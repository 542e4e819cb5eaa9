"""`cadastre webhook`: the addresses that are sent changes, and what was sent to them."""

import asyncio
from datetime import UTC
from typing import Annotated
from uuid import uuid4

import typer

from app.commands.console import command_group, examples, operator, print_note, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir, settings_with
from app.declarations.resolvers import core_schema
from app.engine.limits import Limits
from app.errors import InvalidInputError, OperatorError, RequestError
from app.events.webhooks.addresses import require_allowed
from app.events.webhooks.payload import body_of_test
from app.events.webhooks.sending import MESSAGE, Sender
from app.execution.selections import checked_selection
from app.graphql.schema import schema
from app.services import webhook as webhooks

app = command_group("Addresses that are sent changes.")

Name = Annotated[str, typer.Argument(help="Name of the webhook, or its address")]

MOST_LINES = 100_000
UNDELIVERED = 1
"""Exit status of a test that the receiver did not confirm."""


@app.command(
    epilog=examples(
        "cadastre webhook add https://erp.example.com/hooks --client backend --entity space --under 8829"
        " --select '{ id name org { name } }'",
        "cadastre webhook add https://crm.example.com/in --client crm --entity customer --name crm-customers",
    )
)
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    url: Annotated[str, typer.Argument(help="Address that events are sent to")],
    client: Annotated[str, typer.Option(help="Client whose roles decide what is sent (grant client_credentials)")],
    entity: Annotated[str, typer.Option(help="Kind of the records, such as space")],
    under: Annotated[
        str | None, typer.Option(help="Id of an organisation or a space: only records in its subtree")
    ] = None,
    select: Annotated[
        str | None, typer.Option(help="GraphQL selection: what is sent of a record (default: its own fields)")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name for the other commands (default: the host)")] = None,
    data_dir: DataDir = None,
) -> None:
    """Send changes to an address from now on, and print the secret that signs them, which cannot be printed again.

    What is sent is a subscription of the client: what it may not see is not sent, and personal data are masked for it
    (docs/webhooks.md).
    """
    settings = settings_with(data_dir=data_dir)
    try:
        selection = checked_selection(core_schema(schema), entity, select, Limits.of(settings))
        host = webhooks.host_of(url)
        asyncio.run(require_allowed(url, settings.webhook_networks))
    except RequestError as error:
        raise OperatorError(str(error)) from error
    name = name or host
    with transaction(data_dir) as connection:
        secret = webhooks.add(
            connection,
            url,
            name=name,
            client=client,
            entity=entity,
            under=under,
            selection=selection,
            by=operator(),
        )
    print_result(f"Added the webhook {name}. Its secret, printed only once: {secret}")


@app.command("list", epilog=examples("cadastre webhook list"))
def list_(data_dir: DataDir = None) -> None:
    """List the webhooks: address, client, what is sent, and what waits."""
    with transaction(data_dir) as connection:
        every = webhooks.all_webhooks(connection)
    for webhook in every:
        print_result(_line(webhook))
    if not every:
        print_note("There are no webhooks.")


@app.command("test", epilog=examples("cadastre webhook test erp.example.com"))
def try_out(name: Name, data_dir: DataDir = None) -> None:
    """Send the event `cadastre.test` at once and print what becomes of it; exit status 1 if it is not delivered."""
    settings = settings_with(data_dir=data_dir)
    with transaction(data_dir) as connection:
        webhook = webhooks.webhook_named(connection, name)
        secrets = webhooks.secrets_of(connection, webhook)
    sender = Sender(settings.webhook_networks)
    outcome = asyncio.run(sender.send(webhook.url, f"{MESSAGE}test_{uuid4().hex}", body_of_test(webhook.name), secrets))
    print_result(f"{webhook.name}: {outcome.text}")
    if not outcome.is_delivered:
        raise typer.Exit(UNDELIVERED)


@app.command(epilog=examples("cadastre webhook deliveries erp.example.com"))
def deliveries(
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LINES, help="Most lines")] = 100,
    data_dir: DataDir = None,
) -> None:
    """List the deliveries of a webhook, newest first.

    One line each: id, change, record, attempts, time of the last one (UTC), outcome, time of the next one.
    """
    with transaction(data_dir) as connection:
        found = webhooks.deliveries(connection, name, limit)
    for delivery in found:
        print_result(_delivery_line(delivery))
    if not found:
        print_note("There are no deliveries.")


@app.command(epilog=examples("cadastre webhook repeat msg_1234"))
def repeat(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of a delivery: the header webhook-id")],
    data_dir: DataDir = None,
) -> None:
    """Send an event again, under the same id and as the record is now."""
    number = id_.removeprefix(MESSAGE)
    with transaction(data_dir) as connection:
        if not (number.isascii() and number.isdecimal()):
            raise InvalidInputError(f"{id_!r} is no id of a delivery; `cadastre webhook deliveries` lists them")
        webhook = webhooks.repeat(connection, int(number))
    print_result(f"{MESSAGE}{number} is sent to {webhook.name} again.")
    if state := _state(webhook):
        print_note(f"It waits: {state}.")


@app.command(epilog=examples("cadastre webhook rotate erp.example.com"))
def rotate(name: Name, data_dir: DataDir = None) -> None:
    """Give a webhook a new secret and print it; it cannot be printed again. For 24 hours both sign."""
    with transaction(data_dir) as connection:
        secret = webhooks.rotate(connection, name)
    print_result(f"The new secret of {name}, printed only once: {secret}")


@app.command(epilog=examples("cadastre webhook disable erp.example.com"))
def disable(name: Name, data_dir: DataDir = None) -> None:
    """Send nothing to a webhook until it is enabled. What is changed meanwhile is sent then."""
    with transaction(data_dir) as connection:
        webhook = webhooks.disable(connection, name, operator())
    print_result(f"Disabled {webhook.name}.")


@app.command(epilog=examples("cadastre webhook enable erp.example.com"))
def enable(name: Name, data_dir: DataDir = None) -> None:
    """Send events to a webhook again, from where it stopped."""
    with transaction(data_dir) as connection:
        webhook = webhooks.enable(connection, name)
    print_result(f"Enabled {webhook.name}; {webhook.waiting} deliveries are due.")


@app.command(epilog=examples("cadastre webhook remove erp.example.com"))
def remove(name: Name, data_dir: DataDir = None) -> None:
    """Delete a webhook and its deliveries."""
    with transaction(data_dir) as connection:
        webhook = webhooks.remove(connection, name)
    print_result(f"Removed {webhook.name}.")


def _line(webhook: webhooks.Webhook) -> str:
    """Return a webhook as one line."""
    under = "" if webhook.under is None else f" under {webhook.under}"
    facts = [
        f"{webhook.name}  {webhook.url}",
        f"client {webhook.client_id}",
        f"{webhook.entity}{under}",
        " ".join(webhook.selection.split()),
        f"{webhook.waiting} waiting",
    ]
    return "; ".join([*facts, *filter(None, [_state(webhook)])])


def _state(webhook: webhooks.Webhook) -> str | None:
    """Say why nothing is sent to a webhook; None when that is not so."""
    if not webhook.is_enabled:
        return f"disabled: {webhook.disabled_reason}"
    return None if webhook.client_works else f"waits: the client {webhook.client_id} is disabled"


def _delivery_line(delivery: webhooks.Delivery) -> str:
    """Return a delivery as one line."""
    tried = "never" if delivery.tried_at is None else f"{delivery.tried_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    facts = [
        f"{MESSAGE}{delivery.number}  change {delivery.change_id}  record {delivery.record_id}",
        f"{delivery.attempts} attempts  {tried}  {delivery.outcome or 'waits'}",
    ]
    if delivery.due_at is not None:
        facts.append(f"next {delivery.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return "  ".join(facts)
