"""Money on an invoice: each act gives exactly its entries, its events and the next due."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import attrs
import pytest

from kasa.domain.invoicing.allocation import (
    CreditNotEnough,
    NothingToReverse,
    RefundTooMuch,
    allocate,
    apply_at_issue,
    apply_credit,
    book_note,
    refund,
    release_credit,
    reverse,
)
from kasa.domain.invoicing.balance import (
    AmountInvalid,
    Booked,
    CustomerCredit,
    Entry,
    EntryKind,
    PaymentPart,
    balance,
)
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.events import (
    CreditApplied,
    CreditReleased,
    CustomerCreditGranted,
    InvoicePaid,
    InvoiceReopened,
    PaymentAllocated,
)
from kasa.domain.invoicing.invoice import Invoice, InvoiceState, InvoiceWrongState
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.tax import NO_TAX
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId, PaymentId, uuid7
from kasa.domain.kernel.money import KHR, USD, CurrencyMismatch, Money

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BY = UUID(int=7)
DARA = CustomerId(uuid7(AT, b"dara      "))
NOTE = CreditNoteId(uuid7(AT, b"note      "))
PART = PaymentPart(payment=PaymentId(uuid7(AT, b"payment   ")))
ID = InvoiceId(uuid7(AT, bytes(10)))


def usd(major: int) -> Money:
    """Return dollars."""
    return Money(major * 100, USD)


def opened(gross: int = 100, *, customer: CustomerId | None = DARA) -> Invoice:
    """Return an open invoice over some dollars."""
    line = LineItem(no=1, text="Rice", quantity=Decimal(1), price=Decimal(gross), rate=NO_TAX)
    content = InvoiceContent(
        currency=USD,
        mode=PriceMode.GROSS,
        kind=DocumentKind.PLAIN,
        customer=customer,
        lines=(line,),
    )
    made = Invoice.drafted(ID, content, at=AT)
    return attrs.evolve(made, state=InvoiceState.OPEN, issue_date=date(2026, 11, 20))


def entry(no: int, kind: EntryKind, major: int, **more: object) -> Entry:
    """Return an entry of the payment."""
    cause = {"payment": PART.payment, "approval": 1, **more}
    return Entry(no=no, kind=kind, amount=usd(major), at=AT, by=BY, **cause)  # type: ignore[arg-type]  # the table holds several kinds


def pay(invoice: Invoice, major: int) -> Booked:
    """Allocate dollars."""
    return allocate(invoice, usd(major), PART, at=AT, by=BY)


def test_a_part_leaves_the_rest_due() -> None:
    """40 of 100: one entry, 60 due, still open."""
    booked = pay(opened(), 40)
    told = PaymentAllocated(subject=ID, payment_id=PART.payment, amount=usd(40), due_after=usd(60))
    moved = attrs.evolve(opened(), due_minor=6000, entries=1, version=2)
    assert (
        Booked(
            invoice=moved,
            entries=(entry(1, EntryKind.PAYMENT, 40),),
            events=(told,),
            granted=usd(0),
            unallocated=usd(0),
        )
        == booked
    )


def test_too_much_becomes_credit() -> None:
    """95 for 89: nothing due, paid, 6 to the customer's credit, all in one step."""
    booked = pay(opened(89), 95)
    expected = (entry(1, EntryKind.PAYMENT, 95), entry(2, EntryKind.CREDIT_GRANTED, 6))
    assert expected == booked.entries
    assert (
        PaymentAllocated(subject=ID, payment_id=PART.payment, amount=usd(95), due_after=usd(0)),
        InvoicePaid(subject=ID),
        CustomerCreditGranted(subject=ID, amount=usd(6)),
    ) == booked.events
    assert (usd(6), usd(0)) == (booked.granted, booked.unallocated)
    assert (InvoiceState.PAID, AT, 2) == (
        booked.invoice.state,
        booked.invoice.paid_at,
        booked.invoice.entries,
    )
    assert usd(0) == balance(usd(89), booked.entries)


def test_a_walk_in_has_no_credit() -> None:
    """95 for 89 settles 89; 6 stay with the payment; of a paid invoice all of it does."""
    booked = pay(opened(89, customer=None), 95)
    assert (entry(1, EntryKind.PAYMENT, 89),) == booked.entries
    assert (usd(0), usd(6)) == (booked.granted, booked.unallocated)
    again = pay(booked.invoice, 5)
    assert ((), (), usd(5), booked.invoice) == (
        again.entries,
        again.events,
        again.unallocated,
        again.invoice,
    )


def test_a_paid_invoice_takes_more_as_credit() -> None:
    """All of a second payment is credit; the invoice stays paid."""
    paid = pay(opened(), 100).invoice
    again = pay(paid, 30)
    kinds = [(one.no, one.kind, one.amount) for one in again.entries]
    assert [(2, EntryKind.PAYMENT, usd(30)), (3, EntryKind.CREDIT_GRANTED, usd(30))] == kinds
    assert (InvoiceState.PAID, usd(30)) == (again.invoice.state, again.granted)


def test_the_riel_of_a_payment_are_kept() -> None:
    """The entry is in dollars and remembers what was paid."""
    riel = Money(409000, KHR)
    booked = allocate(opened(), usd(100), PART, at=AT, by=BY, paid_in=riel)
    assert (entry(1, EntryKind.PAYMENT, 100, paid_in=riel),) == booked.entries


def test_a_reversal_takes_the_grant_back() -> None:
    """Paid 120 of 100 and reversed: all is due again, the credit of 20 is gone."""
    paid = pay(opened(), 120)
    back = reverse(paid.invoice, paid.entries, PART, at=AT, by=BY)
    assert (
        entry(3, EntryKind.PAYMENT_REVERSED, 120),
        entry(4, EntryKind.GRANT_REVERSED, 20),
    ) == back.entries
    assert (InvoiceReopened(subject=ID, due=usd(100)),) == back.events
    assert (InvoiceState.OPEN, None, usd(100)) == (
        back.invoice.state,
        back.invoice.paid_at,
        back.invoice.due,
    )
    assert usd(-20) == back.granted
    with pytest.raises(NothingToReverse):
        reverse(back.invoice, (*paid.entries, *back.entries), PART, at=AT)


def test_what_was_refunded_stays_given_back() -> None:
    """Paid 100, refunded 10, reversed: 90 come back, 100 are due, never more."""
    paid = pay(opened(), 100)
    less = refund(paid.invoice, paid.entries, PART, usd(10), at=AT, by=BY)
    assert (entry(2, EntryKind.REFUND, 10),) == less.entries
    assert (InvoiceState.OPEN, usd(10)) == (less.invoice.state, less.invoice.due)
    back = reverse(less.invoice, (*paid.entries, *less.entries), PART, at=AT, by=BY)
    assert (entry(3, EntryKind.PAYMENT_REVERSED, 90),) == back.entries
    assert usd(100) == back.invoice.due


def test_a_refund_is_at_most_what_the_payment_settles() -> None:
    """The surplus is refunded out of the credit; another payment's money is not touched."""
    paid = pay(opened(), 120)
    with pytest.raises(RefundTooMuch) as refused:
        refund(paid.invoice, paid.entries, PART, Money(10001, USD), at=AT)
    assert "100.00" == refused.value.facts["limit"]
    assert usd(100) == refund(paid.invoice, paid.entries, PART, usd(100), at=AT).invoice.due
    other = PaymentPart(payment=PART.payment, approval=2)
    with pytest.raises(RefundTooMuch):
        refund(paid.invoice, paid.entries, other, usd(1), at=AT)


def test_a_note_over_the_due_is_credit() -> None:
    """Paid 100 of 100, then a note of 10: nothing due, 10 in credit, still paid."""
    paid = pay(opened(), 100)
    booked = book_note(paid.invoice, usd(10), NOTE, at=AT, by=BY)
    cause = {"payment": None, "approval": None, "note": NOTE}
    assert (
        entry(2, EntryKind.CREDIT_NOTE, 10, **cause),
        entry(3, EntryKind.CREDIT_GRANTED, 10, **cause),
    ) == booked.entries
    assert (usd(10), usd(0), 1) == (booked.granted, booked.unallocated, booked.invoice.notes)
    assert (CustomerCreditGranted(subject=ID, amount=usd(10)),) == booked.events


def test_a_note_of_a_walk_in_is_given_back() -> None:
    """Paid 100 of 100, then a note of 10: 10 are handed over, and no more than 90 later."""
    paid = pay(opened(customer=None), 100)
    booked = book_note(paid.invoice, usd(10), NOTE, at=AT, by=BY)
    assert [EntryKind.CREDIT_NOTE, EntryKind.REFUND] == [one.kind for one in booked.entries]
    assert (usd(0), usd(10)) == (booked.granted, booked.unallocated)
    entries = (*paid.entries, *booked.entries)
    with pytest.raises(RefundTooMuch):
        refund(booked.invoice, entries, PART, usd(91), at=AT)
    assert usd(90) == refund(booked.invoice, entries, PART, usd(90), at=AT).invoice.due


def test_a_note_of_nothing_still_counts() -> None:
    """A line that was given away is credited with 0."""
    booked = book_note(opened(), usd(0), NOTE, at=AT)
    assert ((), 1, 2) == (booked.entries, booked.invoice.notes, booked.invoice.version)


def test_credit_settles_as_far_as_it_goes() -> None:
    """20 of credit for 100 leaves 80; more than there is, or than is due, is refused."""
    held = CustomerCredit(customer=DARA, balance=usd(20))
    booked = apply_credit(opened(), held, usd(20), at=AT, by=BY)
    cause = {"payment": None, "approval": None}
    assert (entry(1, EntryKind.CREDIT_APPLIED, 20, **cause),) == booked.entries
    assert (CreditApplied(subject=ID, amount=usd(20)),) == booked.events
    assert usd(80) == booked.invoice.due
    back = release_credit(booked.invoice, booked.entries, at=AT, by=BY)
    assert (entry(2, EntryKind.CREDIT_RELEASED, 20, **cause),) == back.entries
    assert (CreditReleased(subject=ID, amount=usd(20)),) == back.events
    with pytest.raises(NothingToReverse):
        release_credit(back.invoice, (*booked.entries, *back.entries), at=AT)
    for invoice, credit, amount in (
        (opened(), held, 21),
        (opened(10), attrs.evolve(held, balance=usd(50)), 11),
        (opened(), attrs.evolve(held, balance=usd(-5)), 1),
        (opened(customer=None), held, 1),
    ):
        with pytest.raises(CreditNotEnough):
            apply_credit(invoice, credit, usd(amount), at=AT)


def test_credit_at_issue_is_what_fits() -> None:
    """The smaller of credit and gross; none is an answer; only a draft is issued."""
    dated = attrs.evolve(opened(), state=InvoiceState.DRAFT)
    held = CustomerCredit(customer=DARA, balance=usd(130))
    booked = apply_at_issue(dated, held, at=AT, by=BY)
    assert (usd(0), InvoiceState.DRAFT) == (booked.invoice.due, booked.invoice.state)
    assert (CreditApplied(subject=ID, amount=usd(100)),) == booked.events
    none = apply_at_issue(dated, attrs.evolve(held, balance=usd(-1)), at=AT)
    assert (dated, (), ()) == (none.invoice, none.entries, none.events)
    with pytest.raises(InvoiceWrongState):
        apply_at_issue(opened(), held, at=AT)


@pytest.mark.parametrize("state", [InvoiceState.DRAFT, InvoiceState.VOID])
def test_drafts_and_void_invoices_take_no_money(state: InvoiceState) -> None:
    """Nor give any back."""
    wrong = attrs.evolve(opened(), state=state)
    held = CustomerCredit(customer=DARA, balance=usd(10))
    acts: tuple[Callable[[], Booked], ...] = (
        lambda: pay(wrong, 1),
        lambda: reverse(wrong, (), PART, at=AT),
        lambda: refund(wrong, (), PART, usd(1), at=AT),
        lambda: book_note(wrong, usd(1), NOTE, at=AT),
        lambda: apply_credit(wrong, held, usd(1), at=AT),
        lambda: release_credit(wrong, (), at=AT),
    )
    for act in acts:
        with pytest.raises(InvoiceWrongState):
            act()


def test_amounts_are_above_nothing_and_in_the_invoice_s_currency() -> None:
    """0 and riel are refused on a dollar invoice."""
    with pytest.raises(AmountInvalid):
        pay(opened(), 0)
    with pytest.raises(CurrencyMismatch):
        allocate(opened(), Money(100, KHR), PART, at=AT)
    with pytest.raises(AmountInvalid):
        entry(1, EntryKind.PAYMENT, 0)


def test_credit_below_nothing_is_not_usable() -> None:
    """It shows as owed, and nothing of it can be applied."""
    owing = CustomerCredit(customer=DARA, balance=usd(-3))
    assert (usd(0), usd(-3)) == (owing.usable, owing.balance)


def test_a_paid_invoice_that_was_written_off() -> None:
    """A payment that comes after all settles it."""
    lost = attrs.evolve(opened(), state=InvoiceState.UNCOLLECTIBLE)
    assert InvoiceState.UNCOLLECTIBLE is pay(lost, 99).invoice.state
    assert InvoiceState.PAID is pay(lost, 100).invoice.state
