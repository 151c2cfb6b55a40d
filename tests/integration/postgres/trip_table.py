"""The use cases that are counted, what the design allows each, and the table of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

import attrs

from kasa.adapters.postgres.overhearing import Sent
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.deciding import Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name
from tests.integration.postgres.trips import PRICE, Trips, works

LATER = timedelta(days=90)
RARE = 500
BAKONG = "sokha_textiles@aclb"


@attrs.frozen
class Counted:
    """A use case and what one call of it sends; ``most`` is what the design allows.

    ``part`` chooses among the transactions of a call that has several. ``beyond`` says why it
    sends more than the design counted.
    """

    title: str
    call: Callable[[Trips, int], list[Sent]] = attrs.field(repr=False)
    most: int | None = None
    part: int = 0
    beyond: str = ""

    def sent(self, trips: Trips, lines: int) -> list[Sent]:
        """Return what a call over an invoice of some lines sends."""
        return works(self.call(trips, lines))[self.part]


def _draft(trips: Trips, lines: int) -> list[Sent]:
    actor = trips.keyed()
    return trips.sent(lambda: trips.draft(lines, actor=actor))


def _revise(trips: Trips, lines: int) -> list[Sent]:
    draft, actor = trips.draft(lines), trips.keyed()
    wanted = WantedInvoice(lines=trips.lines(lines, goods=True), customer=trips.customer.id)
    revise = trips.desk.kasa.invoicing.revise
    return trips.sent(lambda: revise(actor, draft.id, wanted, version=draft.version))


def _discard(trips: Trips, lines: int) -> list[Sent]:
    draft, actor = trips.draft(lines), trips.keyed()
    return trips.sent(lambda: trips.desk.kasa.invoicing.discard(actor, draft.id))


def _issue_work(trips: Trips, lines: int) -> list[Sent]:
    draft, actor = trips.draft(lines, goods=False), trips.keyed()
    return trips.sent(lambda: trips.issue(draft, actor))


def _issue_goods(trips: Trips, lines: int) -> list[Sent]:
    draft, actor = trips.draft(lines), trips.keyed()
    return trips.sent(lambda: trips.issue(draft, actor))


def _issue_expired(trips: Trips, lines: int) -> list[Sent]:
    """All is reserved for somebody who let the time pass."""
    desk = trips.desk
    rare = ProductFields(name="Rare", code=f"R{lines}", price=Decimal(PRICE), currency=KHR)
    product = desk.kasa.inventory.add_product(desk.owner, rare, on_hand=RARE)
    whole = WantedLine(product=product.id, quantity=Decimal(RARE))
    first = desk.kasa.invoicing.draft(desk.owner, WantedInvoice(lines=(whole,)))
    trips.issue(first)
    desk.clock.pass_time(LATER)
    each = WantedLine(product=product.id, quantity=Decimal(1))
    wanted = WantedInvoice(lines=(each,) * lines, customer=trips.customer.id)
    draft, actor = desk.kasa.invoicing.draft(desk.owner, wanted), trips.keyed()
    return trips.sent(lambda: trips.issue(draft, actor))


def _verify(trips: Trips, lines: int) -> list[Sent]:
    invoice = trips.issue(trips.draft(lines))
    sent = trips.sent(trips.verification(invoice))
    assert InvoiceState.PAID is trips.desk.invoice(invoice).state
    return sent


def _submit(trips: Trips, lines: int) -> list[Sent]:
    invoice, actor = trips.issue(trips.draft(lines)), trips.keyed()
    new = NewEvidence(pictures=(f"submitted {trips.made}".encode(),), invoice=invoice.id)
    return trips.sent(lambda: trips.desk.kasa.payments.submit(actor, new))


def _cash(trips: Trips, lines: int) -> list[Sent]:
    invoice, actor = trips.issue(trips.draft(lines)), trips.keyed()
    cash = Cash(invoice=invoice.id, amount=invoice.due)
    return trips.sent(lambda: trips.desk.kasa.payments.record(actor, cash))


def _void(trips: Trips, lines: int) -> list[Sent]:
    invoice, actor = trips.issue(trips.draft(lines)), trips.keyed()
    void = trips.desk.kasa.invoicing.void
    return trips.sent(lambda: void(actor, invoice.id, reason="by mistake"))


def _credit(trips: Trips, lines: int) -> list[Sent]:
    invoice, actor = trips.issue(trips.draft(lines)), trips.keyed()
    wanted = WantedNote(reason=CreditReason.RETURN)
    note = trips.desk.kasa.invoicing.issue_credit_note
    return trips.sent(lambda: note(actor, invoice.id, wanted))


def _receive(trips: Trips, lines: int) -> list[Sent]:
    actor = trips.keyed()
    received = [ReceivedLine(product=one.id, quantity=Decimal(3)) for one in trips.products[:lines]]
    return trips.sent(lambda: trips.desk.kasa.inventory.receive(actor, received))


def _product(trips: Trips, lines: int) -> list[Sent]:
    actor = trips.keyed()
    fields = ProductFields(name="More", code=f"M{lines}", price=Decimal(PRICE), currency=KHR)
    return trips.sent(lambda: trips.desk.kasa.inventory.add_product(actor, fields))


def _customer(trips: Trips, _lines: int) -> list[Sent]:
    actor = trips.keyed()
    details = CustomerDetails(name=name("Sophea"))
    return trips.sent(lambda: trips.desk.kasa.invoicing.add_customer(actor, details))


def _list(trips: Trips, _lines: int) -> list[Sent]:
    return trips.sent(lambda: trips.desk.kasa.invoicing.queries.invoices(trips.desk.owner))


def _show(trips: Trips, lines: int) -> list[Sent]:
    invoice = trips.issue(trips.draft(lines))
    show = trips.desk.kasa.invoicing.queries.invoice
    return trips.sent(lambda: show(trips.desk.owner, invoice.id))


def code_invoices(trips: Trips) -> None:
    """From now on invoices ask for their due by a code: the only account has a Bakong id."""
    desk = trips.desk
    for account in desk.kasa.payments.queries.accounts(desk.owner):
        desk.kasa.payments.archive_account(desk.owner, account.id)
    coded = NewAccount(
        bank="ACLEDA", number="010959386", names=("SOKHA TEXTILES",), bakong_id=BAKONG
    )
    desk.kasa.payments.add_account(desk.owner, coded)


COUNTED: tuple[Counted, ...] = (
    Counted("Draft an invoice", _draft, 9),
    Counted("Revise a draft", _revise),
    Counted("Discard a draft", _discard),
    Counted("Issue: services", _issue_work, 14),
    Counted("Issue: tracked goods", _issue_goods, 16),
    Counted("Void an invoice", _void),
    Counted("Credit a whole invoice", _credit),
    Counted("Submit a picture", _submit),
    Counted(
        "Verify a payment: its case, read only",
        _verify,
        4,
        beyond="evidence, accounts and what is due are read one by one",
    ),
    Counted(
        "Verify a payment: settle with goods",
        _verify,
        17,
        part=1,
        beyond="one waits for the other over a bank's message and over equal money (3); the same "
        "file, the codes shown and who paid before are asked one by one (3)",
    ),
    Counted("Record cash that pays an invoice", _cash),
    Counted("Receive goods", _receive),
    Counted("Add a product", _product),
    Counted("Add a customer", _customer),
    Counted("List invoices", _list, 3),
    Counted("Show an invoice", _show),
)
LATE: tuple[Counted, ...] = (
    Counted("Issue: services, with a KHQR code", _issue_work, 14),
    Counted("Issue: tracked goods, with a KHQR code", _issue_goods, 16),
    Counted("Issue: goods whose reservations expired", _issue_expired, 17),
)


def measured(trips: Trips, lines: Sequence[int]) -> Iterator[tuple[Counted, list[list[Sent]]]]:
    """Yield each use case with what it sends, for each number of lines."""
    for row in COUNTED:
        yield row, [row.sent(trips, count) for count in lines]
    code_invoices(trips)
    for row in LATE:
        yield row, [row.sent(trips, count) for count in lines]


def use_cases(numbers: Mapping[str, int]) -> str:
    """Return the table of use cases and how many statements each sends."""
    lines = ["| use case | statements | the design allows |", "| --- | --- | --- |"]
    for row in (*COUNTED, *LATE):
        most = "" if row.most is None else str(row.most)
        why = f"; {row.beyond}" if row.beyond else ""
        lines.append(f"| {row.title} | {numbers[row.title]} | {most}{why} |")
    return "\n".join(lines) + "\n"
