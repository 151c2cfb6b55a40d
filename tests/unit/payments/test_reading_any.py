"""Any text is read: never an exception, bounded time (section 12)."""

import time

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.payments.receipts.reading import read_text
from kasa.domain.payments.recognition import (
    Box,
    Effort,
    Languages,
    Reading,
    RecognizedText,
    Word,
    within_limits,
)
from tests.unit.payments.drawn import NEAR, evidence_of, words_of

RECEIPT = (
    "Success",
    ("- $5.25", 40),
    "Transfer to KASA SHOP",
    "Date and Time:||14-09-2026 10:21:54 AM",
    "From Account:||108796722",
    "To Account:||000123456",
    "Transaction ID:||00023472625736TG",
)

PIECES = (
    *("-25,000", "KHR", "$5.25", "៛", "45,000", "រ", "៖", "USD", "រៀល", "ដុល្លារ", "(រៀល)", "¥"),
    *("26,0003", "1,00.00", "To", "From", "Account", "ទៅ", "ពីគណនី", "Trx.", "ID", "Transaction"),
    *("Reference", "#", "100FT36954929651", "00023472625736TG", "0002347262", "5736TG"),
    *("001FTRA26305WNE0", "59041157581", "Date", "14-09-2026", "10:21", "AM", "PM", "|", "១៤"),
    *("កញ្ញា", "២០២៦", "ល្ងាច", "Sep", "14,", "2026", "Success", "រួចរាល់", "Pending", "បរាជ័យ"),
    *("Status", "KASA", "SHOP", "V.", "&", "(098", "765", "432)", "ABA", "Bank", "***", "345"),
    *("Total", "Fee", "Balance", "Amount", "5af7518d", "Received", ".", "-", ":", "ៈ"),
)
ODD = ("\x00", "\u200b\u200d", "\ufeff", "\u17d2", "\u17bb" * 5, "\U0001f600", "ß", "\u2028", "٣")
CHANGES = st.sampled_from("0123aeo")
TEXTS = st.one_of(
    st.sampled_from(PIECES),
    st.sampled_from(ODD),
    st.text(max_size=20),
    st.text(alphabet="0123456789.,-$៛*X ", min_size=1, max_size=30),
    st.text(alphabet=[chr(code) for code in range(0x1780, 0x17EA)], max_size=20),
    st.builds(
        str.replace, st.sampled_from(PIECES), st.sampled_from("0123aeo"), st.text(max_size=2)
    ),
)
EDGES = st.one_of(st.integers(0, 900), st.sampled_from([-(10**6), 0, 10**6]))
SIZES = st.one_of(st.integers(8, 60), st.sampled_from([0, 1, 10**6]))
WORDS = st.builds(
    Word, TEXTS, st.builds(Box, EDGES, EDGES, SIZES, SIZES), st.sampled_from([0, 40, 80, 100])
)


def page_of(
    words: list[Word] | tuple[Word, ...],
    languages: Languages = Languages.BOTH,
    effort: Effort = Effort.FIRST,
) -> Reading:
    """Return a reading of some words."""
    return Reading(words=tuple(words), engine="t", languages=languages, effort=effort, page_mode=4)


PAGES = st.builds(
    page_of, st.lists(WORDS, max_size=30), st.sampled_from(Languages), st.sampled_from(Effort)
)


@given(
    pages=st.lists(PAGES, min_size=1, max_size=4), codes=st.lists(st.text(max_size=30), max_size=2)
)
def test_any_text_is_read_without_an_exception(pages: list[Reading], codes: list[str]) -> None:
    """Whatever was recognised, wherever it stands, the answer is evidence; nothing is raised."""
    text = RecognizedText(readings=tuple(pages), width=2000, height=2000)
    seen = read_text(text, NEAR, codes)
    assert seen.amount.is_read is (seen.amount.value is not None)
    assert seen.amount.value is None or seen.currency.value == seen.amount.value.currency


@given(data=st.data())
def test_a_changed_receipt_is_read_without_an_exception(data: st.DataObject) -> None:
    """A receipt with words lost, doubled, moved and misread is read, too."""
    words = list(words_of(RECEIPT))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(words) - 1))
        change = data.draw(st.sampled_from(["lose", "double", "say", "move"]))
        one = words[place]
        if change == "lose" and len(words) > 1:
            del words[place]
        elif change == "double":
            words.insert(place, one)
        elif change == "say":
            words[place] = attrs.evolve(one, text=data.draw(TEXTS))
        else:
            words[place] = attrs.evolve(one, box=Box(data.draw(EDGES), data.draw(EDGES), 30, 20))
    pages = (page_of(words), page_of(words, Languages.KHMER), page_of(words, Languages.ENGLISH))
    seen = read_text(RecognizedText(readings=pages, width=900, height=900), NEAR)
    assert seen.layout


def grid(count: int, text: str = "Transaction") -> tuple[Word, ...]:
    """Return words in rows of ten."""
    return tuple(
        Word(text if n % 3 else "-25,000", Box(n % 10 * 90, n // 10 * 30, 80, 20), 90)
        for n in range(count)
    )


LIMITS: list[tuple[tuple[Word, ...], int, bool]] = [
    (grid(3_000, "To"), 3_000, False),
    (grid(3_001, "To"), 3_000, True),
    ((Word("x" * 20_000, Box(0, 0, 9, 9), 90),), 1, False),
    ((Word("x" * 20_000, Box(0, 0, 9, 9), 90), Word("y", Box(0, 0, 9, 9), 90)), 1, True),
]


@pytest.mark.parametrize(("words", "kept", "cut"), LIMITS)
def test_what_is_beyond_the_limits_is_cut(words: tuple[Word, ...], kept: int, *, cut: bool) -> None:
    """3,000 words and 20,000 characters are read, the rest is left out and told."""
    bounded = within_limits(page_of(words))
    assert (kept, cut) == (len(bounded.words), bounded.cut)


def test_more_lines_than_a_receipt_has() -> None:
    """400 lines are read; a note tells that there were more."""
    lines = [Word("abc", Box(0, 40 * n, 30, 20), 90) for n in range(401)]
    assert not evidence_of(page_of(lines[:400])).notes
    assert ("text_cut",) == evidence_of(page_of(lines)).notes
    assert ("text_cut",) == evidence_of(attrs.evolve(page_of(lines[:2]), cut=True)).notes


@pytest.mark.deep
@pytest.mark.parametrize("text", ["Transaction", "ប្រតិបត្តិការ", "45,000", "Account"])
def test_twice_the_words_take_no_more_than_four_times_as_long(text: str) -> None:
    """The work grows at most with the square of the words, whatever they are."""

    def took(count: int) -> float:
        page = RecognizedText(readings=(page_of(grid(count, text)),), width=900, height=9000)
        times = []
        for _ in range(3):
            started = time.process_time()
            read_text(page, NEAR)
            times.append(time.process_time() - started)
        return min(times)

    took(100)
    assert took(1_400) <= 4 * took(700) + 0.05


def test_nothing_recognised_is_an_answer() -> None:
    """A picture without a reading is no receipt."""
    assert not evidence_of().amount.is_read
