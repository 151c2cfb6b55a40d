"""Text that people typed is kept as they meant it, and can be printed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import names, notes, phones
from kasa.domain.kernel.text import (
    NAME_LIMIT,
    NOTE_LIMIT,
    PhoneInvalid,
    TextMissing,
    TextNotAllowed,
    TextTooLong,
    key,
    name,
    note,
    phone,
)

KHMER = "ហាង សុខា"


@given(text=st.text(max_size=300))
def test_a_name_is_clean_or_refused(text: str) -> None:
    """Whatever is accepted is in NFC, trimmed, of one line, and accepted again as it is."""
    try:
        clean = name(text)
    except (TextMissing, TextNotAllowed, TextTooLong):
        return
    assert clean == name(clean)
    assert clean == unicodedata.normalize("NFC", clean).strip()
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Co"} for letter in clean)
    assert 0 < len(clean) <= NAME_LIMIT


@pytest.mark.parametrize("text", ["", " ", "\t \n"])
def test_a_name_is_not_empty(text: str) -> None:
    """White space is no name."""
    with pytest.raises(TextMissing):
        name(text)


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\tb", "a\x1bb", "a\x7fb", "a\ue000", "a\ud800"])
def test_control_and_private_characters_are_refused(text: str) -> None:
    """What cannot be stored or printed is not a name."""
    with pytest.raises(TextNotAllowed):
        name(text)


def test_limits_are_exact() -> None:
    """The last letter that fits fits; one more is too long, and the limit is told."""
    assert len(name("a" * NAME_LIMIT)) == NAME_LIMIT
    with pytest.raises(TextTooLong) as refused:
        name("a" * (NAME_LIMIT + 1))
    assert refused.value.facts["limit"] == NAME_LIMIT
    assert len(note("ក" * NOTE_LIMIT)) == NOTE_LIMIT
    with pytest.raises(TextTooLong):
        note("ក" * (NOTE_LIMIT + 1))


def test_khmer_is_kept() -> None:
    """Letters, zero-width joiners and all."""
    assert KHMER == name(f"  {KHMER} ")
    joined = "ស្រី\u200bល្អ"
    assert joined == name(joined)


def test_decomposed_letters_are_composed() -> None:
    """Two ways to type a letter are one text."""
    assert name("Cafe\u0301") == "Café"


def test_a_note_may_have_lines() -> None:
    """Lines stay, Windows line ends become line feeds, other controls are refused."""
    assert note(" a\r\nb\n") == "a\nb"
    assert note("") == ""
    for text in ("a\rb", "a\0b", "a\tb"):
        with pytest.raises(TextNotAllowed):
            note(text)


@given(text=notes())
def test_a_clean_note_stays(text: str) -> None:
    """Cleaning twice is cleaning once."""
    assert text == note(text)


@given(text=names())
def test_the_lookup_form_folds_case_and_space(text: str) -> None:
    """Case and the amount of white space do not matter when a text is looked up."""
    assert key(text) == key(f"  {text}  ")
    assert key(text) == key(key(text))


def test_the_lookup_form_of_equal_names() -> None:
    """Sokha is found as SOKHA, with any white space between."""
    assert key("Sokha  Dara") == key("SOKHA\u00a0dara")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("012 345 678", "+85512345678"),
        ("០១២ ៣៤៥ ៦៧៨", "+85512345678"),
        ("+855 12-345-678", "+85512345678"),
        ("0085512345678", "+85512345678"),
        ("855 12 345 678", "+85512345678"),
        ("(012) 345.678", "+85512345678"),
        ("+48 601 234 567", "+48601234567"),
    ],
)
def test_a_number_has_one_form(text: str, result: str) -> None:
    """However it is written, one telephone number is one text."""
    assert result == phone(text)


def test_a_national_number_gets_its_country() -> None:
    """The shop's country code replaces the leading zero."""
    assert phone("0601 234 567", "48") == "+48601234567"


@given(number=phones())
def test_a_stored_number_stays(number: str) -> None:
    """Cleaning twice is cleaning once."""
    assert number == phone(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234567",
        "+1234567",
        "1" * 16,
        "012 345 67a",
        "call me",
        "+",
        "１２３４５６７８",
        "012;345;678",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """A telephone number has 8 to 15 digits and nothing that is not written in one."""
    with pytest.raises(PhoneInvalid):
        phone(text)
