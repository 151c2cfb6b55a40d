"""The journey of a receipt, step by step: the same steps over memory and over PostgreSQL."""

from decimal import Decimal
from uuid import UUID

import attrs

from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.payment import Payment
from kasa.domain.tenancy.tenant import TenantProfile

RECEIVER = "SOKHA TEXTILES"
ACCOUNT = "001234567"


@attrs.define(kw_only=True)
class Steps:
    """One shop that sells scarves in riel, and what happens in it."""

    kasa: Kasa
    ports: Ports
    owner: Actor
    scarf: Product
    krama: Product

    @classmethod
    def open(cls, kasa: Kasa, ports: Ports) -> "Steps":
        """Open the shop, name its account, and put 10 scarves and 20 kramas on the shelf."""
        tenant = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Sokha Textiles")))
        user = UserId(ports.ids.new(ports.clock.now()))
        owner = Actor.member(tenant.id, user, Role.OWNER)
        kasa.payments.add_account(owner, NewAccount(bank="ABA", number=ACCOUNT, names=(RECEIVER,)))
        scarf = ProductFields(name="Silk scarf", code="SCARF", price=Decimal(15000), currency=KHR)
        krama = ProductFields(name="Krama", code="KRAMA", price=Decimal(5000), currency=KHR)
        return cls(
            kasa=kasa,
            ports=ports,
            owner=owner,
            scarf=kasa.inventory.add_product(owner, scarf, on_hand=10),
            krama=kasa.inventory.add_product(owner, krama, on_hand=20),
        )

    @property
    def transfer(self) -> str:
        """The bank's number of a transfer, another one for every shop."""
        return f"{self.owner.tenant.int % 10**11:011d}"

    def issue(self, scarves: int = 2, kramas: int = 2) -> Invoice:
        """Draft and issue an invoice; 2 scarves and 2 kramas are 40,000 riel."""
        lines = (
            WantedLine(product=self.scarf.id, quantity=Decimal(scarves)),
            WantedLine(product=self.krama.id, quantity=Decimal(kramas)),
        )
        draft = self.kasa.invoicing.draft(self.owner, WantedInvoice(lines=lines))
        return self.kasa.invoicing.issue(self.owner, draft.id)

    def receipt(
        self, riel: int = 40_000, *, transfer: str = "", receiver: str = RECEIVER
    ) -> SampleReceipt:
        """Return what the customer's bank shows: paid just now, to the minute."""
        return SampleReceipt(
            look=SampleLook.ABA_SUCCESS,
            amount=Money(riel, KHR),
            recipient=receiver,
            payer="DARA CHAN",
            paid_at=self.ports.clock.now(),
            references=(("aba.trx", transfer or self.transfer),),
            payer_account="009876543",
        )

    def submit(self, picture: bytes, invoice: Invoice | None = None) -> Payment:
        """Send a picture in answer to an invoice, and have it judged."""
        new = NewEvidence(pictures=(picture,), invoice=invoice.id if invoice else None)
        (payment,) = self.kasa.payments.submit(self.owner, new).payments
        self.ports.worker.drain(self.kasa.run)
        return self.payment(payment)

    def payment(self, payment: Payment) -> Payment:
        """Return a payment as it is now."""
        return self.kasa.payments.queries.payment(self.owner, payment.id)

    def invoice(self, invoice: Invoice) -> Invoice:
        """Return an invoice as it is now."""
        return self.kasa.invoicing.queries.invoice(self.owner, invoice.id).invoice

    def stock(self, product: Product) -> tuple[int, int]:
        """Return on hand and reserved of a product."""
        row = self.kasa.inventory.queries.level(self.owner, product.id)
        return row.level.on_hand, row.level.reserved

    def history(self, subject: UUID) -> list[str]:
        """Return the kinds of what happened to a thing, oldest first."""
        return [row.event.kind for row in self.kasa.operations.read_history(self.owner, subject)]

    def failures(self) -> list[str]:
        """Return the codes of the jobs that gave up."""
        return [row.code for row in self.ports.worker.failed(self.owner.tenant)]
