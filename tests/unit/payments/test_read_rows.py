"""Rows, labels and single words: exact results at both sides of each limit (section 12)."""

import pytest

from kasa.domain.payments.receipts.labels import (
    edits_allowed,
    edits_within,
    known_labels,
    normalised,
)
from kasa.domain.payments.receipts.rows import Row, around, median, right_of, rows_of, well_read
from kasa.domain.payments.recognition import Box, Effort, Languages, Reading, Word

KHMER_LAST = "\u17d3"


def word(text: str, left: int, top: int = 0, *, height: int = 20, confidence: int = 95) -> Word:
    """Return a word of letters 10 pixels wide."""
    return Word(text, Box(left, top, 10 * len(text), height), confidence)


def texts(*words: Word) -> list[str]:
    """Return the rows that some words make."""
    page = Reading(
        words=words, engine="test", languages=Languages.BOTH, effort=Effort.FIRST, page_mode=11
    )
    return [row.text for row in rows_of(page)]


def test_a_row() -> None:
    """A row begins at its first word, is as high as most, and parts at gaps over two heights."""
    words = (word("one", 10), word("two", 80), word("six", 151, height=30))
    row = Row(words, 7)
    assert (10, 20, "one two six") == (row.left, row.height, row.text)
    assert (Row(words[:2], 7), Row(words[2:], 7)) == row.segments
    assert Row((word("a", 0, height=0),), 0).height == 1
    assert 110 == right_of(words[1])
    assert (2, 3) == (median([3, 2, 1]), median([1, 2, 3, 4]))
    assert Box(10, 0, 171, 30) == around(words)
    assert Box(5, 3, 35, 47) == around((word("a", 30, 3), word("b", 5, 30)))


@pytest.mark.parametrize(("drop", "lines"), [(11, ["one two"]), (12, ["one", "two"])])
def test_words_on_one_line(drop: int, lines: list[str]) -> None:
    """A word belongs to a row up to 11 twentieths of its height away, at least 3 pixels."""
    assert lines == texts(word("one", 0), word("two", 200, drop))


@pytest.mark.parametrize(("drop", "lines"), [(3, ["one two"]), (4, ["one", "two"])])
def test_tiny_words_on_one_line(drop: int, lines: list[str]) -> None:
    """The smallest print still has three pixels of room."""
    assert lines == texts(word("one", 0, height=4), word("two", 200, drop, height=4))


def test_a_row_is_ordered_from_left_to_right() -> None:
    """Rows go downwards, words to the right, and blank words are none."""
    words = (word("low", 0, 90), word("right", 80, 2), word(" ", 50), word("left", 0))
    assert ["left right", "low"] == texts(*words)


def tilted(count: int, sink: int) -> list[Word]:
    """Return words of one line that sinks by some pixels from one word to the next."""
    return [word("abcd", 50 * place, sink * place) for place in range(count)]


def test_a_tilted_line() -> None:
    """Three pairs of neighbours that agree tell the slope of a photo, fewer or a steeper do not."""
    assert ["abcd " * 6 + "abcd"] == texts(*tilted(7, 8))
    assert ["abcd abcd abcd abcd"] == texts(*tilted(4, 12))
    assert 1 < len(texts(*tilted(3, 12)))
    assert ["abcd " * 6 + "abcd"] == texts(*tilted(7, 12))
    assert 1 < len(texts(*tilted(7, 13)))


def test_pairs_that_disagree_tell_no_slope() -> None:
    """Few pairs of which one is level, or rises, are the noise of a level page."""
    level = (word("abcd", 0, 200), word("abcd", 50, 200))
    assert 1 < len(texts(*tilted(4, 8), *level))
    assert ["abcd abcd abcd abcd", "abcd"] == texts(*tilted(4, 8), word("abcd", 0, 200))


def test_a_short_word_between_is_no_gap() -> None:
    """Neighbours tell the slope across a stroke of one letter."""
    stroke = [word("|", 42 + 60 * place, 9 * place + 4) for place in range(3)]
    words = [word("abcd", 60 * place, 9 * place) for place in range(4)]
    assert ["abcd | abcd | abcd | abcd"] == texts(*words[:1], *stroke, *words[1:])


@pytest.mark.parametrize(
    ("sign", "top", "lines"),
    [
        (Word("-", Box(0, 4, 12, 6), 95), 0, ["- 125,000"]),
        (Word("-", Box(0, 15, 12, 6), 95), 0, ["- 125,000"]),
        (Word("-", Box(0, 22, 12, 6), 95), 0, ["125,000", "-"]),
        (Word("1", Box(0, 4, 12, 6), 95), 0, ["1", "125,000"]),
        (Word("|", Box(0, 19, 3, 6), 95), 0, ["125,000", "|"]),
    ],
)
def test_a_flat_sign_belongs_to_the_letters_beside_it(
    sign: Word, top: int, lines: list[str]
) -> None:
    """A minus is far lower than the digits that it stands before; other low words are not."""
    assert lines == texts(sign, word("125,000", 20, top, height=22))


WELL_READ: list[tuple[str, int, int]] = [
    ("abc", 80, 3),
    ("abc", 79, 0),
    ("ab", 95, 0),
    ("abcdef", 100, 6),
]


@pytest.mark.parametrize(("text", "confidence", "count"), WELL_READ)
def test_well_read_characters(text: str, confidence: int, count: int) -> None:
    """Characters count in words of at least 3 that were read with at least 80."""
    assert count + 4 == well_read([word(text, 0, confidence=confidence), word("more", 0)])


NORMALISED = [
    ("Trx. ID:", "trxid"),
    ("Date & Time", "datetime"),
    ("\u1780\u17d3", "\u1780\u17d3"),
    ("\u1780\u17d4", "\u1780"),
    ("\u1780\u17c8", "\u1780"),
    ("\u17e1\u17e2", "12"),
    ("...", ""),
]


@pytest.mark.parametrize(("text", "letters"), NORMALISED)
def test_normalised_labels(text: str, letters: str) -> None:
    """Letters, digits and Khmer marks are kept in lower case; a colon read as a sign is not."""
    assert letters == normalised(text)


ALLOWED = [
    ("abcde", 0),
    ("abcdef", 1),
    ("abcdefghijk", 1),
    ("abcdefghijkl", 2),
    ("\u1780" * 9, 1),
    ("\u1780" * 10, 2),
    ("\u1780" * 12, 3),
    ("abcdefghi\u1780", 2),
    ("abcdefghi" + KHMER_LAST, 2),
    ("abcdefghi\u17d4", 1),
]


@pytest.mark.parametrize(("label", "count"), ALLOWED)
def test_misread_letters_of_a_label(label: str, count: int) -> None:
    """One letter in 6 may be misread, of a Khmer label of 10 letters or more one in 4."""
    assert count == edits_allowed(label)


EDITS: list[tuple[str, str, int, int | None]] = [
    ("date", "date", 0, 0),
    ("date", "dote", 0, None),
    ("date", "dote", 1, 1),
    ("date", "dat", 1, 1),
    ("dat", "date", 1, 1),
    ("date", "da", 1, None),
    ("ate", "date", 1, 1),
    ("date", "adte", 1, None),
    ("date", "adte", 2, 2),
    ("abcdef", "badcfe", 3, None),
    ("abcd", "wxyz", 4, 4),
    ("abcd", "wxyz", 3, None),
    ("", "abc", 3, 3),
    ("kitten", "sitting", 3, 3),
    ("kitten", "sitting", 2, None),
]


@pytest.mark.parametrize(("left", "right", "limit", "count"), EDITS)
def test_letters_that_differ(left: str, right: str, limit: int, count: int | None) -> None:
    """Changed, added and lost letters count up to the limit; beyond it there is no answer."""
    assert count == edits_within(left, right, limit)


KNOWN: list[tuple[str, tuple[tuple[str, int], ...]]] = [
    ("remark", (("remark", 0), ("remarks", 1))),
    ("remarks", (("remarks", 0), ("remark", 1))),
    ("remork", (("remark", 1),)),
    ("romork", ()),
    ("t", ()),
    ("to", (("to", 0),)),
    ("x" * 49, ()),
]


@pytest.mark.parametrize(("text", "labels"), KNOWN)
def test_labels_that_a_text_may_be(text: str, labels: tuple[tuple[str, int], ...]) -> None:
    """Known labels come with the letters that differ, the nearest first."""
    assert labels == known_labels(text)
