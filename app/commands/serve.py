"""`cadastre serve`: the running program."""

import sys
from functools import partial
from typing import Annotated

import typer

from app.commands.console import examples, progress_bars
from app.commands.settings import DataDir, settings_with
from app.commands.welcome import welcome
from app.serving import DemoOptions, Ready
from app.serving import serve as serve_register
from app.settings import Settings

app = typer.Typer(add_completion=False)


@app.command(
    epilog=examples(
        "cadastre serve", "cadastre serve --port 0 --no-demo", "cadastre serve --data-dir /srv/reg --workers 4"
    )
)
def serve(  # noqa: PLR0913, PLR0917 - one parameter an option
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: 127.0.0.1)")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any free one (default: 8000)")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that answer requests, about one a core (default: 1)")
    ] = None,
    data_dir: DataDir = None,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo", help="Load the demo world into an empty register (default: into the embedded one only)"
        ),
    ] = None,
    new_password: Annotated[  # noqa: FBT002 - typer
        bool,
        typer.Option("--new-password", help="Replace the public password of the demo accounts and print the new one"),
    ] = False,
) -> None:
    """Serve the register over HTTP until Ctrl-C.

    Starts and migrates the embedded PostgreSQL, unless CADASTRE_DATABASE_URL names another one. Addresses other than
    the loopback ones are served only when requests need a login (CADASTRE_REQUIRE_LOGIN) and no demo account has the
    public password.
    """
    settings = settings_with(host=host, port=port, workers=workers, data_dir=data_dir)
    with progress_bars() as progress:
        serve_register(settings, DemoOptions(demo, new_password), progress, partial(_print_welcome, settings))


def _print_welcome(settings: Settings, ready: Ready) -> None:
    sys.stdout.write(welcome(ready, settings))
    sys.stdout.flush()
