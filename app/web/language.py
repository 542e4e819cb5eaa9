"""Language: the one that a client prefers for messages, by `Accept-Language` (RFC 9110, 12.5.4)."""

import re
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import HTTPConnection

from app.error_codes import Language

QUALITY = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*")


class LanguageRange(NamedTuple):
    """One item of the header: a language without its region, and how much the client wants it."""

    language: str
    quality: float


def language_of(http: HTTPConnection) -> Language:
    """Choose the language of the answer to a request."""
    return preferred(http.headers.get("accept-language", ""))


@lru_cache(256)
def preferred(accept_language: str) -> Language:
    """Choose Chinese where the client prefers it to English, otherwise English. Of equal qualities the first counts."""
    ranges = map(read_range, accept_language.lower().split(","))
    offered = [range_ for range_ in ranges if range_.language in {"zh", "en", "*"} and range_.quality > 0]
    best = max(offered, key=lambda range_: range_.quality, default=None)
    return "zh" if best is not None and best.language == "zh" else "en"


def read_range(text: str) -> LanguageRange:
    """Read an item such as `zh-CN;q=0.9`; its quality is 1 where it has none."""
    tag, _, parameter = text.partition(";")
    quality = QUALITY.fullmatch(parameter)
    return LanguageRange(tag.strip().partition("-")[0], float(quality[1]) if quality else 1.0)
