"""How personal data are masked, by kind."""

import pytest

from app.access.masking import MASKS, Kind, masked


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13926003676", "139****3676"),
        ("phone", "+8613926003676", "+86****3676"),
        ("phone", "0757-26330000", "075****0000"),
        ("phone", "26330000", "****"),
        ("phone", "1392600367", "****"),
        ("identity", "430421199307280001", "430****0001"),
        ("identity", "430421930728001", "430****8001"),
        ("identity", "G12345678", "****"),
        ("identity", "1234567890123", "****"),
        ("email", "wang@example.com", "w****@example.com"),
        ("email", "13418777777@163.com", "1****@163.com"),
        ("email", '"a@b"@example.com', '"****@example.com'),
        ("email", "a@example.com", "****@example.com"),
        ("email", "@example.com", "****@example.com"),
        ("email", "wang", "****"),
    ],
)
def test_a_value_is_masked(kind: Kind, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


@pytest.mark.parametrize("kind", MASKS)
def test_nothing_is_nothing_and_an_empty_text_is_hidden(kind: Kind) -> None:
    assert masked(kind, None) is None
    assert masked(kind, "").startswith("****")  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["phone", "identity"])
def test_what_is_shown_never_makes_the_value_easy_to_guess(kind: Kind) -> None:
    for length in range(40):
        shown = (masked(kind, "1" * length) or "").replace("*", "")
        assert len(shown) in (0, 7)
        assert not shown or length - len(shown) >= 4


@pytest.mark.parametrize("kind", ["phone", "identity"])
def test_a_mask_does_not_tell_how_long_the_value_is(kind: Kind) -> None:
    assert len({masked(kind, "1" * length) for length in range(14, 40)}) == 1
