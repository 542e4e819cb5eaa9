"""Pinyin: the function that makes the key by which names are ordered as Chinese readers expect.

`pinyin.txt` has all characters of the blocks U+3400 to U+4DBF and U+4E00 to U+9FFF in the order `zh-u-co-pinyin` of
CLDR 48, as ICU sorts them: by pinyin, by tone and by strokes. The key has the n-th character of the two blocks for the
n-th character of the file, so the order of code points is that of pinyin. The order belongs to the register, and not to
a library of the server: no upgrade of ICU spoils an index, and a server without ICU has it as well.
"""

from pathlib import Path

from alembic import op

from migrations.frozen.changes import PIN

FIRST, BEYOND = 0x3400, 0xA000
UNUSED = range(0x4DC0, 0x4E00)
"""The hexagrams, which stand between the two blocks."""

SIGNATURE = "pinyin_key(text)"

PINYIN_KEY = r"""
create function pinyin_key(name text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  folded text; key text := ''; letter text; point integer;
begin
  if octet_length(name) = length(name) then return lower(name collate "C"); end if;
  folded := lower(normalize(name, nfkc) collate "C");
  for place in 1..length(folded) loop
    letter := substr(folded, place, 1);
    point := ascii(letter) - {first};
    if point between 0 and {last} then
      letter := chr(('x' || encode(substring('\x{keys}'::bytea from 2 * point + 1 for 2), 'hex'))::bit(16)::integer);
    end if;
    key := key || letter;
  end loop;
  return key;
end $$
"""
"""Fullwidth letters and digits are ordered as the ordinary ones are, capital letters as small ones."""


def make_pinyin_key() -> None:
    """Create the function; it needs no right and reads no table."""
    op.execute(pinyin_key())
    op.execute(PIN.format(SIGNATURE))


def pinyin_key() -> str:
    """Return the statement that creates the function."""
    ordered = "".join(Path(__file__).with_name("pinyin.txt").read_text("utf-8").split())
    characters = [point for point in range(FIRST, BEYOND) if point not in UNUSED]
    keys = {point: point for point in range(FIRST, BEYOND)}
    keys |= {ord(letter): point for letter, point in zip(ordered, characters, strict=True)}
    packed = b"".join(keys[point].to_bytes(2, "big") for point in range(FIRST, BEYOND)).hex()
    return PINYIN_KEY.format(first=FIRST, last=BEYOND - FIRST - 1, keys=packed)
