"""Logs: every record of the program and of its libraries on stderr, one a line, as JSON or as text.

A record has the time, the level, the logger, the event and, while a request runs, its id. No record contains a value of
a request or of the database. So of an exception only the type and the place in the code are written, not its message.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Any, Protocol

import orjson
from structlog import WriteLogger, make_filtering_bound_logger, wrap_logger
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, LogfmtRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.types import EventDict, Processor

from app.errors import describe
from app.settings import LogFormat

OWN = "cadastre"
"""The logger of the program. It logs from INFO on; those of libraries from WARNING on."""

ORDER = ["time", "level", "logger", "event", "request_id"]

LOG = logging.getLogger(f"{OWN}.loop")

TIME = TimeStamper(fmt="iso", utc=True, key="time")


class AccessLog(Protocol):
    """A log of requests. It is structlog's own logger, because logging's takes several times as long."""

    def info(self, event: str, **facts: object) -> object:
        """Write a record."""

    def error(self, event: str, **facts: object) -> object:
        """Write a record."""


def configure(log_format: LogFormat) -> None:
    """Write all records of Python's loggers to stderr. Handlers that were there are removed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(log_format))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def access_log(log_format: LogFormat, *, only_errors: bool) -> AccessLog:
    """Return the log of requests, on stderr."""
    log: AccessLog = wrap_logger(
        WriteLogger(sys.stderr),
        processors=[merge_contextvars, add_log_level, TIME, in_order, renderer(log_format)],
        wrapper_class=make_filtering_bound_logger(logging.ERROR if only_errors else logging.INFO),
    ).bind(logger=f"{OWN}.access")
    return log


def formatter(log_format: LogFormat) -> logging.Formatter:
    """Return the formatter of Python's loggers."""
    record: Sequence[Processor] = (
        add_log_level, add_logger_name, ExtraAdder(), merge_contextvars, describe_exception, TIME, one_line, in_order,
    )  # fmt: skip
    return ProcessorFormatter(
        foreign_pre_chain=record, processors=[ProcessorFormatter.remove_processors_meta, renderer(log_format)]
    )


def renderer(log_format: LogFormat) -> Processor:
    """Return the function that writes a record as a line."""
    return JSONRenderer(serializer=_json) if log_format == "json" else LogfmtRenderer()


def describe_exception(_: Any, __: str, record: EventDict) -> EventDict:
    """Replace an exception by its type and place: its message may quote values."""
    exc_info = record.pop("exc_info", None)
    if isinstance(exc_info, tuple) and exc_info[1] is not None:
        record["error"] = describe(exc_info[1])
    record.pop("stack_info", None)
    return record


def one_line(_: Any, __: str, record: EventDict) -> EventDict:
    """Replace line breaks in the event by blanks."""
    record["event"] = " ".join(record["event"].split())
    return record


def in_order(_: Any, __: str, record: EventDict) -> EventDict:
    """Put the fields that most records have first."""
    first = {name: record.pop(name) for name in ORDER if name in record}
    return {**first, **record}


def hide_task_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Log errors that no code awaits by their type and place; asyncio's own message quotes them."""
    loop.set_exception_handler(_log_task_error)


def _log_task_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    LOG.error("an error in a task", exc_info=error if isinstance(error, BaseException) else None)


def _json(record: EventDict, **options: Any) -> str:
    return orjson.dumps(record, default=options.get("default")).decode()
