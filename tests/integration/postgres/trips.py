"""How many statements a use case sends: BEGIN with its settings is one, COMMIT is one.

What the table of docs/reference/statements.md shows and what its test holds. Signing in, one
statement more for a request over HTTP, is not among them.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import cycle, islice

import attrs

from kasa.adapters.conformance.shops import with_key
from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.overhearing import Sent, overhear
from kasa.application.inventory.products import ProductFields
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.jobs import Job, Queue
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name
from kasa.domain.payments.events import EvidenceSubmitted
from tests.integration.conftest import Database
from tests.unit.payments.desk import Desk, transfer

LINES = (1, 5, 500)
PRODUCTS = 25
PLENTY = 100_000
PRICE = 25_000


@attrs.define(kw_only=True)
class Trips:
    """A shop over PostgreSQL whose every statement is heard."""

    desk: Desk
    heard: list[Sent]
    customer: Customer
    products: list[Product] = attrs.field(factory=list)
    made: int = 0

    @classmethod
    def of(cls, database: Database) -> "Trips":
        """Open the shop: a Bakong account, a customer, nothing but services to sell yet."""
        opened, heard, clock = database.open(), list[Sent](), StoppedClock(PAID_AT)
        overhear(opened.engine, heard.append)
        ports = attrs.evolve(database.ports(clock=clock), unit_of_work=opened.unit_of_work)
        desk = Desk.open(ports, clock)
        dara = desk.kasa.invoicing.add_customer(desk.owner, CustomerDetails(name=name("Dara")))
        return cls(desk=desk, heard=heard, customer=dara)

    def sent(self, call: Callable[[], object]) -> list[Sent]:
        """Return what a call sent."""
        self.heard.clear()
        call()
        return list(self.heard)

    def keyed(self) -> Actor:
        """Return the owner under an idempotency key of their own."""
        self.made += 1
        return with_key(self.desk.owner, f"key {self.made}")

    def stock(self, products: int = PRODUCTS) -> None:
        """Put goods on the shelf."""
        for no in range(len(self.products), products):
            fields = ProductFields(
                name=f"Thing {no}", code=f"T{no}", price=Decimal(PRICE), currency=KHR
            )
            add = self.desk.kasa.inventory.add_product
            self.products.append(add(self.desk.owner, fields, on_hand=PLENTY))

    def lines(self, count: int, *, goods: bool) -> tuple[WantedLine, ...]:
        """Return lines of an invoice, over all the goods in turn or over services."""
        if goods:
            turns = islice(cycle(self.products), count)
            return tuple(WantedLine(product=one.id, quantity=Decimal(1)) for one in turns)
        work = WantedLine(text="Work", quantity=Decimal(1), price=Decimal(PRICE))
        return (work,) * count

    def draft(self, count: int, *, goods: bool = True, actor: Actor | None = None) -> Invoice:
        """Draft an invoice for the customer."""
        wanted = WantedInvoice(lines=self.lines(count, goods=goods), customer=self.customer.id)
        return self.desk.kasa.invoicing.draft(actor or self.desk.owner, wanted)

    def issue(self, draft: Invoice, actor: Actor | None = None) -> Invoice:
        """Issue a draft."""
        return self.desk.kasa.invoicing.issue(actor or self.desk.owner, draft.id)

    def verification(self, invoice: Invoice) -> Callable[[], object]:
        """Submit a receipt over all that is due, and return the reading of it."""
        self.made += 1
        picture, due = f"receipt {self.made}".encode(), invoice.due_minor
        number = self.desk.owner.tenant.int % 10**5 * 100 + self.made
        self.desk.reader.show(picture, transfer(number, due))
        new = NewEvidence(pictures=(picture,), invoice=invoice.id)
        (payment,) = self.desk.kasa.payments.submit(self.desk.owner, new).payments
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            (found,) = (
                row
                for row in view.events.about(payment.id)
                if isinstance(row.event, EvidenceSubmitted)
            )
        job = Job(
            tenant=self.desk.owner.tenant,
            event=found.id,
            reaction="payments.verify",
            queue=Queue.MONEY,
            made_at=found.at,
        )
        return lambda: self.desk.run.calls["payments.verify"](job)


def counted(sent: Sequence[Sent]) -> int:
    """Return how many statements were sent; one that is sent for each row counts for each."""
    return sum(one.times for one in sent)


def works(sent: Sequence[Sent]) -> list[list[Sent]]:
    """Return the statements of each transaction."""
    found: list[list[Sent]] = []
    for one in sent:
        if one.text.startswith("BEGIN"):
            found.append([])
        found[-1].append(one)
    return found
