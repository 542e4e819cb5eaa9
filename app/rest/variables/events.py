"""Variables of the URL of events (document 003, section 20)."""

from json import JSONDecoder
from json.decoder import WHITESPACE  # type: ignore[attr-defined]

from app.rest.kinds import ID, OBJECT, TEXT
from app.rest.parameters import maybe, needed, sends
from app.rest.url import BODY, Given, Variables

PAYLOAD = "payload"
READ = sends(
    maybe("topic", TEXT, "input.topic", default=""),
    needed(PAYLOAD, OBJECT, "input.payload"),
    maybe("timestamp", ID, "input.timestamp"),
)
SCANNER = JSONDecoder(parse_int=str, parse_float=str)  # only their ends count


def published(given: Given) -> Variables:
    """Read an event; its payload is passed on as the text that was sent, which may say more than its values do."""
    sent = READ(given)
    body = given.get(BODY)
    if isinstance(body, bytes):
        sent["input"][PAYLOAD] = text_of(body.decode(), PAYLOAD)
    return sent


def text_of(body: str, name: str) -> str:
    """Return the text of a member of a JSON object that is known to be valid. Of several, the last one counts."""
    found, place = "", body.index("{") + 1
    while True:
        key, end = SCANNER.raw_decode(body, _after_blanks(body, place))
        begin = _after_blanks(body, body.index(":", end) + 1)
        _, end = SCANNER.raw_decode(body, begin)
        found = body[begin:end] if key == name else found
        place = _after_blanks(body, end)
        if body[place] == "}":
            return found
        place += 1


def _after_blanks(body: str, place: int) -> int:
    end: int = WHITESPACE.match(body, place).end()
    return end
