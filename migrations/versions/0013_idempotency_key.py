"""Answers to mutations that were sent with an Idempotency-Key."""

from migrations.frozen.columns import bigint, binary, text, texts, timestamp
from migrations.frozen.tables import drop, table

revision = "0013_idempotency_key"
down_revision = "0012_personal_read"


def upgrade() -> None:
    table(
        "idempotency_key",
        "幂等键 Answers to mutations that were sent with a key, for a day",
        bigint("caller_id", "调用方 Member of staff or client that sent the request", primary_key=True),
        binary("key_hash", "幂等键 SHA-256 of the header Idempotency-Key", primary_key=True),
        binary("fingerprint", "HMAC of the request; another one under the key is refused"),
        texts("capabilities", "what the caller must still hold"),
        text("disclosed", "customers' personal data that the answer shows, without values"),
        binary("answer", "the body of the answer, byte for byte"),
        timestamp("created_at", "创建时间 Answered at", default="now()", index=True),
    )


def downgrade() -> None:
    drop("idempotency_key")
