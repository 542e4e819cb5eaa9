"""Lists of places as public offices of four countries publish them, imported by the command.

Each excerpt has the separator, the encoding and the other columns of the published list. Its key, its name and its
parent have the names that the importer knows.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clients.importer import Importer
from tests.clients.program import cadastre


class Places(NamedTuple):
    """An excerpt of a list, and what the register has after it is imported."""

    encodings: tuple[str, str]
    ignored: str
    content: str
    names: list[str]
    origin: str


LISTS = {
    "French communes and their postal codes": Places(
        ("cp1252", "cp1252"),
        "Code_postal,Libellé_d_acheminement,Ligne_5",
        'external_id;"name";Code_postal;Libellé_d_acheminement;Ligne_5\n'
        '01004;"AMBÉRIEU-EN-BUGEY";01500;AMBERIEU EN BUGEY;\n'
        '02565;"Œuilly";02160;OEUILLY;\n'
        '2A041;"Bonifacio";20169;BONIFACIO;\n'
        '91228;"Évry-Courcouronnes";91000;EVRY COURCOURONNES;EVRY\n'
        '91228_;"Évry-Courcouronnes";91080;EVRY COURCOURONNES;COURCOURONNES\n',
        ["AMBÉRIEU-EN-BUGEY", "Œuilly", "Bonifacio", "Évry-Courcouronnes", "Évry-Courcouronnes"],
        "cp1252, separated by semicolons",
    ),
    "French departments": Places(
        ("latin-1", "iso-8859-15"),
        "REGION,CHEFLIEU,TNCC,NCC",
        "REGION\texternal_id\tCHEFLIEU\tTNCC\tNCC\tname\n"
        "84\t01\t01053\t5\tAIN\tAin\n84\t07\t07186\t5\tARDECHE\tArdèche\n"
        "94\t2A\t2A004\t3\tCORSE-DU-SUD\tCorse-du-Sud\n52\t72\t72181\t3\tSARTHE\tSarthe\n",
        ["Ain", "Ardèche", "Corse-du-Sud", "Sarthe"],
        "iso8859-1, separated by tabs",
    ),
    "Japanese municipalities": Places(
        ("cp932", "shift_jis"),
        "都道府県名（漢字）,都道府県名（カナ）,市区町村名（カナ）",
        "external_id,都道府県名（漢字）,name,都道府県名（カナ）,市区町村名（カナ）,parent_external_id\r\n"
        "010006,北海道,北海道,ﾎｯｶｲﾄﾞｳ,,\r\n011002,北海道,札幌市,ﾎｯｶｲﾄﾞｳ,ｻｯﾎﾟﾛｼ,010006\r\n"
        "012025,北海道,函館市,ﾎｯｶｲﾄﾞｳ,ﾊｺﾀﾞﾃｼ,010006\r\n130001,東京都,東京都,ﾄｳｷｮｳﾄ,,\r\n"
        "131016,東京都,千代田区,ﾄｳｷｮｳﾄ,ﾁﾖﾀﾞｸ,130001\r\n",
        ["北海道", "北海道/札幌市", "北海道/函館市", "東京都", "東京都/千代田区"],
        "cp932, separated by commas",
    ),
    "Brazilian municipalities": Places(
        ("cp1252", "latin-1"),
        "Área (km²),Capital",
        'sep=;\r\nexternal_id;name;parent_external_id;Área (km²);Capital;;\r\n35;"São Paulo";;248219,49;;;\r\n'
        "3550308;São Paulo;35;1521,20;Sim;;\r\n3548708;São Bernardo do Campo;35;409,53;Não;;\r\n;;;;;;\r\n"
        "52;Goiás;;340242,86;;;\r\n5208707;Goiânia;52;729,30;Sim;;\r\n",
        ["São Paulo", "São Paulo/São Paulo", "São Paulo/São Bernardo do Campo", "Goiás", "Goiás/Goiânia"],
        "cp1252, separated by semicolons",
    ),
    "Turkish provinces and districts": Places(
        ("cp1254", "iso-8859-9"),
        "TÜR",
        "external_id\tname\tparent_external_id\tTÜR\r\n34\tİSTANBUL\t\til\r\n1183\tBeşiktaş\t34\tilçe\r\n"
        "1708\tÜsküdar\t34\tilçe\r\n1663\tŞişli\t34\tilçe\r\n63\tŞANLIURFA\t\til\r\n46\tKAHRAMANMARAŞ\t\til\r\n",
        ["İSTANBUL", "İSTANBUL/Beşiktaş", "İSTANBUL/Üsküdar", "İSTANBUL/Şişli", "ŞANLIURFA", "KAHRAMANMARAŞ"],
        "cp1254, separated by tabs",
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_published_list_is_imported_in_its_encoding_and_refused_without_it(
    load: Importer, tmp_path: Path, case: str
) -> None:
    places = LISTS[case]
    load("external_id,name,type\ncountry,Pays,1\n", source="own countries")
    country = load.id_of("country")
    command = ("import", "orgs", tmp_path / "places.txt", "--source", "office", "--under", country)
    for encoding, outcome in zip(places.encodings, ("inserted", "unchanged"), strict=True):
        (tmp_path / "places.txt").write_bytes(places.content.encode(encoding, "ignore"))
        unnamed = cadastre(*command, "--ignore-columns", places.ignored, "--on-error", "skip", url=load.url)
        assert (unnamed.returncode, unnamed.stdout) == (2, "")
        assert "is not certain and nothing was written; try --encoding" in unnamed.stderr
        done = cadastre(*command, "--ignore-columns", places.ignored, "--encoding", encoding, url=load.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{len(places.names)} {outcome}" in done.stdout
        if outcome == "inserted":
            assert done.stdout.endswith(f"from {places.origin}.\n")
    assert load.names()[1:] == [f"Pays/{name}" for name in places.names]
