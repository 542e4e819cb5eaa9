"""The id of a request, by which an answer, its log records and those of other programs belong together.

It comes from the header `X-Request-ID` or is made. The trace comes from the header `traceparent` (W3C Trace Context).
"""

import re
import secrets

REQUEST_ID = b"x-request-id"
TRACEPARENT = b"traceparent"

SANE_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,63}")
"""Ids that are taken from a request. They are so short that no access token fits."""

TRACE = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


def request_id_of(sent: bytes | None) -> str:
    """Return the id that a request has, or else a new one."""
    return sent.decode() if sent and SANE_ID.fullmatch(sent) else secrets.token_hex(16)


def traceparent_of(sent: bytes | None) -> str:
    """Return the trace that a request belongs to, without what a later version adds; an empty text for none."""
    match = TRACE.fullmatch(sent.decode("latin-1")) if sent else None
    if match is None:
        return ""
    version, trace_id, span_id, more = match.groups()
    is_valid = version != "ff" and int(trace_id, 16) and int(span_id, 16) and not (version == "00" and more)
    return match[0].removesuffix(more or "") if is_valid else ""


def trace_of(traceparent: str) -> dict[str, str]:
    """Return the ids of the trace and of the calling span for the log; nothing without a trace."""
    if not traceparent:
        return {}
    _, trace_id, span_id, _ = traceparent.split("-")
    return {"trace_id": trace_id, "span_id": span_id}
