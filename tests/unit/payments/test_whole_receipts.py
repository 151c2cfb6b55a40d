"""Pages as whole evidence: every field of what one or several readings say (section 12)."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import (
    UNREADABLE,
    Direction,
    FieldReading,
    FieldState,
    Outcome,
    PaymentEvidence,
    Precision,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.recognition import Box, Effort, Languages
from tests.unit.payments.drawn import Line, evidence_of, reading

AT = datetime(2026, 9, 14, 3, 21, 54, tzinfo=UTC)
UNKNOWN: tuple[Line, ...] = (
    "Rumduol Pay",
    "Payment successful",
    ("25.000,00 KHR", 44),
    "Paid to||KASA SHOP",
    "Receiver account||000 123 456",
    "Txn ID||TX83A72K9",
    "Date and time||14/09/2026 10:21:54",
    "Service fee||500 KHR",
    "From||DARA VEASNA 000 146 564",
    "Receiver bank||ABA Bank",
    "Remark||INV-2026-000001",
    "Total amount||25.500,00 KHR",
    "Debited amount||6.25 USD",
)
WHOLE = PaymentEvidence(
    source=Source.SCREENSHOT,
    layout="generic",
    receipt=read(ReceiptKind.RECEIPT, labelled=False),
    outcome=read(Outcome.FINAL, labelled=False),
    direction=read(Direction.SENT, labelled=False),
    amount=read(Money(25_000, KHR), box=Box(40, 128, 234, 44)),
    currency=read(KHR, labelled=False),
    amount_rows=(Money(25_500, KHR),),
    debited=read(Money(625, USD)),
    fee=read(Money(500, KHR)),
    paid_at=read(AT),
    precision=Precision.SECOND,
    recipient_name=read("KASA SHOP", box=Box(440, 196, 48, 20)),
    recipient_account=read("000123456"),
    recipient_bank=read("ABA Bank"),
    payer_name=read("DARA VEASNA", box=Box(440, 416, 48, 20)),
    payer_account=read("000146564"),
    references={"generic.ref": read("TX83A72K9")},
    remark=read("INV-2026-000001"),
    labels=10,
    success_word=True,
    text_characters=238,
)


def test_one_reading() -> None:
    """Every row of an unknown bank's receipt becomes its own field, and nothing else does."""
    assert WHOLE == evidence_of(reading(*UNKNOWN))


def test_two_readings_that_agree() -> None:
    """A second reading adds a place to what it sees again, and one step of the ladder."""
    fields = {
        name: attrs.evolve(getattr(WHOLE, name), seen=2)
        for name in (
            "amount",
            "currency",
            "paid_at",
            "recipient_name",
            "recipient_account",
            "recipient_bank",
            "payer_name",
            "payer_account",
            "remark",
        )
    }
    once = {"paid_at": WHOLE.paid_at}
    wanted = attrs.evolve(
        WHOLE,
        **{**fields, **once},
        references={"generic.ref": read("TX83A72K9", seen=2)},
        full_readings=2,
    )
    again = reading(*UNKNOWN, languages=Languages.ENGLISH, effort=Effort.SIGNS)
    assert wanted == evidence_of(reading(*UNKNOWN), again)


def test_no_reading() -> None:
    """A picture without any reading is no receipt, and says nothing else."""
    wanted = PaymentEvidence(
        source=Source.SCREENSHOT,
        layout="generic",
        receipt=read(ReceiptKind.OTHER, labelled=False),
    )
    assert wanted == evidence_of()


def lost(characters: int) -> PaymentEvidence:
    """Return what a page says on which nothing was found."""
    return PaymentEvidence(
        source=Source.SCREENSHOT,
        layout="generic",
        receipt=UNREADABLE,
        outcome=UNREADABLE,
        direction=UNREADABLE,
        amount=UNREADABLE,
        currency=UNREADABLE,
        paid_at=UNREADABLE,
        recipient_name=UNREADABLE,
        recipient_account=UNREADABLE,
        payer_name=UNREADABLE,
        payer_account=UNREADABLE,
        text_characters=characters,
    )


def test_too_little_text() -> None:
    """Below 25 well-read characters a figure is noise; from there on it is an amount."""
    noise = evidence_of(reading(("25,000 KHR", 40), "Rumduol Bankab"))
    assert lost(22) == noise
    seen = evidence_of(reading(("25,000 KHR", 40), "Rumduol Bankabcdi"))
    assert read(Money(25_000, KHR), box=Box(40, 40, 144, 40)) == seen.amount
    assert 25 == seen.text_characters


def test_no_receipt_needs_enough_text() -> None:
    """A page without labels is called something else from 60 well-read characters on."""
    assert lost(59) == evidence_of(reading("hello " * 11 + "abcd"))
    other = attrs.evolve(lost(60), receipt=read(ReceiptKind.OTHER, labelled=False))
    assert other == evidence_of(reading("hello " * 11 + "abcde"))


def changed(old: str, new: str) -> tuple[Line, ...]:
    """Return the receipt with another text in one place."""
    return tuple(
        line.replace(old, new) if isinstance(line, str) else (line[0].replace(old, new), line[1])
        for line in UNKNOWN
    )


def contested(*values: Any) -> FieldReading[Any]:
    """Return a field that was read in several ways."""
    return FieldReading(state=FieldState.CONTESTED, candidates=values)


NEXT_DAY = datetime(2026, 9, 15, 3, 21, 54, tzinfo=UTC)
DISAGREEING: list[tuple[str, str, str, FieldReading[Any]]] = [
    ("recipient_account", "000 123 456", "000 123 457", contested("000123456", "000123457")),
    ("payer_account", "000 146 564", "000 146 565", contested("000146564", "000146565")),
    ("paid_at", "14/09/2026 ", "15/09/2026 ", contested(AT, NEXT_DAY)),
    (
        "paid_at",
        "10:21:54",
        "10:22:54",
        read(datetime(2026, 9, 13, 17, tzinfo=UTC), seen=2),
    ),
    ("paid_at", "14/09/2026 10:21:54", "14/09/2026", read(AT)),
    (
        "amount",
        "25.000,00",
        "26.000,00",
        attrs.evolve(contested(Money(25_000, KHR), Money(26_000, KHR)), box=Box(40, 128, 234, 44)),
    ),
    ("currency", "25.000,00 KHR", "25.000,00 USD", UNREADABLE),
    ("recipient_bank", "ABA Bank", "ACLEDA", read("ABA Bank")),
    ("remark", "INV-2026-000001", "INV-2026-000002", read("INV-2026-000001")),
    ("debited", "6.25 USD", "6.26 USD", read(Money(625, USD))),
    ("fee", "500 KHR", "600 KHR", read(Money(500, KHR))),
]


@pytest.mark.parametrize(("field", "old", "new", "wanted"), DISAGREEING)
def test_two_readings_that_disagree(
    field: str, old: str, new: str, wanted: FieldReading[Any]
) -> None:
    """Amounts, accounts and days contest each other; texts are those of the first reading."""
    seen = evidence_of(reading(*UNKNOWN), reading(*changed(old, new), effort=Effort.LARGER))
    assert wanted == getattr(seen, field)


def test_the_text_most_readings_show() -> None:
    """Of bank names and labelled amounts the one that most readings show is taken."""
    other = changed("ABA Bank", "ACLEDA")
    seen = evidence_of(reading(*UNKNOWN), reading(*other), reading(*other))
    assert read("ACLEDA", seen=2) == seen.recipient_bank
    other = changed("500 KHR", "600 KHR")
    seen = evidence_of(reading(*UNKNOWN), reading(*other), reading(*other))
    assert read(Money(600, KHR)) == seen.fee


REFERENCES = [
    (("TX83A72K9", "TX83A72K8"), contested("TX83A72K9", "TX83A72K8")),
    (
        ("TX83A72K9", "TX83A72K8", "TX83A72K8"),
        read("TX83A72K8", seen=2, candidates=("TX83A72K9",)),
    ),
    (("TXABCDEFG",), UNREADABLE),
]


@pytest.mark.parametrize(("ids", "wanted"), REFERENCES)
def test_ids_that_readings_show(ids: tuple[str, ...], wanted: FieldReading[str]) -> None:
    """The id that most readings show is read and the others stay candidates; equals contest."""
    pages = [reading(*changed("TX83A72K9", one)) for one in ids]
    assert {"generic.ref": wanted} == evidence_of(*pages).references


def dated(day: str) -> tuple[Line, ...]:
    """Return a Wing receipt of a day; its reference holds day 257 of 2026, 14 September."""
    return (
        "Success",
        ("- $5.25", 40),
        "Transfer to KASA SHOP",
        f"Date and Time:||{day} 10:21:54 AM",
        "From Account:||108796722",
        "To Account:||000123456",
        "Transaction ID:||00023472625736TG",
    )


DATED: list[tuple[tuple[str, ...], FieldReading[Any], Precision]] = [
    (("19-09-2026", "14-09-2026"), read(AT, seen=2), Precision.SECOND),
    (("14-09-2026", "15-09-2026"), contested(AT, NEXT_DAY), Precision.MINUTE),
    (("15-09-2026", "15-09-2026"), read(NEXT_DAY, seen=2), Precision.SECOND),
]


@pytest.mark.parametrize(("days", "wanted", "precision"), DATED)
def test_the_day_inside_a_reference_decides(
    days: tuple[str, ...], wanted: FieldReading[Any], precision: Precision
) -> None:
    """Where readings disagree, the only one within a day of the reference's own is taken."""
    seen = evidence_of(*(reading(*dated(day)) for day in days))
    assert (wanted, precision) == (seen.paid_at, seen.precision)
