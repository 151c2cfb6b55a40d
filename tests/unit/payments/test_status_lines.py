"""Outcome and direction by the words of a page, as whole fields (section 12)."""

from typing import Any

import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import (
    UNREADABLE,
    Direction,
    FieldReading,
    FieldState,
    Outcome,
)
from kasa.domain.payments.recognition import Box, Effort, Languages
from tests.unit.payments.drawn import Line, evidence_of, reading


def told(value: Any) -> FieldReading[Any]:
    """Return what a word tells, once and without a label."""
    return read(value, labelled=False)


FINAL = told(Outcome.FINAL)
OUTCOMES: list[tuple[str, FieldReading[Any]]] = [
    ("Successful", FINAL),
    ("Succesful", FINAL),
    ("Sucesful", UNREADABLE),
    ("one two three four five Successful", FINAL),
    ("one two three four five six Successful", UNREADABLE),
    ("not Successful", told(Outcome.FAILED)),
    ("nothing Successful", UNREADABLE),
    ("Done", FINAL),
    ("Well Done", UNREADABLE),
    ("Reversed", told(Outcome.REVERSED)),
    ("Reverseq", told(Outcome.REVERSED)),
    ("Reverxeq", UNREADABLE),
    ("Scheduled for", told(Outcome.SCHEDULED)),
    ("In progress", told(Outcome.PENDING)),
    ("hello there", UNREADABLE),
    ("Remark||Failed", UNREADABLE),
    ("Paid to||Failed", UNREADABLE),
]


@pytest.mark.parametrize(("line", "wanted"), OUTCOMES)
def test_words_of_an_outcome(line: str, wanted: FieldReading[Any]) -> None:
    """A status stands alone on its line or ends it, one letter in six misread at most."""
    assert wanted == evidence_of(reading(line)).outcome


SENT, RECEIVED = told(Direction.SENT), told(Direction.RECEIVED)
DIRECTIONS: list[tuple[str, FieldReading[Any]]] = [
    ("You paid", SENT),
    ("Received from DARA", RECEIVED),
    ("You have received money", RECEIVED),
    ("now You have received", UNREADABLE),
    ("Paid to||KASA SHOP", SENT),
    ("Receiver account||000 123 456", SENT),
    ("hello there", UNREADABLE),
    ("Remark||Received", UNREADABLE),
]


@pytest.mark.parametrize(("line", "wanted"), DIRECTIONS)
def test_words_of_a_direction(line: str, wanted: FieldReading[Any]) -> None:
    """A line begins with whose screen it is, or a payee's label tells it."""
    assert wanted == evidence_of(reading(line)).direction


def test_the_minus_of_a_headline_is_a_sent_payment() -> None:
    """A minus before the headline of an unknown bank tells that the payer looks at it."""
    minus = evidence_of(reading(("-25,000 KHR", 40), "hello there my friends of Rumduol"))
    assert (SENT, Money(25_000, KHR)) == (minus.direction, minus.amount.value)


PLACE = Box(40, 40, 180, 40)
MORE = "hello there my friends of Rumduol"


def contested(*values: Money) -> FieldReading[Money]:
    """Return a headline of several values."""
    return FieldReading(state=FieldState.CONTESTED, candidates=values, box=PLACE)


RIEL = Money(925_000, KHR)
HEADLINES: list[tuple[tuple[Line, ...], FieldReading[Any]]] = [
    ((("925,000 KHR", 40),), read(RIEL, box=Box(40, 40, 168, 40))),
    ((("925,000 KHR", 40), ("7 USD", 34)), read(RIEL, box=Box(40, 40, 168, 40))),
    (
        (("925,000 KHR", 40), ("7 USD", 35)),
        FieldReading(
            state=FieldState.CONTESTED,
            candidates=(RIEL, Money(700, USD)),
            box=Box(40, 40, 168, 40),
        ),
    ),
    ((("925,000 KHR", 40), ("1,000", 35)), UNREADABLE),
    ((("925,000 KHR", 40), ("1,000", 34)), read(RIEL, box=Box(40, 40, 168, 40))),
    ((("925,000 KHR", 40), ("925,000", 40)), read(RIEL, box=Box(40, 40, 168, 40))),
    ((("925,000 KHR", 40), ("1000", 40)), read(RIEL, box=Box(40, 40, 168, 40))),
    ((("925,000", 40),), UNREADABLE),
    (("Total||925,000 KHR",), read(RIEL, box=Box(440, 40, 84, 20))),
    (("Total||925,000 KHR", "Fee||0 KHR"), read(RIEL, box=Box(440, 40, 84, 20))),
    (("Total||925,000 KHR", "Fee||1 KHR"), UNREADABLE),
    (("Balance||925,000 KHR",), UNREADABLE),
    (("Fee||925,000 KHR",), UNREADABLE),
    (("Amount||925,000 KHR",), read(RIEL, box=Box(440, 40, 84, 20))),
]


@pytest.mark.parametrize(("lines", "wanted"), HEADLINES)
def test_headlines(lines: tuple[Line, ...], wanted: FieldReading[Any]) -> None:
    """The largest amount is the headline; another within 15 percent of its height contests it."""
    assert wanted == evidence_of(reading(*lines, MORE)).amount


def test_khmer_data_that_reads_other_digits() -> None:
    """The Khmer reading of a riel sign counts only if the other readings show its digits."""
    both = reading(("#25,900", 40), MORE)
    same = reading(("\u179a25,900", 40), MORE, languages=Languages.KHMER, effort=Effort.SIGNS)
    wanted = read(Money(25_900, KHR), box=Box(40, 40, 168, 40))
    assert wanted == evidence_of(both, same).amount
    other = reading(("\u179a25,800", 40), MORE, languages=Languages.KHMER, effort=Effort.SIGNS)
    assert UNREADABLE == evidence_of(both, other).amount


PRASAC = (
    "ចំនួនទឹកប្រាក់ប្រតិបត្តិការ",
    ("25,000 រៀល", 40),
    "14 Sep 2026, 10:21 AM",
    "លេខយោងប្រតិបត្តិការ||MB26566403108205",
    "បាគងហាស||5129e8af",
)


@pytest.mark.parametrize(
    ("above", "final"),
    [
        ((), True),
        (("ជោគជ័យ",), True),
        (("10:21",), False),
        (("",) * 2, False),
        (("បរ", ""), False),
    ],
)
def test_a_screen_with_a_status_is_final_by_it_alone(
    above: tuple[str, ...], *, final: bool
) -> None:
    """Without its success word it is final only where the picture begins right above it."""
    seen = evidence_of(reading(*above, *PRASAC))
    assert ("prasac.receipt", final) == (seen.layout, seen.outcome.value is Outcome.FINAL)


STATUSES: list[tuple[str, Outcome | None]] = [
    ("Status Completed", Outcome.FINAL),
    ("Status: Paid", Outcome.FINAL),
    ("Status||Done", Outcome.FINAL),
    ("Status Pending", Outcome.PENDING),
    ("Status: Payment pending", Outcome.PENDING),
    ("Status: In progress", Outcome.PENDING),
    ("Status Failed", Outcome.FAILED),
    ("Status||Insufficient balance", Outcome.FAILED),
    ("Status Reversed", Outcome.REVERSED),
    ("Status: Scheduled", Outcome.SCHEDULED),
    ("Status||Unknown", None),
    ("Transfer processing", Outcome.PENDING),
    ("Transaction declined", Outcome.FAILED),
    ("Payment not successful", Outcome.FAILED),
    ("Transfer refunded", Outcome.REVERSED),
    ("Payment scheduled", Outcome.SCHEDULED),
    ("ប្រតិបត្តិការកំពុងដំណើរការ", Outcome.PENDING),
    ("រង់ចាំការអនុម័ត", Outcome.PENDING),
    ("មិនទាន់បញ្ចប់", Outcome.PENDING),
    ("ត្រូវបានបោះបង់", Outcome.FAILED),
    ("ត្រូវបានបដិសេធ", Outcome.FAILED),
    ("ត្រូវបានបង្វិលសង", Outcome.REVERSED),
    ("បានកំណត់ពេលវេលា", Outcome.SCHEDULED),
    ("Paid to||RICE PROCESSING", None),
    ("Remark||Transfer pending", None),
]


@pytest.mark.parametrize(("line", "outcome"), STATUSES)
def test_a_status_as_a_field(line: str, outcome: Outcome | None) -> None:
    """The value of a status row tells it, also right behind its label; names and remarks do not."""
    page = ("Amount||25,000 KHR", line, "Transaction ID||TX83A72K9", "Date||14 Sep 2026 10:21 AM")
    assert outcome == evidence_of(reading(*page)).outcome.value


@pytest.mark.parametrize("line", [line for line, outcome in STATUSES if outcome and "||" in line])
def test_a_status_takes_a_success_word_back(line: str) -> None:
    """What says that a transfer is not finished counts before a success word beside it."""
    page = ("Completed", "Amount||25,000 KHR", line, "Transaction ID||TX83A72K9")
    wanted = dict(STATUSES)[line]
    assert wanted == evidence_of(reading(*page)).outcome.value


@pytest.mark.parametrize(
    "line",
    [
        "Payment request successful",
        "Submitted successfully",
        "Partially completed",
        "Reversal successful",
        "Refund completed",
        "Payment cancelled successfully",
        "Transfer scheduled successfully",
        "Approval successful",
        "Login successful",
        "Top up successful",
        "Will be completed tomorrow",
        "សំណើទូទាត់ជោគជ័យ",
    ],
)
def test_another_success_finishes_no_transfer(line: str) -> None:
    """That a request, a refund or a login succeeded does not say that money arrived."""
    page = (line, ("25,000 KHR", 44), "Transaction ID||TX83A72K9", "Date||14 Sep 2026 10:21 AM")
    assert Outcome.FINAL is not evidence_of(reading(*page)).outcome.value
