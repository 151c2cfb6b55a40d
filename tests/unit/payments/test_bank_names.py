"""A printed bank is ours, surely another one, or not known (payments.md, section 4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.payments.account import BANKS, BankCode, bank_words, printed_bank
from kasa.domain.payments.bank_names import compare_bank
from kasa.domain.payments.finding import Result

ABA = BankCode("ABA")
OURS = (
    "ABA Bank",
    "ABA",
    "Advanced Bank of Asia Ltd.",
    ":ABA Bank",
    "—-: aba bank",
    "ABA PAY",
    "ADVANCEDBANKOFASIA",
)
PERHAPS_OURS = (
    *("A8A Bank", "ABA Mobile", "ABA Bank (KHQR)", "Advanced Bank of", "Advanced Bank of A", "AB4"),
    *("Advanced 8ank 0f Asia", "Bank", "BANK", "Bakong", "KHQR", "Bakong KHQR"),
    *("វឌ្ឍនៈ Bank", "ធនាគារ", "12345", "Pi Pay", "anced Bank of Asia"),
)
ANOTHER = (
    *("Bank of Nowhere", "Oriental Bank", "Cathay United Bank", "Amret MFI", "Wing Bank"),
    *("ACLEDA Bank Plc.", "Camma Microfinance Limited", "KB PRASAC BANK", "AcledaBank"),
)


@pytest.mark.parametrize(
    ("printed", "result"),
    [
        *((text, Result.MATCH) for text in OURS),
        *((text, Result.UNREADABLE) for text in PERHAPS_OURS),
        *((text, Result.DIFFERS) for text in ANOTHER),
    ],
)
def test_printed_banks(printed: str, result: Result) -> None:
    """Ours under any of its names; another one when that is sure; else nothing is known."""
    assert result is compare_bank(read(printed), [ABA])


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ({}, Result.UNREADABLE),
        ({"seen": 2}, Result.DIFFERS),
        ({"engines": 2}, Result.DIFFERS),
        ({"seen": 2, "labelled": False}, Result.UNREADABLE),
        ({"seen": 2, "cut": True}, Result.UNREADABLE),
    ],
)
def test_a_name_without_the_word_bank_is_read_twice(facts: dict[str, int], result: Result) -> None:
    """One misread word alone does not make another bank; nor does a cut or unlabelled one."""
    assert result is compare_bank(read("Kreditanstalt", **facts), [ABA])


def test_a_bank_of_any_account_is_ours() -> None:
    """Where several accounts may be meant, each of their banks is ours; without one nothing is."""
    assert Result.MATCH is compare_bank(read("Wing Bank"), [ABA, BankCode("WING")])
    assert Result.UNREADABLE is compare_bank(read("Bank of Nowhere"), [])


@pytest.mark.parametrize("bank", BANKS)
def test_no_bank_is_taken_for_a_stranger(bank: str) -> None:
    """Every name of a bank matches it, and cut at any place it never differs from it."""
    for text in (bank, *BANKS[bank]):
        assert Result.MATCH is compare_bank(read(text), [BankCode(bank)])
        for end in range(1, len(text)):
            if printed_bank(text[:end]) in {None, bank}:
                assert Result.DIFFERS is not compare_bank(read(text[:end]), [BankCode(bank)])


@given(text=st.text(max_size=40), bank=st.sampled_from(sorted(BANKS)))
def test_any_text_can_be_compared(text: str, bank: str) -> None:
    """Whatever is printed has an answer, and letter case does not matter to it."""
    found = compare_bank(read(text), [BankCode(bank)])
    if text.isascii():
        assert found is compare_bank(read(text.swapcase()), [BankCode(bank)])
    if not bank_words(text):
        assert Result.UNREADABLE is found
