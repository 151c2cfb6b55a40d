"""Any text is read: never an exception, bounded time (section 12)."""

import time

from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.payments.reading import read_text
from kasa.domain.payments.recognition import (
    Box,
    Effort,
    Languages,
    Reading,
    RecognizedText,
    Word,
)
from tests.unit.payments.drawn import NEAR, evidence_of

WORDS = st.builds(
    Word,
    st.one_of(st.text(max_size=20), st.sampled_from(["-25,000", "KHR", "To", "ទៅ", "Trx.", "ID"])),
    st.builds(Box, *(st.integers(0, 2000) for _ in range(2)), *(st.integers(1, 90),) * 2),
    st.integers(0, 100),
)


@given(
    words=st.lists(WORDS, max_size=30),
    languages=st.sampled_from(Languages),
    efforts=st.lists(st.sampled_from(Effort), min_size=1, max_size=3),
)
def test_any_text_is_read_without_an_exception(
    words: list[Word], languages: Languages, efforts: list[Effort]
) -> None:
    """Whatever was recognised, the answer is evidence; nothing is raised."""
    readings = tuple(
        Reading(words=tuple(words), engine="t", languages=languages, effort=effort, page_mode=4)
        for effort in efforts
    )
    seen = read_text(RecognizedText(readings=readings, width=2000, height=2000), NEAR)
    assert seen.amount.is_read is (seen.amount.value is not None)


def test_a_page_full_of_words_takes_bounded_time() -> None:
    """3,000 words, the most that a reading hands over, are read in seconds."""
    words = tuple(
        Word("Transaction" if n % 3 else "-25,000", Box(n % 60 * 30, n // 60 * 30, 28, 20), 90)
        for n in range(3_000)
    )
    page = Reading(
        words=words, engine="t", languages=Languages.BOTH, effort=Effort.FIRST, page_mode=11
    )
    started = time.perf_counter()
    read_text(RecognizedText(readings=(page,), width=1800, height=1500), NEAR)
    assert time.perf_counter() - started < 20


def test_nothing_recognised_is_an_answer() -> None:
    """A picture without a reading is no receipt."""
    assert not evidence_of().amount.is_read
