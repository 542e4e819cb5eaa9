"""Encoding: the bytes of the JSON that is answered."""

import json

import orjson


def to_json(body: object) -> bytes:
    """Write a body as JSON."""
    try:
        return orjson.dumps(body)
    except TypeError:  # half of a surrogate pair, or a number beyond 64 bits
        return json.dumps(body, default=str).encode()
