"""Two engines on one picture: woven words, agreement as evidence, disagreement for a person."""

import time
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.evidence import FieldReading, FieldState, PaymentEvidence, ReceiptKind
from kasa.domain.payments.finding import Result
from kasa.domain.payments.receipts.headline import NO_AMOUNTS
from kasa.domain.payments.receipts.second_engine import is_khmer, is_latin, woven
from kasa.domain.payments.receipts.two_engines import both_amounts
from kasa.domain.payments.recognition import Box, Effort, Languages, Reading, Word
from tests.unit.payments.drawn import Line, evidence_of, reading
from tests.unit.payments.test_effort import verdict_on
from tests.unit.payments.test_reading import ABA_CARD, UNKNOWN

ACLEDA: tuple[Line, ...] = (
    "ប្រតិបត្តិការ KHQR ទៅ",
    "KASA SHOP",
    ("25,000 រៀល", 40),
    "លេខយោងប្រតិបត្តិការខាងក្រៅ||be5f15d3",
    "កាលបរិច្ឆេទ||១៤ កញ្ញា ២០២៦ | ១០:២១ ព្រឹក",
    "លេខយោង||62578455271",
)


def second(*lines: Line, **facts: Any) -> Reading:
    """Return a reading of the second engine, whose boxes have room above and below."""
    plain = reading(*lines, effort=Effort.SECOND_ENGINE, languages=Languages.ENGLISH)
    roomy = tuple(
        attrs.evolve(
            word,
            box=Box(
                word.box.left,
                word.box.top - word.box.height // 7,
                word.box.width,
                word.box.height + 2 * (word.box.height // 7),
            ),
        )
        for word in plain.words
    )
    return attrs.evolve(plain, words=roomy, engine="second", **facts)


def changed(lines: Sequence[Line], old: str, new: str) -> tuple[Line, ...]:
    """Return lines with other words in one of them."""
    return tuple(
        line.replace(old, new) if isinstance(line, str) else (line[0].replace(old, new), line[1])
        for line in lines
    )


def texts(seen: Reading) -> list[str]:
    """Return the words of a reading."""
    return [word.text for word in seen.words]


def test_what_both_read_counts_twice() -> None:
    """Equal values of two engines are read by two engines; the amount's rule matches."""
    alone = evidence_of(reading(*ABA_CARD))
    seen = evidence_of(reading(*ABA_CARD), second(*ABA_CARD))
    assert 1 == alone.amount.engines
    for field in (seen.amount, seen.recipient_name, seen.recipient_account, seen.paid_at):
        assert (FieldState.READ, 2) == (field.state, field.engines)
    assert 2 == seen.references["aba.trx"].engines
    points = {row.rule: row.points for row in verdict_on(seen).outcomes}
    assert 5 == points["amount_twice"]
    assert 0 == {row.rule: row.points for row in verdict_on(alone).outcomes}["amount_twice"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("-25,000 KHR", "-26,000 KHR", "amount"),
        ("KASA SHOP", "KOSA SHAP", "recipient_name"),
        ("000 123 456", "000 123 466", "recipient_account"),
        ("10:21", "10:27", "paid_at"),
    ],
)
def test_what_they_read_differently_is_contested(old: str, new: str, field: str) -> None:
    """None of two values is read; both stay candidates, however often the first was read."""
    once, larger = reading(*ABA_CARD), reading(*ABA_CARD, effort=Effort.LARGER)
    seen = evidence_of(once, larger, second(*changed(ABA_CARD, old, new)))
    found: FieldReading[Any] = getattr(seen, field)
    assert FieldState.CONTESTED is found.state
    assert 2 == len(found.candidates)
    assert Result.UNREADABLE in {row.result for row in verdict_on(seen).outcomes}


@pytest.mark.parametrize("other", [10_000, 2_500])
def test_two_engines_amounts_are_never_outvoted(other: int) -> None:
    """However many readings of the first engine agree, another amount of the second contests it."""
    first, second_ = (
        attrs.evolve(
            NO_AMOUNTS, headline=FieldReading(state=FieldState.READ, value=Money(one, KHR))
        )
        for one in (25_000, other)
    )
    together = attrs.evolve(first, headline=attrs.evolve(first.headline, seen=5))
    found = both_amounts(together, first, second_).headline
    assert FieldState.CONTESTED is found.state
    assert {Money(25_000, KHR), Money(other, KHR)} == set(found.candidates)
    agreed = both_amounts(together, first, first).headline
    assert (Money(25_000, KHR), 2) == (agreed.value, agreed.engines)


def test_a_contested_id_is_checked_for_use() -> None:
    """Both ids that two engines read stay candidates, so either used one is found."""
    other = changed(ABA_CARD, "48010202442", "48010202443")
    seen = evidence_of(reading(*ABA_CARD), reading(*ABA_CARD, effort=Effort.LARGER), second(*other))
    assert FieldState.CONTESTED is seen.references["aba.trx"].state
    assert {"48010202442", "48010202443"} == set(seen.references["aba.trx"].candidates)
    assert 2 == seen.references["aba.ft"].engines


def test_what_the_first_contests_stays_contested() -> None:
    """The second engine outvotes nobody."""
    other = reading(*changed(ABA_CARD, "-25,000", "-26,000"), effort=Effort.LARGER)
    seen = evidence_of(reading(*ABA_CARD), other, second(*ABA_CARD))
    assert FieldState.CONTESTED is seen.amount.state


def test_the_day_inside_an_id_chooses_between_two_days() -> None:
    """Of two printed days, the one of the reference is read."""
    acleda = changed(ACLEDA, "១៤ កញ្ញា ២០២៦ | ១០:២១ ព្រឹក", "14 Sep 2026 10:21 AM")
    wrong = changed(acleda, "14 Sep", "16 Sep")
    seen = evidence_of(reading(*acleda), second(*wrong))
    assert seen.paid_at.value is not None
    assert 14 == seen.paid_at.value.day
    assert 1 == seen.paid_at.engines


def test_the_second_engine_reads_hashes() -> None:
    """A hash comes from it where no English reading of the first engine was made."""
    alone = evidence_of(reading(*ACLEDA))
    assert "bakong.hash8" not in alone.references
    latin = second("", "KASA SHOP", ("25,000", 40), "||be5f15d3", "||", "||62578455271")
    seen = evidence_of(reading(*ACLEDA), latin)
    assert "be5f15d3" == seen.references["bakong.hash8"].value
    assert 2 == seen.references["acleda.ref"].engines
    assert Money(25_000, KHR) == seen.amount.value
    assert 2 == seen.amount.engines


def test_it_reads_what_the_first_lost() -> None:
    """Inside a row whose value the first engine lost, its word stands beside the label."""
    lost = changed(ABA_CARD, "48010202442", "4801O2O2-42x")
    seen = evidence_of(reading(*lost), second(*ABA_CARD))
    assert "48010202442" == seen.references["aba.trx"].value
    assert 1 == seen.references["aba.trx"].engines


def test_it_is_never_laid_out_by_itself() -> None:
    """Where the first engine saw no row, the second has no say; alone it says nothing."""
    alone = evidence_of(second(*ABA_CARD))
    assert ReceiptKind.OTHER is alone.receipt.value
    assert not alone.amount.is_read
    empty = attrs.evolve(reading(), words=())
    assert () == woven(second(*UNKNOWN), (empty,)).words
    top = reading(*ABA_CARD[:2])
    assert ["-25,000", "KHR", "KASA", "SHOP"] == texts(woven(second(*ABA_CARD), (top,)))


def test_labels_and_khmer_stay_as_the_first_engine_read_them() -> None:
    """The second engine's noise in their places is left out, its colon before a value too."""
    noise = second("UAU KHOR 191", "KASA SHOP", ("25,000 ij", 40), "imum||:be5f15d3", "nm||90 ms")
    seen = texts(woven(noise, (reading(*ACLEDA),)))
    assert not {"UAU", "KHOR", "191", "imum", "ij"} & set(seen)
    assert {"ប្រតិបត្តិការ", "KHQR", "រៀល", "កញ្ញា", "KASA", "25,000", "be5f15d3"} <= set(seen)


def test_a_single_khmer_sign_among_latin_words_is_no_word() -> None:
    """A letter that the first engine took for a Khmer digit is the second engine's to read."""
    row = ("Amount 25,000 KHR", "To DARA ០.", "Date 14 Sep 2026")
    seen = texts(woven(second(*changed(row, "០.", "C.")), (reading(*row),)))
    assert "C." in seen
    assert "០." not in seen


def test_a_doubtful_khmer_word_gives_way_to_a_sure_one() -> None:
    """Where the first engine was not sure of Khmer letters and the second is sure, it counts."""
    first = reading("Amount 25,000 KHR", "រៀលការ DARA")
    unsure = attrs.evolve(
        first,
        words=tuple(
            attrs.evolve(word, confidence=40 if is_khmer(word.text) else 95) for word in first.words
        ),
    )
    other = second("Amount 25,000 KHR", "VEASNA DARA")
    assert "VEASNA" in texts(woven(other, (unsure,)))
    assert "VEASNA" not in texts(woven(other, (first,)))


def test_a_doubt_of_the_second_contests_nothing() -> None:
    """A second engine that wavers between values, one of them the first's, says nothing."""
    lost = (*ABA_CARD, "Trx. ID:||48O-1020/2443")
    both = (*ABA_CARD, "Trx. ID:||48010202443")
    seen = evidence_of(reading(*lost), second(*both))
    assert "48010202442" == seen.references["aba.trx"].value
    assert 1 == seen.references["aba.trx"].engines


def test_an_account_without_a_label_is_nobodys() -> None:
    """A number that the second engine alone shows, with no label of a payee, is no account."""
    page = (("25,000 KHR", 40), "Payment successful", "Ref 12345678AB", "mmmm nnnn oooo pppp")
    seen = evidence_of(reading(*page), second(*changed(page, "mmmm nnnn oooo pppp", "009 437 951")))
    assert not seen.recipient_account.is_read


@pytest.mark.parametrize(
    ("text", "latin", "khmer"),
    [
        ("KASA", True, False),
        ("-25,000.00", True, False),
        ("&", True, False),
        ("::", False, False),
        ("ñm", False, False),
        ("中", False, False),
        ("រៀល", False, True),
        ("១៤", False, True),
        ("រ5", False, False),
    ],
)
def test_scripts(text: str, *, latin: bool, khmer: bool) -> None:
    """Words are Latin, Khmer or neither."""
    assert (latin, khmer) == (is_latin(text), is_khmer(text))


WORDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["KASA", "SHOP", "-25,000", "-26,000", "KHR", "$", "USD", "48010202443", "Trx.", "ID:"]
        ),
        st.integers(0, 800),
        st.integers(0, 500),
        st.integers(1, 60),
        st.integers(0, 100),
    ),
    max_size=40,
)


def values(seen: PaymentEvidence) -> dict[str, FieldReading[Any]]:
    """Return the fields that decide, by name."""
    named: dict[str, FieldReading[Any]] = {
        "amount": seen.amount,
        "recipient_name": seen.recipient_name,
        "recipient_account": seen.recipient_account,
        "paid_at": seen.paid_at,
    }
    return {**named, **seen.references}


@given(WORDS)
def test_the_second_engine_never_changes_a_value(
    words: list[tuple[str, int, int, int, int]],
) -> None:
    """Whatever it reads, what the first engine read stays as it was or is contested."""
    other = attrs.evolve(
        second(),
        words=tuple(
            Word(text, Box(left, top, 12 * len(text), height), sure)
            for text, left, top, height, sure in words
        ),
    )
    before = values(evidence_of(reading(*ABA_CARD)))
    after = values(evidence_of(reading(*ABA_CARD), other))
    for name, field in before.items():
        if field.is_read and after[name].is_read:
            assert field.value == after[name].value, name


def test_a_page_full_of_words_takes_bounded_time() -> None:
    """Thousands of words of two engines are woven in a moment."""
    many = tuple(
        Word("x1", Box(number % 900, number * 7 % 12_000, 30, 12_000 if number % 2 else 20), 95)
        for number in range(3_000)
    )
    first = attrs.evolve(reading(), words=many)
    started = time.perf_counter()
    woven(attrs.evolve(second(), words=many), (first, first, first))
    assert time.perf_counter() - started < 10
