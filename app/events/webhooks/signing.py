"""Signing: the headers by which a receiver knows that an event is genuine, as Standard Webhooks say.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence


def signed(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> Mapping[str, str]:
    """Return the headers of a message. Each secret, in Base64, makes a signature: during a rotation there are two."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature(secret, content)}" for secret in secrets),
    }


def signature(secret: str, content: bytes) -> str:
    """Return the HMAC-SHA256 of a content, in Base64."""
    return b64encode(hmac.digest(b64decode(secret), content, "sha256")).decode()
