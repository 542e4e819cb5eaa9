"""Answers of more than 1 KB are compressed as the client accepts, in slices, and none that contains a secret."""

import asyncio
import gzip
import json
import random
from typing import Any

import brotli
import pytest
import zstandard
from starlette.responses import Response
from starlette.types import Message

from app.web.compression import SLICE, SMALLEST, Compression
from tests.clients.api import Api
from tests.clients.login import LoginClient

LARGE = {"query": "{ __schema { types { name description fields { name description } } } }"}
SMALL = {"query": "{ __typename }"}
ACCEPTED = [
    ("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("gzip, deflate, br, zstd", "zstd"), ("gzip;q=0.5", "gzip"),
    ("GZIP", "gzip"), ("*", "zstd"), ("gzip;q=0", None), ("gzip;q=0, identity", None), ("identity", None),
    ("deflate", None), ("", None), (";;q=,", None), ("xgzip", None),
]  # fmt: skip
DECODERS: dict[str | None, Any] = {
    None: bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


def raw(api: Api, body: dict[str, str], accepted: str | None) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of an answer as they are sent."""
    headers = {"accept-encoding": accepted} if accepted is not None else {}
    with api.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        return dict(response.headers), b"".join(response.iter_raw())


def vary(headers: dict[str, str]) -> set[str]:
    return {name.strip().lower() for name in headers.get("vary", "").split(",")}


@pytest.mark.parametrize(("accepted", "encoding"), ACCEPTED)
def test_a_large_answer_is_encoded_as_the_client_accepts(api: Api, accepted: str, encoding: str | None) -> None:
    plain = api.client.post("/graphql", json=LARGE, headers={"accept-encoding": "identity"}).content
    headers, body = raw(api, LARGE, accepted)
    assert headers.get("content-encoding") == encoding
    assert DECODERS[encoding](body) == plain
    assert len(body) < len(plain) / 3 or encoding is None
    assert {"accept-encoding", "origin"} <= vary(headers)


def test_a_small_answer_is_not_compressed(api: Api) -> None:
    headers, body = raw(api, SMALL, "gzip, br, zstd")
    assert "content-encoding" not in headers
    assert int(headers["content-length"]) == len(body)


def test_an_answer_with_tokens_is_never_compressed(shared_login: LoginClient) -> None:
    padded = {"accept-encoding": "gzip, br, zstd"}
    form = {"grant_type": "password", "username": "supperadm", "password": "cadastre-demo", "client_id": "h5-client"}
    body = {"job_number": "supperadm", "pwd": "cadastre-demo", "client_id": "h5-client", "grant_type": "password"}
    token = shared_login.client.post("/oauth/token", data=form, headers=padded)
    legacy = shared_login.client.post("/v1/user/authen", json=body, headers=padded)
    page = shared_login.client.get(f"/oauth/authorize?client_id={'x' * 2000}", headers=padded)
    for response in (token, legacy, page):
        assert "content-encoding" not in response.headers
    assert len(legacy.content) > SMALLEST


def random_body(size: int) -> bytes:
    """Return a body that hardly shrinks, so that each slice leads to output."""
    return json.dumps({"data": random.Random(1).randbytes(size // 2).hex()}).encode()  # noqa: S311 - not a secret


async def exchanged(body: bytes, accepted: str | None) -> tuple[list[Message], int]:
    """Send a body through the middleware; return the messages, and how often another task ran meanwhile."""
    sent: list[Message] = []
    turns = 0

    async def send(message: Message) -> None:
        sent.append(message)

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    headers = [] if accepted is None else [(b"accept-encoding", accepted.encode())]
    scope = {"type": "http", "method": "GET", "path": "/graphql", "headers": headers}
    other = asyncio.create_task(count())
    await asyncio.sleep(0)
    turns = 0
    await Compression(Response(body, media_type="application/json"), plain=())(scope, None, send)  # type: ignore[arg-type]
    other.cancel()
    return sent, turns


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_large_answer_is_sent_in_slices_between_which_others_run(encoding: str) -> None:
    body = random_body(20 * SLICE)
    (start, *parts), turns = asyncio.run(exchanged(body, encoding))
    assert b"content-length" not in dict(start["headers"])
    assert len([part for part in parts if part["body"]]) >= 3
    assert turns >= 20
    assert DECODERS[encoding](b"".join(part["body"] for part in parts)) == body


@pytest.mark.parametrize("size", [SLICE - 100, SLICE, SLICE + 1, 3 * SLICE])
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_no_byte_is_lost_at_the_edges_of_slices(encoding: str, size: int) -> None:
    body = random_body(size + SLICE)[:size]
    (_, *parts), _ = asyncio.run(exchanged(body, encoding))
    assert DECODERS[encoding](b"".join(part["body"] for part in parts)) == body


def test_a_client_that_accepts_no_encoding_gets_a_large_answer_in_one_piece() -> None:
    body = random_body(20 * SLICE)
    (start, part), turns = asyncio.run(exchanged(body, None))
    assert dict(start["headers"])[b"content-length"] == str(len(body)).encode()
    assert (part["body"], turns) == (body, 0)
