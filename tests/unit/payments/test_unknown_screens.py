"""Screens of unknown banks: what is torn, what a button says, whose numbering an id bears."""

from datetime import UTC, datetime

import pytest

from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import FieldState, Outcome
from kasa.domain.payments.finding import Result
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.recipients import judge_recipient
from kasa.domain.payments.recognition import Box, Effort, Languages, Reading, Word
from tests.unit.payments.drawn import evidence_of, reading

OURS = (AcceptedAccount(bank=BankCode("ABA"), number="000123456", names=("KASA SHOP",)),)
ROWS = ("Amount||25,000 KHR", "To||KASA SHOP", "Reference||TR20260914A7")


@pytest.mark.parametrize("torn", ["03", "0301630:", "0001234"])
def test_a_torn_account_leaves_the_name_alone(torn: str) -> None:
    """An account that is printed but not read may be another's: the name does not decide."""
    evidence = evidence_of(reading("Completed", *ROWS, f"To account||{torn}"))
    assert evidence.recipient_account.state is not FieldState.ABSENT
    finding = judge_recipient(evidence, OURS)
    assert Result.MATCH is not finding.result
    assert finding.code in {Reason.ACCOUNT_UNCLEAR, Reason.RECIPIENT_CONFLICT}


def test_a_row_of_the_account_without_digits_tears_nothing() -> None:
    """Words behind the account's label are no account: the name decides."""
    evidence = evidence_of(reading("Completed", *ROWS, "To account||Savings"))
    assert Result.MATCH is judge_recipient(evidence, OURS).result


@pytest.mark.parametrize("button", ["Done", "Complete", "រួចរាល់"])
def test_a_button_proves_nothing(button: str) -> None:
    """A success word on a button below the rows does not finish a transfer; above them it does."""
    below = evidence_of(reading("Union Bank", ("25,000 KHR", 44), *ROWS[1:], button))
    above = evidence_of(reading(button, ("25,000 KHR", 44), *ROWS[1:]))
    assert below.outcome.state is FieldState.UNREADABLE
    assert Outcome.FINAL is above.known(above.outcome)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("ការទូទាត់ជោគជ័យ", Outcome.FINAL),
        ("ផ្ទេរប្រាក់ជោគជ័យ", Outcome.FINAL),
        ("ការផ្ទេរប្រាក់បានជោគជ័យ", Outcome.FINAL),
        ("ការទូទាត់មិនជោគជ័យ", Outcome.FAILED),
        ("ការទូទាត់មនជោគជ័យ", Outcome.FAILED),
        ("ផ្ទេរប្រាក់មនជោគជ័យ", Outcome.FAILED),
        ("ការផ្ទេរប្រាក់បរាជ័យ", Outcome.FAILED),
    ],
)
def test_what_was_done_and_how_it_ended(words: str, outcome: Outcome) -> None:
    """Compound words end in the status; with one mark lost a denial stays a denial."""
    evidence = evidence_of(reading(words, ("25,000 KHR", 44), *ROWS[1:]))
    assert outcome is evidence.known(evidence.outcome)


@pytest.mark.parametrize("printed", ["-KHR 25,000.00", "KHR 25,000", "−KHR 25,000"])
def test_a_code_before_the_number_may_bear_the_minus(printed: str) -> None:
    """A minus that touches the code belongs to the amount."""
    evidence = evidence_of(reading("Successful", (printed, 44), *ROWS[1:]))
    assert Money(25_000, KHR) == evidence.known(evidence.amount)


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        ("FT26257AB12C", "canadia.ft"),
        ("CP2625712345", "cp.trx"),
        ("099QORT262571234", "sathapana.trx"),
        ("FT09257AB12C", "generic.ref"),
        ("FT26400AB12C", "generic.ref"),
        ("TR2625712345", "generic.ref"),
    ],
)
def test_an_id_may_bear_a_known_numbering(value: str, scheme: str) -> None:
    """An id with a bank's mark and a day of the last year is read as that bank's, with its day."""
    evidence = evidence_of(reading("Completed", *ROWS[:2], f"Reference||{value}"))
    assert value == evidence.known(evidence.references[scheme])


def test_a_value_may_go_on_at_its_right_edge() -> None:
    """A long value at the right edge ends there on its next line, too; so does AM or PM."""
    rows = (
        *placed("Sent successfully", 40, 40),
        *placed("25,000 KHR", 40, 90),
        *placed("Merchant", 40, 150),
        *placed("RIVERSIDE BIKE REPAIR", 500, 150),
        *placed("BY N.RAKSMEY", 608, 180),
        *placed("Reference", 40, 240),
        *placed("TR20260914A7", 608, 240),
        *placed("Date", 40, 300),
        *placed("September 14, 2026 5:41", 476, 300),
        *placed("PM", 728, 330),
        *placed("Paid by", 40, 390),
        *placed("DARA SAMPLE", 620, 390),
        *placed("(***994)", 656, 420),
    )
    page = Reading(
        words=rows, engine="test", languages=Languages.BOTH, effort=Effort.FIRST, page_mode=11
    )
    evidence = evidence_of(page)
    assert "RIVERSIDE BIKE REPAIR BY N.RAKSMEY" == evidence.known(evidence.recipient_name)
    assert datetime(2026, 9, 14, 10, 41, tzinfo=UTC) == evidence.known(evidence.paid_at)
    assert evidence.known(evidence.recipient_account) is None


def test_letters_below_are_read_for_the_vowels_there() -> None:
    """The payee's and payer's Khmer words are known with the letter below misread."""
    sides = ("អ្នកទទ្ជល||KASA SHOP", "ទ្វទាត់ពី||DARA SAMPLE")
    evidence = evidence_of(reading("ជោគជ័យ", ("25,000 KHR", 44), *sides, ROWS[2]))
    assert "KASA SHOP" == evidence.known(evidence.recipient_name)
    assert "DARA SAMPLE" == evidence.known(evidence.payer_name)


def placed(text: str, left: int, top: int) -> tuple[Word, ...]:
    """Return the words of a text from a place on."""
    words = []
    for word in text.split():
        words.append(Word(word, Box(left, top, 12 * len(word), 20), 95))
        left += 12 * (len(word) + 1)
    return tuple(words)
