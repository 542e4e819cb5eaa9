"""Encodings: found where that is certain, named otherwise, never guessed."""

import pytest

from app.bulk.importing.records import RowError
from app.errors import OperatorError
from tests.clients.importer import ORGS, TREE, Importer, outcome

CHINESE = ORGS + "a,,美的物业集团,2\nb,a,徐州美的公园天下,2\nc,b,前期客服部,2\nd,b,三号楼,2\n"

READ: dict[str, tuple[bytes, str | None, str]] = {
    "utf-8": (TREE.encode(), None, "UTF-8, separated by commas"),
    "utf-8 with a mark": (TREE.encode("utf-8-sig"), None, "UTF-8, separated by commas"),
    "utf-8 with a mark, named": (TREE.encode("utf-8-sig"), "utf8", "UTF-8, separated by commas"),
    "ascii": (
        TREE.translate(dict(zip(map(ord, "甲乙丙丁"), "ABCD", strict=True))).encode(),
        None,
        "UTF-8, separated by commas",
    ),
    "utf-16, low byte first": (b"\xff\xfe" + TREE.encode("utf-16-le"), None, "UTF-16, separated by commas"),
    "utf-16, high byte first": (b"\xfe\xff" + TREE.encode("utf-16-be"), None, "UTF-16, separated by commas"),
    "utf-16 without a mark, named": (TREE.encode("utf-16-le"), "UTF-16LE", "utf-16-le, separated by commas"),
    "utf-32": (TREE.encode("utf-32"), None, "UTF-32, separated by commas"),
    "gb18030": (TREE.encode("gb18030"), None, "GB18030, separated by commas"),
    "gb18030, longer": (CHINESE.encode("gb18030"), None, "GB18030, separated by commas"),
    "gb18030 with a mark": (("\ufeff" + TREE).encode("gb18030"), None, "GB18030, separated by commas"),
    "gbk, named": (TREE.encode("gbk"), "GBK", "gbk, separated by commas"),
    "big5, named": (TREE.encode("big5"), "big5", "big5, separated by commas"),
    "windows line ends": (TREE.replace("\n", "\r\n").encode(), None, "UTF-8, separated by commas"),
    "old mac line ends": (TREE.replace("\n", "\r").encode(), None, "UTF-8, separated by commas"),
    "blank lines": (TREE.replace("\n", "\n\n , ,\n").encode(), None, "UTF-8, separated by commas"),
    "no last line break": (TREE.rstrip().encode(), None, "UTF-8, separated by commas"),
    "semicolons": (TREE.replace(",", ";").encode(), None, "UTF-8, separated by semicolons"),
    "tabs": (TREE.replace(",", "\t").encode("utf-16"), None, "UTF-16, separated by tabs"),
    "declared semicolons": (b"sep=;\r\n" + TREE.replace(",", ";").encode(), None, "UTF-8, separated by semicolons"),
    "declared, unusual": (("\ufeffsep=^\n" + TREE.replace(",", "^")).encode(), None, "UTF-8, separated by '^'"),
    "quoted header": (TREE.replace("external_id,", '"external_id",', 1).encode(), None, "UTF-8, separated by commas"),
    "padded columns": (TREE.replace("\n", ",,\n").encode(), None, "UTF-8, separated by commas"),
}
"""Files with the same tree: the content, the encoding that is named, and what the report says."""


def test_the_same_tree_is_read_from_every_encoding_and_separator(load: Importer) -> None:
    for case, (content, encoding, origin) in READ.items():
        report = load(content, encoding=encoding, source=case)
        assert (case, outcome(report), report.origin) == (case, (4, 0, 0, 0), origin)
        if "美".encode("gb18030") not in content and case != "ascii":
            assert load.names()[-4:] == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"], case


FOREIGN = {
    "cp1252": "Saint-Étienne Évry Besançon Nîmes",
    "latin-1": "São Paulo Goiânia Belém",
    "cp1254": "İSTANBUL ŞANLIURFA Çankırı Muğla",
    "iso-8859-9": "İzmir Kırşehir Iğdır",
    "cp932": "札幌市 千代田区 サクラマンション",
    "euc-jp": "札幌市 函館市 青森県 弘前市 八戸市",
    "big5": "臺北市 板橋區 高雄市",
    "cp949": "서울특별시 강남구 역삼동",
    "cp1251": "Москва Подъезд",
    "koi8-r": "Новосибирск Казань",
    "cp850": "Île-de-France Orléans",
    "mac-roman": "Étage Bâtiment",
    "cp874": "กรุงเทพมหานคร เชียงใหม่",
    "cp1253": "Αθήνα Θεσσαλονίκη",
}
"""Names in encodings whose bytes are also valid GB18030, or nearly."""


@pytest.mark.parametrize("on_error", ["abort", "skip"])
def test_a_file_of_uncertain_encoding_is_refused_with_what_to_try(load: Importer, on_error: str) -> None:
    for encoding, names in FOREIGN.items():
        rows = "".join(f"k{number},,{name},2\n" for number, name in enumerate(names.split()))
        with pytest.raises(OperatorError) as refused:
            load((ORGS + rows).encode(encoding), on_error=on_error)
        assert "is not certain and nothing was written; try --encoding " in str(refused.value), encoding
    assert load.names() == []


def test_the_suggestions_show_what_each_encoding_makes_of_the_file(load: Importer) -> None:
    with pytest.raises(OperatorError, match=r"try --encoding cp932 or .* \(reads '札幌市'\), --encoding cp1252"):
        load((ORGS + "a,,札幌市,2\nb,,函館市,2\n").encode("cp932"))
    assert load((ORGS + "a,,札幌市,2\n").encode("cp932"), encoding="Shift-JIS").origin.startswith("shift_jis,")
    assert load.names() == ["札幌市"]


def test_undecodable_bytes_are_found_by_line(load: Importer) -> None:
    report = load(TREE.encode() + b"e,a,\xe6\x88,2\n")
    assert report.errors == [RowError(6, "name contains bytes that are not in the file's encoding")]
    report = load(TREE.encode("cp932", "replace") + b"e,a,\x81\xff,2\n", encoding="cp932")
    assert report.errors == [RowError(6, "name contains bytes that are not in the file's encoding")]


BAD_NAMES = {
    "utf8x": "there is no encoding 'utf8x'; did you mean utf8",
    "klingon": "there is no encoding 'klingon'; names are such as",
    "rot13": "there is no encoding 'rot13'; names are such as",
    "idna": "there is no encoding 'idna'",
    "unicode_escape": "there is no encoding 'unicode_escape'",
    "base64": "there is no encoding 'base64'; names are such as",
    "a\0b": "there is no encoding",
}


def test_a_name_that_is_no_encoding_is_refused_with_the_nearest(load: Importer) -> None:
    for name, message in BAD_NAMES.items():
        with pytest.raises(OperatorError, match=message):
            load(TREE, encoding=name)
    with pytest.raises(OperatorError, match="begins with the mark of UTF-16, so it is not cp1252"):
        load(TREE.encode("utf-16"), encoding="cp1252")
    with pytest.raises(OperatorError, match="try --encoding utf-16-le"):
        load(TREE.encode("utf-16-le"))
    with pytest.raises(OperatorError, match="is not UTF-16: "):
        load(TREE.encode("utf-16") + b"\x00\xdc\x00")
