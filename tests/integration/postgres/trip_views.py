"""Every question that members may ask, over a shop that grows."""

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

import attrs

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.application.inventory.products import ProductFields
from kasa.application.invoicing.queries import InvoicesWanted
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditNote, CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.ids import AlertId, ContactId, EventId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name
from kasa.domain.payments.payment import Payment
from tests.integration.postgres.trips import PRICE, Trips
from tests.unit.payments.alerting import aba_text, take

PAGE = 100


@attrs.define(kw_only=True)
class Grown:
    """A shop with a number of everything that is listed, and one of each to be shown."""

    trips: Trips
    rows: int = 0
    product: Product = attrs.field(init=False)
    invoice: Invoice = attrs.field(init=False)
    note: CreditNote = attrs.field(init=False)
    payment: Payment = attrs.field(init=False)
    alert: AlertId = attrs.field(init=False)
    count: StockCount = attrs.field(init=False)

    def grow(self, rows: int) -> None:
        """Add until there are so many of everything."""
        while self.rows < rows:
            self.rows += 1
            self._add(self.rows)
        desk = self.trips.desk
        if hasattr(self, "count"):
            desk.kasa.inventory.cancel_count(desk.owner, self.count.id)
        self.count = desk.kasa.inventory.open_count(desk.owner)

    def _add(self, no: int) -> None:
        desk = self.trips.desk
        kasa, owner = desk.kasa, desk.owner
        buyer = kasa.invoicing.add_customer(owner, CustomerDetails(name=name(f"Dara {no}")))
        fields = ProductFields(name="Rug", code=f"RUG{no}", price=Decimal(PRICE), currency=KHR)
        self.product = kasa.inventory.add_product(owner, fields, on_hand=1)
        lines = (WantedLine(product=self.product.id, quantity=Decimal(2)),)
        wanted = WantedInvoice(lines=lines, customer=buyer.id)
        owed, self.invoice = (
            kasa.invoicing.issue(
                owner, kasa.invoicing.draft(owner, wanted).id, accept_shortage=True
            )
            for _ in range(2)
        )
        kasa.payments.record(owner, Cash(invoice=owed.id, amount=owed.due))
        self.note = kasa.invoicing.issue_credit_note(
            owner, owed.id, WantedNote(reason=CreditReason.RETURN)
        )
        new = NewEvidence(pictures=(f"seen {no}".encode(),), invoice=self.invoice.id)
        (self.payment,) = kasa.payments.submit(owner, new).payments
        text = aba_text("៛9,999", at=PAID_AT + timedelta(minutes=no), number=no)
        taken = take(desk, text, message=no)
        assert taken.alert is not None
        self.alert = taken.alert.id
        failed = JobFailed(
            subject=self.payment.id,
            event=EventId(self.payment.id),
            reaction="payments.verify",
            code="job.bug",
        )
        with desk.ports.unit_of_work(owner) as work:
            work.events.record(failed, at=desk.clock.now())

    def questions(self) -> Mapping[str, Callable[[], object]]:
        """Return a call of every question, by context and name."""
        desk = self.trips.desk
        kasa, owner = desk.kasa, desk.owner
        files, stock = kasa.files.queries, kasa.inventory.queries
        payments, alerts, operations = (
            kasa.payments.queries,
            kasa.payments.alerts,
            kasa.operations.queries,
        )
        account = payments.accounts(owner)[0].id
        (file,) = files.files(owner, limit=1).items
        period = Period(PAID_AT - timedelta(days=1), PAID_AT + timedelta(days=1))
        return {
            "tenancy.tenant": lambda: kasa.tenancy.queries.tenant(owner),
            "tenancy.setup": lambda: kasa.tenancy.queries.setup(owner),
            "files.file": lambda: files.file(owner, file.id),
            "files.files": lambda: files.files(owner, limit=PAGE),
            "inventory.product": lambda: stock.product(owner, self.product.id),
            "inventory.find": lambda: stock.find(owner, self.product.sku.code),
            "inventory.products": lambda: stock.products(owner, limit=PAGE),
            "inventory.level": lambda: stock.level(owner, self.product.id),
            "inventory.levels": lambda: stock.levels(owner, limit=PAGE),
            "inventory.low": lambda: stock.low(owner, limit=PAGE),
            "inventory.owed": lambda: stock.owed(owner, limit=PAGE),
            "inventory.reservations": lambda: stock.reservations(owner, limit=PAGE),
            "inventory.fulfilment": lambda: stock.fulfilment(owner, self.invoice.id),
            "inventory.movements": lambda: stock.movements(owner, limit=PAGE),
            "inventory.moved": lambda: stock.moved(owner, product_id=self.product.id, limit=PAGE),
            "inventory.valuation": lambda: stock.valuation(owner),
            "inventory.cost_of_goods": lambda: stock.cost_of_goods(owner, period),
            "inventory.count": lambda: stock.count(owner, self.count.id),
            "inventory.differences": lambda: stock.differences(owner, self.count.id),
            **self._sales(),
            **self._sent(),
            "subscriptions.usage": lambda: kasa.subscriptions.queries.usage(owner),
            "payments.payment": lambda: payments.payment(owner, self.payment.id),
            "payments.payments": lambda: payments.payments(owner, limit=PAGE),
            "payments.accounts": lambda: payments.accounts(owner),
            "payments.account": lambda: payments.account(owner, account),
            "payments.policy": lambda: payments.policy(owner),
            "payments.alerts.alerts": lambda: alerts.alerts(owner, limit=PAGE),
            "payments.alerts.alert": lambda: alerts.alert(owner, self.alert),
            "payments.alerts.may_belong_to": lambda: alerts.may_belong_to(owner, self.alert),
            "payments.alerts.of_payment": lambda: alerts.of_payment(owner, self.payment.id),
            "operations.failed_jobs": lambda: operations.failed_jobs(owner, limit=PAGE),
            "operations.open_failures": lambda: operations.open_failures(owner),
        }

    def _sent(self) -> Mapping[str, Callable[[], object]]:
        """Return a call of every question about single evidence, its senders and links."""
        owner, kasa = self.trips.desk.owner, self.trips.desk.kasa
        payment = self.payment.id
        evidence, sent = kasa.payments.evidence, kasa.payments.sent
        (first, *_) = evidence.of_payment(owner, payment)
        customer = Actor.customer(owner.tenant, ContactId(payment))
        return {
            "payments.evidence.evidence": lambda: evidence.evidence(owner, first.evidence.id),
            "payments.evidence.of_payment": lambda: evidence.of_payment(owner, payment),
            "payments.evidence.claims": lambda: evidence.claims(owner),
            "payments.sent.by": lambda: sent.by(customer),
            "payments.sent.evidence": lambda: sent.evidence(owner, payment),
            "invoicing.links.of_invoice": lambda: kasa.invoicing.links.of_invoice(
                owner, self.invoice.id
            ),
        }

    def _sales(self) -> Mapping[str, Callable[[], object]]:
        """Return a call of every question about invoices and customers."""
        owner, invoicing = self.trips.desk.owner, self.trips.desk.kasa.invoicing.queries
        number = self.invoice.number
        customer, note = self.invoice.customer, self.note
        assert number is not None
        assert customer is not None
        return {
            "invoicing.invoice": lambda: invoicing.invoice(owner, self.invoice.id),
            "invoicing.invoice_numbered": lambda: invoicing.invoice_numbered(owner, number.text),
            "invoicing.document": lambda: invoicing.document(owner, self.invoice.id),
            "invoicing.invoices": lambda: invoicing.invoices(owner, limit=PAGE),
            "invoicing.listed": lambda: invoicing.listed(owner, InvoicesWanted(), limit=PAGE),
            "invoicing.counts": lambda: invoicing.counts(owner),
            "invoicing.customer": lambda: invoicing.customer(owner, customer),
            "invoicing.customers": lambda: invoicing.customers(owner, limit=PAGE),
            "invoicing.credit": lambda: invoicing.credit(owner, customer),
            "invoicing.credit_note": lambda: invoicing.credit_note(owner, note.id),
            "invoicing.credit_notes": lambda: invoicing.credit_notes(owner, limit=PAGE),
            "invoicing.series": lambda: invoicing.series(owner),
            "invoicing.rates": lambda: invoicing.rates(owner, limit=PAGE),
        }


UNCOUNTED = frozenset({"payments.replayed"})
"""Asked of a judged payment; it reads what ``payments.payment`` reads."""


def every_question(kasa: Kasa) -> set[str]:
    """Return the names of all questions: the public methods of every ``Queries``."""
    found = set()
    for context in attrs.fields(type(kasa)):
        facade = getattr(kasa, context.name)
        if not attrs.has(type(facade)):
            continue
        for field in attrs.fields(type(facade)):
            queries = getattr(facade, field.name)
            if type(queries).__name__.endswith("Queries"):
                part = "" if field.name == "queries" else f".{field.name}"
                methods = inspect.getmembers(type(queries), inspect.isfunction)
                found |= {
                    f"{context.name}{part}.{method}"
                    for method, _ in methods
                    if not method.startswith("_")
                }
    return found


def questions(numbers: Mapping[str, int]) -> str:
    """Return the table of questions and how many statements each sends."""
    lines = ["| question | statements |", "| --- | --- |"]
    lines += [f"| `{title}` | {number} |" for title, number in sorted(numbers.items())]
    return "\n".join(lines) + "\n"
