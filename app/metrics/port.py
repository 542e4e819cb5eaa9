"""The port of the metrics, apart from the port of the API, so that a firewall can close it to clients."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import start_http_server

from app.errors import OperatorError
from app.metrics.registry import exposed


@contextmanager
def metrics_port(host: str, port: int | None) -> Iterator[None]:
    """Answer the metrics on a port, at every path; OperatorError when it cannot be used. None means no such port."""
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port, host, exposed())
    except OSError as error:
        message = f"port {port} of {host} cannot be used for metrics ({error.strerror}); see CADASTRE_METRICS_PORT"
        raise OperatorError(message) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
