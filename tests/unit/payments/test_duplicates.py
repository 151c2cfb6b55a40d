"""A transfer that was shown before is known again, however it is shown (payments.md, 9 and 10)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, codes, unknown_bank
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.payments.evidence import ABSENT, Direction, PaymentEvidence
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


def receipt(value: str, **facts: Any) -> PaymentEvidence:
    """Return a receipt of an unknown bank with one id."""
    return unknown_bank(references={"generic.ref": read(value)}, **facts)


LATER = PAID_AT + timedelta(hours=3)


@pytest.mark.parametrize("state", ["approved", "in_review", "rejected", "reversed"])
@pytest.mark.parametrize("shown", ["A1B2C3D4O0", "a1b2c3d4o0", "A1B2 C3D4 O0", " a1B2c3 d4O0 "])
def test_an_id_in_other_letters_is_the_same(desk: Desk, state: str, shown: str) -> None:
    """Case and spaces do not matter, nor what became of the first payment."""
    first = desk.submit(receipt("A1B2C3D4O0"), desk.issue())
    if state == "in_review":
        desk.kasa.payments.reverse(desk.owner, first.id, reason="by mistake")
        version = desk.payment(first).version
        desk.kasa.payments.reopen(desk.owner, first.id, version=version)
    elif state in {"reversed", "rejected"}:
        desk.kasa.payments.reverse(desk.owner, first.id, reason="by mistake")
        now = desk.payment(first)
        if state == "rejected":
            now = desk.kasa.payments.reopen(desk.owner, first.id, version=now.version)
            desk.kasa.payments.reject(
                desk.owner, first.id, version=now.version, reason="an old receipt"
            )
    assert state == desk.payment(first).state.value
    again = desk.submit(receipt(shown, labels=6), desk.issue())
    assert (PaymentState.DUPLICATE, first.id) == (again.state, again.duplicate_of)


@pytest.mark.parametrize(
    "shown", ["A1B2C3D400", "A1B2C3D4OO", "A1B2C3D4", "A1B2C3D4O1", "AlB2C3D4O0", "A1BZC3D4O0"]
)
def test_an_edited_id_is_suspected(desk: Desk, shown: str) -> None:
    """An O for a 0, a character changed, or the end lost: a person looks at it."""
    desk.submit(receipt("A1B2C3D4O0"), desk.issue())
    invoice = desk.issue()
    again = desk.submit(receipt(shown), invoice)
    assert again.verdict is not None
    assert (PaymentState.IN_REVIEW, "near_duplicate") == (again.state, codes(again.verdict)[0])
    assert InvoiceState.OPEN is desk.invoice(invoice).state


def test_both_legs_are_one_transfer(desk: Desk) -> None:
    """The payer's screen and the payee's card have other ids; the bank's reference is the same."""
    sent = aba_success(
        layout="aba.card",
        references={"aba.trx": read("48010202442"), "aba.ft": read("100FT48010202442")},
    )
    received = attrs.evolve(
        sent,
        layout="aba.received",
        direction=read(Direction.RECEIVED),
        references={"aba.trx": read("77310555001"), "aba.ft": read("100FT48010202442")},
    )
    first = desk.submit(sent, desk.issue())
    other = desk.submit(received, desk.issue())
    assert (PaymentState.DUPLICATE, first.id) == (other.state, other.duplicate_of)
    lost = attrs.evolve(received, references={"aba.trx": read("77310555002")})
    leg = desk.submit(lost, desk.issue())
    assert leg.inputs is not None
    assert "same_transfer" in leg.inputs.used.suspicions


def test_a_photo_of_the_card_is_known(desk: Desk) -> None:
    """The id lost, the same money in the same minute: a person looks at it."""
    desk.submit(aba_success(), desk.issue())
    photo = attrs.evolve(aba_success(), references={}, recipient_name=ABSENT)
    again = desk.submit(photo, desk.issue())
    assert again.inputs is not None
    assert "near_duplicate" in again.inputs.used.suspicions
    assert PaymentState.IN_REVIEW is again.state
    far = desk.submit(attrs.evolve(photo, paid_at=read(LATER)), desk.issue())
    assert far.inputs is not None
    assert () == far.inputs.used.suspicions
