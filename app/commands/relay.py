"""`cadastre relay`: sends changes and published events to Kafka."""

import asyncio
import signal

import typer

from app import logs
from app.commands.console import examples, print_note
from app.commands.register import register
from app.commands.settings import DataDir, settings_with
from app.errors import OperatorError
from app.metrics.port import metrics_port
from app.settings import Settings
from app.tasks import relay_of

app = typer.Typer(add_completion=False)

NO_BROKER = "no broker is set; set CADASTRE_KAFKA_BOOTSTRAP, such as kafka1.internal:9092"


@app.command(epilog=examples("CADASTRE_KAFKA_BOOTSTRAP=kafka1.internal:9092 cadastre relay"))
def relay(data_dir: DataDir = None) -> None:
    """Send every change and every published event to Kafka until Ctrl-C (docs/events.md).

    Of several relays one works, and the others take over when it ends. `cadastre serve` is one as well with
    CADASTRE_KAFKA_RELAY.
    """
    settings = settings_with(data_dir=data_dir)
    logs.configure(settings.log_format)
    with register(data_dir) as opened, metrics_port(settings.host, settings.metrics_port):
        if not settings.kafka_bootstrap:
            raise OperatorError(NO_BROKER)
        print_note(f"Sending events to {', '.join(settings.kafka_bootstrap)}. Stop with Ctrl-C.")
        asyncio.run(_run(settings.model_copy(update={"database_url": opened.url})))


async def _run(settings: Settings) -> None:
    """Send until SIGINT or SIGTERM."""
    working = asyncio.create_task(relay_of(settings).run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    await asyncio.wait([working])
