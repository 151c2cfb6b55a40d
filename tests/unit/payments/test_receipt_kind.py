"""What a picture is, by every sign that speaks for a receipt (sections 5 and 9)."""

from typing import Any

import pytest

from kasa.adapters.conformance.strategies_payments import read
from kasa.domain.payments.banks import generic
from kasa.domain.payments.banks.shapes import BankLayout, Part
from kasa.domain.payments.banks.tables import LAYOUTS
from kasa.domain.payments.evidence import UNREADABLE, FieldReading, ReceiptKind
from kasa.domain.payments.receipts.layouts import Chosen, page_of
from kasa.domain.payments.receipts.receipt_kind import Signs, receipt_kind
from kasa.domain.payments.receipts.regions import laid_out
from kasa.domain.payments.recognition import Effort
from tests.unit.payments.drawn import reading

BANK = LAYOUTS[0]
LADDER = (Effort.FIRST, Effort.TURNED, Effort.SIGNS)
KHQR = ("00020101021129180014kasa_shop@aclb",)
ENOUGH, LITTLE = "hello " * 12, "hello"


def kind(value: ReceiptKind) -> FieldReading[ReceiptKind]:
    """Return a kind that was read off the picture."""
    return read(value, labelled=False)


RECEIPT, OTHER = kind(ReceiptKind.RECEIPT), kind(ReceiptKind.OTHER)
CODE, INVOICE = kind(ReceiptKind.CODE), kind(ReceiptKind.INVOICE)


def judged(facts: dict[str, Any], layout: BankLayout, codes: tuple[str, ...] = ()) -> Any:
    """Return what a picture is, with nothing on it but what is said."""
    given = {"labels": 0, "success": False, "reference": False, "amount": False, **facts}
    parts = frozenset(facts.get("parts", ()))
    pages = [
        page_of(reading(facts.get("text", LITTLE), effort=effort))
        for effort in LADDER[: facts.get("steps", 1)]
    ]
    signs = Signs(
        pages=laid_out(pages, layout),
        chosen=Chosen(layout, given["labels"], parts),
        success=given["success"],
        has_reference=given["reference"],
        has_amount=given["amount"],
    )
    return receipt_kind(signs, codes)


WHOLE = {"labels": 2, "success": True, "reference": True, "amount": True}
UNKNOWN: list[tuple[dict[str, Any], FieldReading[ReceiptKind]]] = [
    (WHOLE, RECEIPT),
    ({**WHOLE, "labels": 0}, RECEIPT),
    ({**WHOLE, "success": False}, RECEIPT),
    ({**WHOLE, "success": False, "labels": 1}, UNREADABLE),
    ({**WHOLE, "success": False, "labels": 1, "text": ENOUGH}, OTHER),
    ({**WHOLE, "success": False, "labels": 1, "steps": 3}, OTHER),
    ({**WHOLE, "success": False, "labels": 1, "steps": 2}, UNREADABLE),
    ({**WHOLE, "reference": False}, UNREADABLE),
    ({**WHOLE, "amount": False}, UNREADABLE),
    ({**WHOLE, "amount": False, "steps": 3}, UNREADABLE),
    ({"labels": 2, "amount": True}, UNREADABLE),
    ({"labels": 2, "amount": True, "steps": 3}, OTHER),
    ({"labels": 2, "success": True, "steps": 3}, UNREADABLE),
    ({"labels": 2, "reference": True, "steps": 3}, UNREADABLE),
    ({**WHOLE, "text": "Invoice No 7"}, RECEIPT),
    ({**WHOLE, "text": "Invoice No 7", "success": False}, INVOICE),
    ({**WHOLE, "text": "Invoice No 7", "reference": False}, INVOICE),
    ({**WHOLE, "text": "one||Invoice No 7", "reference": False}, INVOICE),
    ({**WHOLE, "text": "my Invoice", "success": False}, RECEIPT),
]


@pytest.mark.parametrize(("facts", "wanted"), UNKNOWN)
def test_an_unknown_bank(facts: dict[str, Any], wanted: FieldReading[ReceiptKind]) -> None:
    """An id and an amount make a receipt, and only what surely is none is something else."""
    assert wanted == judged(facts, generic.LAYOUT)


BANKS: list[tuple[dict[str, Any], FieldReading[ReceiptKind]]] = [
    ({"labels": 2}, RECEIPT),
    ({"labels": 1}, UNREADABLE),
    ({"labels": 2, "steps": 3}, OTHER),
    ({"labels": 2, "steps": 3, "reference": True}, RECEIPT),
    ({"labels": 2, "steps": 3, "success": True}, RECEIPT),
    ({"labels": 2, "steps": 3, "parts": (Part.DATE, Part.TO)}, RECEIPT),
    ({"labels": 2, "steps": 3, "parts": (Part.TO,)}, OTHER),
    ({"labels": 1, "steps": 3, "success": True}, UNREADABLE),
    ({"labels": 2, "text": "Invoice No 7"}, RECEIPT),
]


@pytest.mark.parametrize(("facts", "wanted"), BANKS)
def test_a_known_bank(facts: dict[str, Any], wanted: FieldReading[ReceiptKind]) -> None:
    """Two labels of a known bank make a receipt, unless a whole ladder found no sign of an end."""
    assert wanted == judged(facts, BANK)


def test_pictures_of_codes() -> None:
    """A KHQR makes a picture a code unless an id of a transfer or a known bank stands there."""
    assert CODE == judged({**WHOLE, "reference": False}, generic.LAYOUT, KHQR)
    assert RECEIPT == judged(WHOLE, generic.LAYOUT, KHQR)
    assert RECEIPT == judged({"labels": 2}, BANK, KHQR)
    assert UNREADABLE == judged({**WHOLE, "reference": False}, generic.LAYOUT, ("https://x",))
