"""Issuing, and what becomes of an issued invoice: use cases over memory."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import PlatformActor, RoleTooLow
from kasa.domain.invoicing.accounting_currency import RateRequired
from kasa.domain.invoicing.allocation import CreditNotEnough
from kasa.domain.invoicing.content import DocumentKind, WantedInvoice
from kasa.domain.invoicing.credit_note import CreditPart, CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerArchived, CustomerDetails
from kasa.domain.invoicing.invoice import (
    Invoice,
    InvoiceAlreadyIssued,
    InvoiceEmpty,
    InvoiceHasMoney,
    InvoiceState,
    InvoiceWrongState,
)
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.numbering import SeriesInUse
from kasa.domain.invoicing.parties import CustomerRequired, TinMissing
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import AccountId, CustomerId, InvoiceId
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.khqr_faults import verify_khqr
from kasa.domain.payments.khqr_reading import read_khqr
from kasa.domain.tenancy.tenant import TenantProfile
from tests.unit.conftest import Shop

RICE = WantedLine(text="Rice", price=Decimal(12000), quantity=Decimal(2))
IN_DOLLARS = WantedInvoice(
    lines=(attrs.evolve(RICE, price=Decimal("12.34"), quantity=Decimal(1)),), currency=USD
)
RATE = ExchangeRate(base=USD, quote=KHR, rate=Decimal(4085), on=date(2020, 1, 1), source="merchant")


def issued(kasa: Kasa, shop: Shop, wanted: WantedInvoice | None = None) -> Invoice:
    """Issue an invoice of 24,000 riel, or what is wanted."""
    draft = kasa.invoicing.draft(shop.clerk, wanted or WantedInvoice(lines=(RICE,)))
    return kasa.invoicing.issue(shop.clerk, draft.id)


def dara(kasa: Kasa, shop: Shop, tin: str = "") -> CustomerId:
    """Add a customer."""
    return kasa.invoicing.add_customer(shop.clerk, CustomerDetails(name=name("Dara"), tin=tin)).id


def test_an_issued_invoice_is_numbered_dated_and_frozen(kasa: Kasa, shop: Shop) -> None:
    """It has the first number of the year, is due after the shop's terms, and asks for its sum."""
    invoice = issued(kasa, shop)
    assert invoice.issue_date is not None
    year = invoice.issue_date.year
    assert f"INV-{year}-000001" == str(invoice.number)
    assert (InvoiceState.OPEN, 24000) == (invoice.state, invoice.due_minor)
    assert invoice.due_date is not None
    assert 1 == (invoice.due_date - invoice.issue_date).days
    assert invoice.snapshot is not None
    assert invoice.snapshot.intact
    document = kasa.invoicing.queries.document(shop.viewer, invoice.id)
    assert (str(invoice.number), invoice.gross) == (document.number, document.gross)
    assert f"INV-{year}-000002" == str(issued(kasa, shop).number)


def test_an_invoice_is_issued_once(kasa: Kasa, shop: Shop) -> None:
    """A second time is refused, and the number after it is free."""
    invoice = issued(kasa, shop)
    with pytest.raises(InvoiceAlreadyIssued):
        kasa.invoicing.issue(shop.clerk, invoice.id)
    following = issued(kasa, shop).number
    assert following is not None
    assert 2 == following.number


def test_a_refused_issue_takes_no_number_and_no_quota(kasa: Kasa, shop: Shop) -> None:
    """What is refused leaves the draft as it was."""
    draft = kasa.invoicing.draft(shop.clerk, WantedInvoice())
    with pytest.raises(InvoiceEmpty):
        kasa.invoicing.issue(shop.clerk, draft.id)
    assert draft == kasa.invoicing.queries.invoice(shop.viewer, draft.id).invoice
    number = issued(kasa, shop).number
    assert number is not None
    assert 1 == number.number


def test_later_edits_change_no_issued_document(kasa: Kasa, shop: Shop) -> None:
    """The document keeps the buyer's name of its day."""
    buyer = dara(kasa, shop)
    invoice = issued(kasa, shop, WantedInvoice(lines=(RICE,), customer=buyer))
    details = CustomerDetails(name=name("Dara Sok"))
    kasa.invoicing.edit_customer(shop.clerk, buyer, details, version=1)
    document = kasa.invoicing.queries.document(shop.viewer, invoice.id)
    assert document.buyer is not None
    assert "Dara" == document.buyer.name


def test_drafts_are_revised_by_version_and_discarded(kasa: Kasa, shop: Shop) -> None:
    """Who revises an old version is told so; a discarded draft is gone; an issued one stays."""
    draft = kasa.invoicing.draft(shop.clerk, WantedInvoice())
    wanted = WantedInvoice(lines=(RICE,))
    revised = kasa.invoicing.revise(shop.clerk, draft.id, wanted, version=1)
    assert (2, 24000) == (revised.version, revised.totals.gross)
    with pytest.raises(VersionStale):
        kasa.invoicing.revise(shop.clerk, draft.id, wanted, version=1)
    kasa.invoicing.discard(shop.clerk, draft.id)
    with pytest.raises(NotFound):
        kasa.invoicing.queries.invoice(shop.viewer, draft.id)
    invoice = issued(kasa, shop)
    with pytest.raises(InvoiceWrongState):
        kasa.invoicing.discard(shop.clerk, invoice.id)
    with pytest.raises(InvoiceWrongState):
        kasa.invoicing.revise(shop.clerk, invoice.id, wanted, version=2)


def test_a_tax_invoice_names_both_tax_numbers(kasa: Kasa, shop: Shop) -> None:
    """Without a buyer, or without one of the numbers, it is not issued."""
    wanted = WantedInvoice(lines=(RICE,), kind=DocumentKind.TAX_INVOICE)
    with pytest.raises(CustomerRequired):
        issued(kasa, shop, wanted)
    with pytest.raises(TinMissing) as refused:
        issued(kasa, shop, attrs.evolve(wanted, customer=dara(kasa, shop)))
    assert ("seller", "buyer") == refused.value.facts["missing"]
    profile = attrs.evolve(shop.tenant.profile, tin="K001-1")
    kasa.tenancy.change_profile(shop.owner, profile)
    with_both = attrs.evolve(wanted, customer=dara(kasa, shop, tin="K002-2"))
    assert InvoiceState.OPEN is issued(kasa, shop, with_both).state


def test_dollars_need_a_rate_and_show_riel(kasa: Kasa, shop: Shop) -> None:
    """12.34 dollars at 4,085 are 50,409 riel, 50,400 to pay; a typed rate wins over the table."""
    with pytest.raises(RateRequired):
        issued(kasa, shop, IN_DOLLARS)
    kasa.invoicing.set_rate(shop.owner, RATE)
    invoice = issued(kasa, shop, IN_DOLLARS)
    assert invoice.accounting is not None
    assert (50409, Money(50400, KHR)) == (invoice.accounting.gross, invoice.riel_due)
    assert Money(1234, USD) == invoice.counts(Money(50400, KHR)) == invoice.counts(invoice.due)
    assert invoice.counts(Money(50300, KHR)) is None
    typed = attrs.evolve(RATE, rate=Decimal(4000))
    other = issued(kasa, shop, attrs.evolve(IN_DOLLARS, rate=typed))
    assert other.accounting is not None
    assert 49360 == other.accounting.gross


def test_the_document_asks_by_khqr(kasa: Kasa, shop: Shop) -> None:
    """The code is valid, names the invoice, asks for what is due, and is remembered."""
    new = NewAccount(
        bank="ABA", number="000111222", names=("Sokha Textiles",), bakong_id="sokha@abaa"
    )
    account = kasa.payments.add_account(shop.owner, new)
    invoice = issued(kasa, shop)
    document = kasa.invoicing.queries.document(shop.viewer, invoice.id)
    assert document.khqr is not None
    assert invoice.issued_at is not None
    assert () == verify_khqr(document.khqr.text, invoice.issued_at)
    assert document.khqr.md5 == read_khqr(document.khqr.text).md5
    assert invoice.due == document.khqr.amount
    assert str(invoice.number) in document.khqr.text
    assert [account.id] == [one.id for one in document.accounts]


def test_an_account_that_is_not_there_is_not_found(kasa: Kasa, shop: Shop, ports: Ports) -> None:
    """A draft that names one cannot be issued."""
    other = AccountId(ports.ids.new(ports.clock.now()))
    with pytest.raises(NotFound):
        issued(kasa, shop, WantedInvoice(lines=(RICE,), account=other))


def test_copies_are_printed_once(kasa: Kasa, shop: Shop, ports: Ports) -> None:
    """Issuing prints the original, voiding the void copy; running jobs again prints nothing."""
    invoice = issued(kasa, shop)
    ports.worker.drain(kasa.run)
    kasa.invoicing.void(shop.owner, invoice.id, "a mistake")
    ports.worker.drain(kasa.run)
    view = kasa.invoicing.queries.invoice(shop.viewer, invoice.id)
    assert ["original", "void"] == [copy.mark for copy in view.copies]
    assert 0 == ports.worker.drain(kasa.run)
    data = kasa.files.fetch(shop.viewer, view.copies[0].file)
    assert str(invoice.number).encode() in data


def test_void_is_for_invoices_without_money(kasa: Kasa, shop: Shop) -> None:
    """A void one stays void; one with a credit note cannot be voided."""
    invoice = issued(kasa, shop)
    assert InvoiceState.VOID is kasa.invoicing.void(shop.owner, invoice.id, "typing error").state
    with pytest.raises(InvoiceWrongState) as refused:
        kasa.invoicing.write_off(shop.owner, invoice.id, "typing error")
    assert "void" == refused.value.facts["state"]
    credited = issued(kasa, shop)
    part = CreditPart(line_no=1, amount=Money(1000, KHR))
    wanted = WantedNote(reason=CreditReason.GOODWILL, parts=(part,))
    note = kasa.invoicing.issue_credit_note(shop.owner, credited.id, wanted)
    assert f"CN-{note.issue_date.year}-000001" == str(note.number)
    with pytest.raises(InvoiceHasMoney):
        kasa.invoicing.void(shop.owner, credited.id, "typing error")


def test_a_written_off_invoice_can_be_reinstated(kasa: Kasa, shop: Shop) -> None:
    """Open, uncollectible, open again; reinstating an open one is refused."""
    invoice = issued(kasa, shop)
    lost = kasa.invoicing.write_off(shop.owner, invoice.id, "moved away")
    assert (InvoiceState.UNCOLLECTIBLE, "moved away") == (lost.state, lost.reason)
    assert InvoiceState.OPEN is kasa.invoicing.reinstate(shop.owner, invoice.id).state
    with pytest.raises(InvoiceWrongState):
        kasa.invoicing.reinstate(shop.owner, invoice.id)


def test_credit_is_used_at_issue_and_given_back(kasa: Kasa, shop: Shop) -> None:
    """A note over a paid invoice is credit; the next invoice uses it; released, it can be paid out.

    More than there is cannot be paid out.
    """
    buyer = dara(kasa, shop)
    wanted = WantedInvoice(lines=(RICE,), customer=buyer)
    first = issued(kasa, shop, wanted)
    kasa.payments.record(shop.owner, Cash(invoice=first.id, amount=first.due))
    kasa.invoicing.issue_credit_note(shop.owner, first.id, WantedNote(reason=CreditReason.OTHER))
    held = kasa.invoicing.queries.credit(shop.viewer, buyer)
    assert [Money(24000, KHR)] == [one.balance for one in held]
    second = issued(kasa, shop, wanted)
    assert (InvoiceState.PAID, 0) == (second.state, second.due_minor)
    reopened = kasa.invoicing.release_credit(shop.owner, second.id)
    assert (InvoiceState.OPEN, 24000) == (reopened.state, reopened.due_minor)
    with pytest.raises(CreditNotEnough):
        kasa.invoicing.refund_credit(shop.owner, buyer, Money(24001, KHR))
    left = kasa.invoicing.refund_credit(shop.owner, buyer, Money(14000, KHR), "in cash")
    assert Money(10000, KHR) == left.balance
    paid = kasa.invoicing.apply_credit(shop.owner, second.id)
    assert (InvoiceState.OPEN, 14000) == (paid.state, paid.due_minor)


def test_an_archived_customer_takes_no_new_invoice(kasa: Kasa, shop: Shop) -> None:
    """Restored, the record may be used again."""
    buyer = dara(kasa, shop)
    kasa.invoicing.archive_customer(shop.clerk, buyer, version=1)
    wanted = WantedInvoice(lines=(RICE,), customer=buyer)
    with pytest.raises(CustomerArchived):
        kasa.invoicing.draft(shop.clerk, wanted)
    kasa.invoicing.restore_customer(shop.clerk, buyer, version=2)
    assert InvoiceState.OPEN is issued(kasa, shop, wanted).state


def test_a_series_starts_where_the_shop_says(kasa: Kasa, shop: Shop) -> None:
    """Before the first number of the year, and never after it."""
    kasa.invoicing.set_series_start(
        shop.owner, "INV", first=700, template="{series}/{yy}-{number:03d}"
    )
    assert str(issued(kasa, shop).number).endswith("-700")
    with pytest.raises(SeriesInUse):
        kasa.invoicing.set_series_start(shop.owner, "INV", first=1)


def test_roles_may_what_they_may(kasa: Kasa, shop: Shop) -> None:
    """A viewer drafts nothing; a clerk issues, and neither voids, credits nor sets series."""
    with pytest.raises(RoleTooLow):
        kasa.invoicing.draft(shop.viewer, WantedInvoice(lines=(RICE,)))
    invoice = issued(kasa, shop)
    for refused in (
        lambda: kasa.invoicing.void(shop.clerk, invoice.id, "typing error"),
        lambda: kasa.invoicing.write_off(shop.clerk, invoice.id, "typing error"),
        lambda: kasa.invoicing.set_series_start(shop.clerk, "INV"),
    ):
        with pytest.raises(RoleTooLow):
            refused()


def test_a_foreign_invoice_is_a_missing_one(kasa: Kasa, shop: Shop, ports: Ports) -> None:
    """Another shop's owner gets the answer of an id that does not exist."""
    invoice = issued(kasa, shop)
    other = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Other")))
    stranger = attrs.evolve(shop.owner, tenant=other.id)
    missing = InvoiceId(ports.ids.new(ports.clock.now()))
    for actor, wanted in ((stranger, invoice.id), (shop.owner, missing)):
        with pytest.raises(NotFound):
            kasa.invoicing.issue(actor, wanted)
        with pytest.raises(NotFound):
            kasa.invoicing.queries.invoice(actor, wanted)
