"""Several receipts of one submission pay an invoice together, all of them or none (section 9)."""

from collections.abc import Sequence
from itertools import permutations

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, acleda, codes, unknown_bank
from kasa.adapters.conformance.strategies_payments import read
from kasa.application.payments.deciding import Approval
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.evidence import ABSENT, PaymentEvidence, ReceiptKind
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.matching import match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


def send(desk: Desk, shown: Sequence[PaymentEvidence], invoice: Invoice | None) -> list[Payment]:
    """Send several pictures together, without doing their jobs."""
    pictures = []
    for evidence in shown:
        pictures.append(f"part {len(desk.reader.shown)}".encode())
        desk.reader.show(pictures[-1], evidence)
    new = NewEvidence(pictures=tuple(pictures), invoice=invoice.id if invoice else None)
    return list(desk.kasa.payments.submit(desk.owner, new).payments)


def submit(desk: Desk, shown: Sequence[PaymentEvidence], invoice: Invoice | None) -> list[Payment]:
    """Send several pictures together and have every job done."""
    sent = send(desk, shown, invoice)
    desk.drain()
    return [desk.payment(payment) for payment in sent]


def give_up(desk: Desk, payment: Payment) -> None:
    """Give reading a payment up, as its job does after an hour."""
    with desk.ports.unit_of_work.read_only(desk.owner) as view:
        submitted, *_ = view.events.about(payment.id)
    failed = JobFailed(
        subject=payment.id, event=submitted.id, reaction="payments.verify", code="recognizer.busy"
    )
    with desk.ports.unit_of_work(desk.owner) as work:
        work.events.record(failed, at=desk.clock.now())
    desk.drain()


def states(payments: Sequence[Payment]) -> list[str]:
    """Return where payments stand."""
    return [payment.state.value for payment in payments]


PARTS = (transfer(1, 10_000), transfer(700, 9_000), transfer(9000, 6_000))


@pytest.mark.A1
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_receipts_that_are_due_together_settle_their_invoice(
    desk: Desk, order: tuple[int, ...]
) -> None:
    """In whatever order they are read: each is approved with its amount, the invoice paid once."""
    invoice = desk.issue()
    payments = submit(desk, [PARTS[place] for place in order], invoice)
    assert ["approved"] * 3 == states(payments)
    now = desk.invoice(invoice)
    assert (InvoiceState.PAID, 0, ()) == (now.state, now.due_minor, now.reviews)
    assert 9 == desk.on_hand()
    for payment in payments:
        assert payment.verdict is not None
        assert payment.inputs is not None
        assert "amount_parts_sum" in codes(payment.verdict)
        assert 2 == len(payment.inputs.parts)
        assert payment.verdict == match(payment.inputs)
        assert ["evidence_submitted", "payment_approved"] == desk.kinds(payment)


@pytest.mark.parametrize(
    "shown",
    [
        (PARTS[0], PARTS[1], transfer(9000, 5_999)),
        (PARTS[0], PARTS[1], transfer(9000, 6_001)),
        (PARTS[0], PARTS[1], attrs.evolve(PARTS[2], recipient_name=read("IPSUM SOKHANA"))),
        (PARTS[0], PARTS[1], attrs.evolve(PARTS[2], references={})),
        (PARTS[0], PARTS[1], attrs.evolve(PARTS[2], paid_at=ABSENT)),
        (PARTS[0], PARTS[1], attrs.evolve(PARTS[2], amount=ABSENT)),
        (PARTS[0], attrs.evolve(PARTS[1], amount=read(Money(900, USD)), currency=read(USD))),
    ],
)
def test_none_is_approved_where_one_fails(desk: Desk, shown: tuple[PaymentEvidence, ...]) -> None:
    """One minor unit off, another receiver, no reference, no time or amount, another currency."""
    invoice = desk.issue()
    payments = submit(desk, shown, invoice)
    assert {"in_review"} == set(states(payments))
    now = desk.invoice(invoice)
    assert (InvoiceState.OPEN, 25_000) == (now.state, now.due_minor)
    assert {payment.id for payment in payments} == set(now.reviews)
    assert all(payment.verdict == match(payment.inputs) for payment in payments if payment.inputs)


def test_receipts_sent_one_by_one_are_not_added_up(desk: Desk) -> None:
    """Only what came in together is: nothing tells that the others belong to it."""
    invoice = desk.issue()
    found = [desk.submit(part, invoice) for part in PARTS]
    assert ["in_review"] * 3 == states(found)


def test_a_reference_counts_once_in_a_submission(desk: Desk) -> None:
    """Two pictures of one transfer are one part: the second is its duplicate."""
    half = transfer(1, 12_500)
    payments = submit(desk, [half, attrs.evolve(half, labels=6)], desk.issue())
    assert ["in_review", "duplicate"] == states(payments)
    first = transfer(40_000, 10_000)
    again = submit(desk, [first, attrs.evolve(first, labels=6), *PARTS[1:]], desk.issue())
    assert ["approved", "duplicate", "approved", "approved"] == states(again)


def test_a_reference_that_was_used_pays_no_part(desk: Desk) -> None:
    """A part that settled another invoice before leaves the rest to a person."""
    assert ["approved"] * 3 == states(submit(desk, PARTS, desk.issue()))
    invoice = desk.issue()
    fresh = (transfer(31, 15_000), PARTS[0])
    assert ["in_review", "duplicate"] == states(submit(desk, fresh, invoice))
    assert InvoiceState.OPEN is desk.invoice(invoice).state


def test_one_that_pays_alone_is_approved_alone(desk: Desk) -> None:
    """The exact amount settles; what came with it goes to a person."""
    invoice = desk.issue()
    payments = submit(desk, [transfer(1, 5_000), transfer(700)], invoice)
    assert ["in_review", "approved"] == states(payments)
    assert InvoiceState.PAID is desk.invoice(invoice).state


def test_what_is_no_receipt_is_no_part(desk: Desk) -> None:
    """A QR code sent with the receipts changes nothing about their sum."""
    code = PaymentEvidence(source=PARTS[0].source, layout="generic", receipt=read(ReceiptKind.CODE))
    for place in range(4):
        shown = [*PARTS[:place], code, *PARTS[place:]]
        invoice = desk.issue()
        numbered = [
            attrs.evolve(
                one,
                references={
                    "aba.trx": read(f"{(place * 5 + no + 1) * 97_193_719_731 % 10**11:011d}")
                },
            )
            for no, one in enumerate(shown)
        ]
        numbered[place] = code
        found = states(submit(desk, numbered, invoice))
        assert "in_review" == found.pop(place)
        assert ["approved"] * 3 == found


def test_without_an_answered_invoice_nothing_is_added_up(desk: Desk) -> None:
    """A person says what receipts are for that answer no invoice."""
    desk.issue()
    assert ["in_review"] * 3 == states(submit(desk, PARTS, None))


def test_a_part_that_cannot_be_read_frees_the_others(desk: Desk) -> None:
    """When reading one is given up, none of them is stranded."""
    invoice = desk.issue()
    sent = send(desk, PARTS, invoice)
    desk.reader.shown.popitem()
    desk.drain()
    held = [desk.payment(payment) for payment in sent]
    assert ["submitted"] * 3 == states(held)
    assert [True, True, False] == [payment.inputs is not None for payment in held]
    give_up(desk, sent[2])
    found = [desk.payment(payment) for payment in sent]
    assert {"in_review"} == set(states(found))


def test_a_part_that_a_person_approves_leaves_the_rest_due(desk: Desk) -> None:
    """What is left of the submission is exactly what is left of the invoice."""
    invoice = desk.issue()
    sent = send(desk, PARTS, invoice)
    decision = Approval(version=sent[0].version, amount=Money(10_000, KHR))
    desk.kasa.payments.approve(desk.owner, sent[0].id, decision)
    desk.drain()
    assert ["approved"] * 3 == states([desk.payment(payment) for payment in sent])
    assert InvoiceState.PAID is desk.invoice(invoice).state


def test_a_part_that_a_person_uses_elsewhere_frees_the_others(desk: Desk) -> None:
    """Approved for another invoice before it was read: what waited for it goes to a person."""
    invoice, other = desk.issue(), desk.issue()
    sent = send(desk, PARTS, invoice)
    decision = Approval(
        version=sent[2].version, invoice=other.id, amount=Money(6_000, KHR), reason="said so"
    )
    desk.kasa.payments.approve(desk.owner, sent[2].id, decision)
    desk.drain()
    found = states([desk.payment(payment) for payment in sent])
    assert ["in_review", "in_review", "approved"] == found


def test_a_decided_part_that_cannot_be_read_frees_the_others(desk: Desk) -> None:
    """Approved unread, and reading it given up: what is left is decided all the same."""
    sent = send(desk, PARTS, desk.issue())
    desk.reader.shown.popitem()
    decision = Approval(version=sent[2].version, amount=Money(6_000, KHR))
    desk.kasa.payments.approve(desk.owner, sent[2].id, decision)
    desk.drain()
    give_up(desk, sent[2])
    assert ["approved"] * 3 == states([desk.payment(payment) for payment in sent])


def test_a_ceiling_holds_for_the_sum(desk: Desk) -> None:
    """An amount that a person looks at is not split past them."""
    desk.kasa.payments.set_policy(desk.owner, MatchPolicy(ceilings=(Money(20_000, KHR),)))
    assert ["in_review"] * 3 == states(submit(desk, PARTS, desk.issue()))


def test_banks_may_differ(desk: Desk) -> None:
    """Each receipt is its own bank's; a customer may pay from several."""
    shown = [
        acleda(amount=read(Money(15_000, KHR)), debited=ABSENT),
        unknown_bank(amount=read(Money(10_000, KHR))),
    ]
    assert ["approved"] * 2 == states(submit(desk, shown, desk.issue()))


def test_equal_parts_of_one_minute_are_suspected(desk: Desk) -> None:
    """Two halves of one minute may be one transfer, unless their ids tell them apart."""
    halves = [transfer(1, 12_500), transfer(70_000, 12_500)]
    assert ["approved"] * 2 == states(submit(desk, halves, desk.issue()))
    alike = [
        aba_success(amount=read(Money(12_500, KHR)), references={"aba.trx": read(value)})
        for value in ("91919191910", "91919191919")
    ]
    assert ["in_review"] * 2 == states(submit(desk, alike, desk.issue()))


def test_parts_of_a_customers_invoice_leave_no_credit(desk: Desk) -> None:
    """The sum is exact, so nothing is left over."""
    dara = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Chan Dara")))
    assert ["approved"] * 3 == states(submit(desk, PARTS, desk.issue(customer=dara.id)))
    assert 0 == desk.credit(dara)


def test_a_reversed_part_is_due_again(desk: Desk) -> None:
    """Each part is a payment of its own: one is undone without the others."""
    invoice = desk.issue()
    payments = submit(desk, PARTS, invoice)
    desk.kasa.payments.reverse(desk.owner, payments[1].id, reason="bank took it back")
    now = desk.invoice(invoice)
    assert (InvoiceState.OPEN, 9_000) == (now.state, now.due_minor)
    assert ["approved", "reversed", "approved"] == states(
        [desk.payment(payment) for payment in payments]
    )
    assert PaymentState.APPROVED is desk.submit(transfer(5_000, 9_000), invoice).state
    assert InvoiceState.PAID is desk.invoice(invoice).state
