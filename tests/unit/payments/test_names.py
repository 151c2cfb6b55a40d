"""Names as receipts print them (payments.md, section 4)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_payments import NAMES
from kasa.domain.payments.names import NameLikeness, edits, letters, likeness, look_alike_edits

FULL_NAME = "TESTA SOPHEAKRA AND MOCKA RITHYNA"

LIKENESS = [
    ("TESTA S. & MOCKA R.", "testa s and mocka r", NameLikeness.EQUAL),
    ("TESTAS. & MOCKAR.", NAMES[0], NameLikeness.EQUAL),
    ("TESTA S. + MOCKA R.", NAMES[0], NameLikeness.EQUAL),
    ("TESTA S. និង MOCKA R.", NAMES[0], NameLikeness.EQUAL),
    ("SOKRA, DARANA", "Darana Sokra", NameLikeness.EQUAL),
    ("MR SOKRA DARANA", "Sokra Darana", NameLikeness.EQUAL),
    ("Dr. SOKRA DARANA", "MRS SOKRA DARANA", NameLikeness.EQUAL),
    ("លោក សុខ ដារ៉ា", "សុខ ដារ៉ា", NameLikeness.EQUAL),
    ("លោកស្រីសុខ ដារ៉ា", "អ្នកស្រី សុខ ដារ៉ា", NameLikeness.EQUAL),
    ("កញ្ញា សុខ ដារ៉ា", "សុខ\u200b ដារ៉ា", NameLikeness.EQUAL),
    ("ＴＥＳＴＡ　ＳＯＫＨＡ", "TESTA SOKHA", NameLikeness.EQUAL),
    ("TE5TA SOKHA", "TESTA SOKHA", NameLikeness.EQUAL),
    ("TE5TA 5OKHA", "TESTA SOKHA", NameLikeness.CLOSE),
    ("DERN0R SOKHANA KA", "DEMOR SOKHANA KA", NameLikeness.CLOSE),
    ("DERNOR SOKHANA KA", "DEMOR SOKHANA KA", NameLikeness.EQUAL),
    ("TEXTA SOKHA", "TESTA SOKHA", NameLikeness.CLOSE),
    ("TESTA", "TESTA", NameLikeness.SHORT),
    ("TE5TA", "TESTA", NameLikeness.CLOSE),
    ("TESTA SO", "TESTA SOKHA", NameLikeness.CLOSE),
    ("SOKHA", "TESTA SOKHA", NameLikeness.CLOSE),
    ("o TESTA SOKHA Transfer to TESTA", "TESTA SOKHA", NameLikeness.CLOSE),
    ("TESTA S. & MOCKA R.", FULL_NAME, NameLikeness.INITIALS),
    ("TESTA S AND MOCKA RITHYNA", FULL_NAME, NameLikeness.INITIALS),
    ("TESTAS. & MOCKAR.", FULL_NAME, NameLikeness.INITIALS),
    ("TESTA X. & MOCKA R.", FULL_NAME, NameLikeness.FAR),
    ("IPSUM SOKHANA", "TESTA SOKHA", NameLikeness.FAR),
    ("IPSUM", "TESTA", NameLikeness.FAR),
    ("MR", "TESTA", NameLikeness.FAR),
    ("...", "TESTA SOKHA", NameLikeness.CLOSE),
]


@pytest.mark.parametrize(("printed", "registered", "likely"), LIKENESS)
def test_names(printed: str, registered: str, likely: NameLikeness) -> None:
    """A printed name is equal, short, initials, close or far."""
    assert likely is likeness(printed, registered)


CUT = [
    ("DEMOR COFFEE BY", "DEMOR COFFEE BY V.DEMOR", NameLikeness.CUT),
    ("DEMOR CO", "DEMOR COFFEE BY V.DEMOR", NameLikeness.CLOSE),
    ("DEMORCOF", "DEMOR COFFEE BY V.DEMOR", NameLikeness.CUT),
    ("DEMOR COFFEE", "DEMOR COFFEE", NameLikeness.CUT),
    ("FFEE BY V.DEMOR", "DEMOR COFFEE BY V.DEMOR", NameLikeness.CLOSE),
    ("SOMEBODY ELSE", "DEMOR COFFEE BY V.DEMOR", NameLikeness.FAR),
]


@pytest.mark.parametrize(("printed", "registered", "likely"), CUT)
def test_cut_names(printed: str, registered: str, likely: NameLikeness) -> None:
    """A name whose end is not printed never equals; eight letters that fit are cut."""
    assert likely is likeness(printed, registered, cut=True)


WORDS = st.lists(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0158", min_size=1, max_size=9), min_size=1, max_size=5
)


@given(left=WORDS, right=WORDS, order=st.randoms(use_true_random=False))
def test_equality_of_names_is_symmetric(left: list[str], right: list[str], order: Any) -> None:
    """Which name is registered is irrelevant, and so are the order of words and spacing."""
    one, other = " ".join(left), " ".join(right)
    equal = (NameLikeness.EQUAL, NameLikeness.SHORT)
    assert (likeness(one, other) in equal) == (likeness(other, one) in equal)
    shuffled = list(left)
    order.shuffle(shuffled)
    enough = len(letters(one)) >= 4
    assert enough == (likeness(", ".join(shuffled), one) in equal)
    assert enough == (likeness(f"  {one.lower()} ", one) in equal)


@given(left=WORDS, right=WORDS)
def test_names_that_share_little_never_match(left: list[str], right: list[str]) -> None:
    """Names that share less than half of their letters are not equal."""
    one, other = letters(" ".join(left)), letters(" ".join(right))
    shared = sum(min(one.count(sign), other.count(sign)) for sign in set(one))
    if shared * 2 < max(len(one), len(other)):
        assert likeness(" ".join(left), " ".join(right)) < NameLikeness.SHORT


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [("", "", 0), ("A", "", 1), ("KITTEN", "SITTING", 3), ("AB", "BA", 2), ("ABC", "ABC", 0)],
)
def test_edits(left: str, right: str, count: int) -> None:
    """Changes, additions and omissions are counted, in both directions."""
    assert (count, count) == (edits(left, right), edits(right, left))


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        ("O0", "0O", 2),
        ("1IL", "LI1", 2),
        ("5S", "S5", 2),
        ("8B", "BB", 1),
        ("RN", "M", 1),
        ("M", "RN", 1),
        ("RNRN", "MM", 2),
        ("MRN", "RNM", 2),
        ("A", "B", None),
        ("RM", "RRN", 1),
        ("AA", "A", None),
    ],
)
def test_look_alikes(left: str, right: str, count: int | None) -> None:
    """Only look-alikes may be confused, and each confusion is counted."""
    assert count == look_alike_edits(left, right)
