"""Encoding: how the bytes of a text file are read, and what to try when that is not certain.

A file without a byte order mark is UTF-8, or GB18030 where its characters are those of Chinese texts. The bytes of
other encodings are also valid GB18030, so anything else is refused: a wrong guess would store unreadable names.
"""

import codecs
import encodings.aliases
import re
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import chardet

from app.bulk.importing.cells import quoted
from app.errors import OperatorError

CHUNK = 1 << 20
SAMPLE = 1 << 17
"""Bytes of lines with letters outside ASCII that decide about the encoding."""

MOST_SUGGESTIONS = 3

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark is the beginning of this one
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
"""The encoding that each byte order mark stands for."""

NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "gb18030": "GB18030"}
"""How reports call the encodings; others are called as in Python."""

ALL_CODECS = frozenset(encodings.aliases.aliases.values())
NO_CHARSETS = {"idna", "palmos", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_7"}
"""Codecs of Python that no file has, or in which ASCII is not ASCII."""

COMMON = frozenset(
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成"
    "事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者"
    "向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市体"
    "别处总才场师书比住员九通性目华报立马命活神数件安表原车白应路期常提金何更反合放系计司利受光王果亲界及今京务制解各任至清物台象记边共风干"
    "接它特直服林题建南度统色字请交爱让认论百义科元社术结六功指思青管夫连远资队跟带花快条院联权往该领传近留红治保达办运武半候七必城父强步完"
    "革深区即求士转量空众技程江语英基派式引李息写呢识令黄德收脸钱党未持取设始版双历越史商片研找孩站广改议形委早房音火际则首单据导影取网香专"
    "栋幢楼层号室元户园苑府邸庄村镇乡县省州港湾湖河桥街巷弄坊屯寨店铺厦库场铁幼医校景翠锦御龙凤岛滨泉溪谷岭峰坪塘沟洞井柳桃梅兰竹菊松柏桂荷枫"
    "甲乙丙丁戊己庚辛壬癸丑寅卯辰巳午申酉戌亥左右副集团企组织职项业置投展客秩序财仓储停消防洁维修绿监控备福阳丽雅润嘉佳祥瑞泰康宁盛恒富贵禄寿"
)
"""The most frequent characters of Chinese texts, and those of addresses and of organisations."""

COMMON_SHARE = 0.5
"""The share of common characters that makes a text Chinese. Lists of Chinese places have 0.6 to 0.9 of them; Japanese
and Korean ones that are read as GB18030 have 0.2 to 0.4, and those in European letters have none."""


class Bytes(NamedTuple):
    """The facts that a scan of all bytes of a file finds."""

    letters: int
    """Characters outside ASCII that are valid UTF-8."""

    broken: int
    """Bytes that are not valid UTF-8."""

    nuls: int
    size: int
    sample: bytes
    """The first lines with a byte outside ASCII."""


def encoding_of(path: Path, chosen: str | None = None) -> str:
    """Return the Python codec of a file: that of its byte order mark, the chosen one, UTF-8, or GB18030.

    OperatorError when none is certain; the message lists what to try. A few broken bytes do not make a file something
    else than UTF-8: its rows are reported.
    """
    marked = _marked(path)
    if chosen is not None:
        return _agreed(path, marked, codec_named(chosen))
    if marked:
        return marked
    look = _look(path)
    if look.nuls > look.size // 8:
        message = f"the file {path} has NUL bytes; it looks like UTF-16 without a mark: try --encoding utf-16-le"
        raise OperatorError(message)
    if look.letters >= look.broken:
        return "utf-8-sig"
    if _is_chinese(look.sample):
        return "gb18030"
    message = f"the encoding of {path} is not certain and nothing was written; {_suggestions(look.sample)}"
    raise OperatorError(message)


def codec_named(name: str) -> str:
    """Return the codec of a name that an operator gave; OperatorError names the nearest known ones."""
    info = _charset(name.strip())
    if info is None:
        known = {*encodings.aliases.aliases, *ALL_CODECS}
        near = [each for each in get_close_matches(name.casefold().replace("-", "_"), known) if _charset(each)]
        hint = (
            f"; did you mean {' or '.join(near)}?" if near else "; names are such as utf-8, gb18030, cp1252, shift_jis"
        )
        message = f"there is no encoding {quoted(name)}{hint}"
        raise OperatorError(message)
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _charset(name: str) -> codecs.CodecInfo | None:
    """Return the codec of a name, if files may be in it."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_charset = info._is_text_encoding and info.name.replace("-", "_") not in NO_CHARSETS  # noqa: SLF001 - open() asks the same
    return info if is_charset else None


def _marked(path: Path) -> str | None:
    with path.open("rb") as file:
        begin = file.read(4)
    return next((codec for mark, codec in MARKS.items() if begin.startswith(mark)), None)


def _agreed(path: Path, marked: str | None, chosen: str) -> str:
    """Return the chosen encoding, unless the byte order mark of the file says that it is another one."""
    if marked and not chosen.startswith(marked.removesuffix("-sig")):
        message = f"the file {path} begins with the mark of {NAMES[marked]}, so it is not {chosen}"
        raise OperatorError(message)
    return marked or chosen


def _look(path: Path) -> Bytes:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = broken = nuls = size = 0
    sample = bytearray()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            nuls += chunk.count(b"\0")
            decoded = decoder.decode(chunk)
            foreign = len(_ESCAPED.findall(decoded))
            broken += foreign
            letters += 0 if decoded.isascii() else len(_LETTER.findall(decoded)) - foreign
            if len(sample) < SAMPLE and not chunk.isascii():
                sample += b"\n".join(_foreign_lines(chunk, is_first=size == 0))
            size += len(chunk)
        broken += len(decoder.decode(b"", final=True))
    return Bytes(letters, broken, nuls, size, bytes(sample[:SAMPLE]))


def _foreign_lines(chunk: bytes, *, is_first: bool) -> list[bytes]:
    """Return the lines with a byte outside ASCII, without those that are cut at an end of the chunk."""
    lines = re.split(rb"[\r\n]+", chunk)
    whole = lines[0 if is_first else 1 : -1 if len(chunk) == CHUNK else None]
    return [line for line in whole if not line.isascii()]


_ESCAPED = re.compile("[\ud800-\udfff]")
_LETTER = re.compile("[^\0-\x7f]")


def _is_chinese(sample: bytes) -> bool:
    """Return whether bytes that are not UTF-8 are GB18030: most of the characters are common, and chardet agrees."""
    letters = re.sub("[\0-\x7f]", "", sample.decode("gb18030", "replace"))
    common = sum(letter in COMMON for letter in letters)
    return common >= COMMON_SHARE * len(letters) and _guesses(sample)[:1] == ["gb18030"]


def _guesses(sample: bytes) -> list[str]:
    """Return the encodings that are in use and suit some bytes, the likeliest first."""
    found = chardet.detect_all(
        sample, ignore_threshold=True, encoding_era=chardet.EncodingEra.MODERN_WEB, compat_names=False
    )
    return [codec_named(guess["encoding"]) for guess in found if guess["encoding"]]


def _suggestions(sample: bytes) -> str:
    """List the encodings that suit some bytes, each with a text that it makes of them."""
    codecs_of: dict[str, list[str]] = {}
    for codec in _guesses(sample):
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        cells = [cell.strip() for cell in FOREIGN_CELL.findall(text)[:20]]
        codecs_of.setdefault(quoted(max(cells, key=len, default="")), []).append(codec)
    if not codecs_of:
        return "name it with --encoding, such as cp1252 or shift_jis"
    readings = [
        f"--encoding {' or '.join(names[:MOST_SUGGESTIONS])} (reads {reading})"
        for reading, names in list(codecs_of.items())[:MOST_SUGGESTIONS]
    ]
    return f"try {', '.join(readings)}, or another one"


FOREIGN_CELL = re.compile(r"""[^,;|\t\r\n"]*[^,;|\t\r\n"\0-\x7f][^,;|\t\r\n"]*""")
