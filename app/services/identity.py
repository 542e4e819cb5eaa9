"""Identity: how numbers of identity documents are written, and which numbers of identity cards can exist.

A number is stored as it is compared: without blanks, with ASCII letters and digits instead of full-width ones, in upper
case. A number of an identity card has 18 characters (GB 11643-1999): six digits of a region, the date of birth, three
digits, and a check character, which may be X. The 15 digits of a card issued before 1999 become the 18 of the same
person: the year gets its century, 19, and the check character is added.
"""

import re
from datetime import date
from unicodedata import normalize

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.customer import IdentityType

BLANKS = re.compile(r"\s+")
CARD, OLD_CARD = re.compile(r"[1-9][0-9]{16}[0-9X]"), re.compile(r"[1-9][0-9]{14}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""The check character for each remainder of the weighted sum of the 17 digits, divided by 11."""

FIRST_YEAR = 1850
REGION, YEAR = 6, 2
"""The digits of the region and, in an old number, of the year."""

FORM = Message(
    "an identity card has 18 characters: 17 digits, then a digit or X; or 15 digits if it was issued before 1999",
    "身份证号码应为18位：前17位为数字，末位为数字或X；1999年以前的旧号码为15位数字",
)
BIRTHDAY = Message(
    "digits 7 to 14 are no date of birth, such as 19930728",
    "身份证号码第7至14位不是有效的出生日期（如19930728）",
)
CHECK = Message(
    "the last character does not match the others: one of the 18 is mistyped",
    "身份证号码校验位不正确，请核对号码",
)


def normalised(text: str) -> str | None:
    """Return a number, or a phone number, as it is stored and compared; None for a blank one."""
    return BLANKS.sub("", normalize("NFKC", text)).upper() or None


def normalised_identity(text: str, type_: str | None) -> str | None:
    """Return the number of a document as it is stored; an old number of an identity card gets its 18 characters."""
    number = normalised(text)
    if type_ == IdentityType.IDENTITY_CARD and number is not None and OLD_CARD.fullmatch(number):
        return with_check(f"{number[:REGION]}19{number[REGION:]}")
    return number


def with_check(digits: str) -> str:
    """Add the check character to 17 digits (GB 11643-1999; ISO 7064, MOD 11-2)."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + CHECK_CHARACTERS[weighted % len(CHECK_CHARACTERS)]


def check_identity(number: str, type_: str, today: date) -> None:
    """Refuse a number that no identity card has: InvalidInputError, which does not quote it.

    Numbers of other documents are taken as they are.
    """
    if type_ != IdentityType.IDENTITY_CARD:
        return
    if not CARD.fullmatch(number):
        raise InvalidInputError(FORM, path=("identity",))
    if not _is_birthday(number[REGION : REGION + 8], today):
        raise InvalidInputError(BIRTHDAY, path=("identity",))
    if with_check(number[:-1]) != number:
        raise InvalidInputError(CHECK, path=("identity",))


def _is_birthday(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= FIRST_YEAR and born <= today
