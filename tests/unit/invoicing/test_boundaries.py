"""What is just allowed, what a refusal tells, and records compared whole."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from kasa.domain.invoicing.allocation import (
    CreditNotEnough,
    RefundTooMuch,
    allocate,
    apply_at_issue,
    apply_credit,
    refund,
    release_credit,
    reverse,
)
from kasa.domain.invoicing.balance import CustomerCredit, Entry, EntryKind, PaymentPart
from kasa.domain.invoicing.canonical import written
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.invoicing.document import DocumentDiscount
from kasa.domain.invoicing.events import InvoiceIssued
from kasa.domain.invoicing.invoice import Invoice, InvoiceHasMoney, InvoiceState
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import Series, SeriesTemplate
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.tax import NO_TAX
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import CustomerId, InvoiceId, PaymentId, uuid7
from kasa.domain.kernel.money import USD, Money
from kasa.domain.kernel.text import TextTooLong, name

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
DARA = CustomerId(uuid7(AT, b"dara      "))
PART = PaymentPart(payment=PaymentId(uuid7(AT, b"payment   ")))
BY = PART.payment


def opened() -> Invoice:
    """Return an issued invoice over 100.00."""
    line = LineItem(no=1, text="Rice", quantity=Decimal(1), price=Decimal(100), rate=NO_TAX)
    content = InvoiceContent(
        currency=USD,
        mode=PriceMode.GROSS,
        kind=DocumentKind.PLAIN,
        customer=DARA,
        lines=(line,),
    )
    draft = Invoice.drafted(InvoiceId(uuid7(AT, bytes(10))), content, at=AT)
    number = Series(name="INV", year=2026).written(7)
    dated = draft.dated(date(2026, 11, 20), terms_days=14)
    return dated.issued(number, Snapshot.of("{}"), at=AT)


def credit(minor: int) -> CustomerCredit:
    """Return what the customer has."""
    return CustomerCredit(customer=DARA, balance=Money(minor, USD))


def test_credit_that_does_not_reach_is_told() -> None:
    """The refusal has what is usable and what is due; a lost invoice takes credit too."""
    with pytest.raises(CreditNotEnough) as refused:
        apply_credit(opened(), credit(2000), Money(2001, USD), at=AT)
    assert {"usable": "20.00", "due": "100.00"} == refused.value.facts
    lost = attrs.evolve(opened(), state=InvoiceState.UNCOLLECTIBLE)
    assert 8000 == apply_credit(lost, credit(2000), Money(2000, USD), at=AT).invoice.due_minor


def test_credit_at_issue_is_booked_with_moment_and_person() -> None:
    """The entry tells when and who."""
    draft = attrs.evolve(opened(), state=InvoiceState.DRAFT)
    booked = apply_at_issue(draft, credit(1), at=LATER, by=BY)
    applied = Entry(no=1, kind=EntryKind.CREDIT_APPLIED, amount=Money(1, USD), at=LATER, by=BY)
    assert (applied,) == booked.entries


def test_one_cent_goes_back() -> None:
    """The smallest payment is reversed, the smallest credit released; nothing is refunded of 0."""
    cent = Money(1, USD)
    paid = allocate(opened(), cent, PART, at=AT)
    assert 10000 == reverse(paid.invoice, paid.entries, PART, at=AT).invoice.due_minor
    used = apply_credit(opened(), credit(1), cent, at=AT)
    assert 10000 == release_credit(used.invoice, used.entries, at=AT).invoice.due_minor
    with pytest.raises(RefundTooMuch) as refused:
        refund(opened(), (), PART, cent, at=AT)
    assert {"limit": "0.00"} == refused.value.facts


def test_what_keeps_an_invoice_is_told() -> None:
    """Due, notes and review of a void; the review of a write-off."""
    for kept, facts in (
        ({"due_minor": 9999}, {"due": "99.99", "credit_notes": 0, "under_review": False}),
        ({"notes": 2}, {"due": "100.00", "credit_notes": 2, "under_review": False}),
    ):
        with pytest.raises(InvoiceHasMoney) as void:
            opened().next(AT, **kept).voided("a mistake", at=AT)
        assert facts == void.value.facts
    with pytest.raises(InvoiceHasMoney) as lost:
        opened().review_started(PART.payment, at=AT).written_off("moved away", at=AT)
    assert {"under_review": True} == lost.value.facts


@pytest.mark.parametrize("reason", ["bad", "x" * 300])
def test_reasons_at_their_limits(reason: str) -> None:
    """3 and 300 letters are a reason."""
    lost = opened().written_off(reason, at=LATER)
    assert (reason, LATER, 3) == (lost.reason, lost.updated_at, lost.version)


def test_the_event_of_an_issue_tells_all_of_it() -> None:
    """Number, total, due date, digest and customer."""
    expected = InvoiceIssued(
        subject=opened().id,
        number="INV-2026-000007",
        gross=Money(10000, USD),
        due_date=date(2026, 12, 4),
        digest="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        customer=DARA,
    )
    assert expected == InvoiceIssued.of(opened())


def test_numbers_at_their_limits() -> None:
    """25 letters and a start at 10^9 fit; years have four digits, or the last two."""
    longest = "LITERALS/{series}/{year}-{number:07d}"
    assert (
        "LITERALS/INV/2026-0000001"
        == Series(name="INV", year=2026, template=longest).written(1).text
    )
    assert 10**9 == Series(name="ABCDEFGH", year=2026, first=10**9).first
    short = "{series}{yy}{number:01d}"
    assert "INV097" == Series(name="INV", year=2009, template=short).written(7).text
    with pytest.raises(SeriesTemplate) as long:
        Series(name="INV", year=2026, template=f"X{longest}")
    assert {"limit": 25} == long.value.facts
    with pytest.raises(SeriesTemplate) as wrong:
        Series(name="ABCDEFGHI", year=2026)
    assert {"series": "ABCDEFGH"} == wrong.value.facts


def test_fields_of_customers_at_their_limits() -> None:
    """A name in Khmer has 200 letters, an address 500 in lines, an e-mail address 254."""
    details = CustomerDetails(
        name=name("Dara"),
        name_km="x" * 200,
        address="x\n" * 249 + "xx",
        tin="x" * 40,
        external_ref="x" * 64,
        email=f"{'x' * 244}@a.example",
    )
    assert (500, 254) == (len(details.address), len(details.email))
    with pytest.raises(TextTooLong) as refused:
        attrs.evolve(details, name_km="x" * 201)
    assert {"limit": 200} == refused.value.facts


def test_each_change_of_a_customer_in_full() -> None:
    """Only what the act names differs, and each act asks for the version."""
    dara = Customer(
        id=DARA, details=CustomerDetails(name=name("Dara")), created_at=AT, updated_at=AT
    )
    sok = CustomerDetails(name=name("Sok"))
    edited = dara.edited(sok, version=1, at=LATER)
    assert attrs.evolve(dara, details=sok, version=2, updated_at=LATER) == edited
    gone = dara.archived(version=1, at=LATER)
    assert attrs.evolve(dara, archived_at=LATER, version=2, updated_at=LATER) == gone
    back = gone.restored(version=2, at=AT)
    assert attrs.evolve(dara, version=3) == back
    acts: tuple[Callable[[], Customer], ...] = (
        lambda: dara.edited(sok, version=2, at=AT),
        lambda: dara.restored(version=2, at=AT),
    )
    for act in acts:
        with pytest.raises(VersionStale) as refused:
            act()
        assert {"current_version": 1} == refused.value.facts


def test_the_canonical_text_of_a_discount() -> None:
    """Keys in order, no spaces, amounts and numbers as texts, letters as they are."""
    shown = DocumentDiscount(given=Money(5, USD), percent=Decimal("2.50"), text="អង្ករ")
    assert (
        '{"given":{"amount":"0.05","currency":"USD"},"percent":"2.5","text":"អង្ករ"}'
    ) == written(shown)
