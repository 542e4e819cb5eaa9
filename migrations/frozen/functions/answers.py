"""Answers: those that are kept under the keys of the caller's requests, and the record of shown personal data."""

from migrations.frozen.functions.making import CALLER, Function

IS_OLD = "created_at < now() - interval '24 hours'"

SWEPT_ROWS = 100
"""Old answers that each new one removes, at most."""

# ruff: noqa: S608 - our own names

FIND = f"""
  return query select kept.fingerprint, kept.capabilities, kept.disclosed, kept.answer from idempotency_key kept
  where kept.caller_id = {CALLER} and kept.key_hash = key and not kept.{IS_OLD};
"""

# The row of an old answer may still be there.
KEEP = f"""
  delete from idempotency_key where ctid = any(array(
    select ctid from idempotency_key where {IS_OLD} order by created_at limit {SWEPT_ROWS} for update skip locked
  ));
  insert into idempotency_key as kept (caller_id, key_hash, fingerprint, capabilities, disclosed, answer)
  values ({CALLER}, key, print, needed, shown, content)
  on conflict (caller_id, key_hash) do update set fingerprint = excluded.fingerprint,
    capabilities = excluded.capabilities, disclosed = excluded.disclosed, answer = excluded.answer,
    created_at = excluded.created_at;
"""

RECORD = f"""
  insert into personal_read (admin_id, client_id, entity, fields, row_count, document_sha256)
  select case when coalesce(current_setting('app.account', true), '') <> '' then {CALLER} end,
    current_setting('app.client', true), shown.entity, string_to_array(shown.fields, ','), shown.rows, sha256
  from unnest(entities, columns, counts) as shown (entity, fields, rows);
"""
"""Record what the caller is shown. Requests neither read nor change the record."""

FUNCTIONS = (
    Function(
        "kept_answer",
        "key bytea",
        "table (fingerprint bytea, capabilities text[], disclosed text, answer bytea)",
        FIND,
    ),
    Function("keep_answer", "key bytea, print bytea, needed text[], shown text, content bytea", "void", KEEP),
    Function("record_personal_read", "entities text[], columns text[], counts int[], sha256 text", "void", RECORD),
)
