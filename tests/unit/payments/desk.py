"""A shop whose pictures say what a test wants: real use cases, scripted reading."""

from decimal import Decimal
from hashlib import sha256

import attrs

from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.submitting import NewEvidence
from kasa.application.payments.verifying import VERIFY
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import PaymentCase
from kasa.application.ports.recognizer import RecognizerBusy
from kasa.application.running import RunJob
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import CustomerId, TenantId, UserId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.domain.tenancy.tenant import TenantProfile


@attrs.define
class ScriptedReader:
    """Says what each picture shows, by its bytes; an unknown picture cannot be read now."""

    shown: dict[str, PaymentEvidence] = attrs.field(factory=dict)
    asked: int = 0

    def show(self, picture: bytes, evidence: PaymentEvidence) -> None:
        """Let a picture show an evidence."""
        self.shown[sha256(picture).hexdigest()] = evidence

    def read(self, case: PaymentCase, *, at: object) -> PaymentEvidence:
        """Return what the payment's picture shows."""
        del at
        self.asked += 1
        found = self.shown.get(case.pictures[0].sha256)
        if found is None:
            raise RecognizerBusy
        return found


@attrs.define(kw_only=True)
class Desk:
    """One shop with an account, a product, and people."""

    kasa: Kasa
    ports: Ports
    clock: StoppedClock
    reader: ScriptedReader
    run: RunJob
    owner: Actor
    cloth: Product

    @classmethod
    def open(cls, ports: Ports | None = None, clock: StoppedClock | None = None) -> "Desk":
        """Open a shop at the moment around which the receipts were paid."""
        clock = clock or StoppedClock(PAID_AT)
        ports = ports or memory_ports(clock=clock)
        kasa = Kasa.over(ports)
        reader = ScriptedReader()
        tenant = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Sokha Textiles")))
        owner = person(ports, tenant.id, Role.OWNER)
        account = NewAccount(bank="ABA", number="010959385", names=NAMES)
        kasa.payments.add_account(owner, account)
        cloth = ProductFields(name="Cloth", code="CLOTH", price=Decimal(25_000), currency=KHR)
        return cls(
            kasa=kasa,
            ports=ports,
            clock=clock,
            reader=reader,
            run=scripted(kasa, ports, reader),
            owner=owner,
            cloth=kasa.inventory.add_product(owner, cloth, on_hand=10),
        )

    def person(self, role: Role) -> Actor:
        """Return a member of the shop."""
        return person(self.ports, self.owner.tenant, role)

    def issue(self, quantity: int = 1, customer: CustomerId | None = None) -> Invoice:
        """Issue an invoice over some cloth, 25,000 riel each."""
        line = WantedLine(product=self.cloth.id, quantity=Decimal(quantity))
        wanted = WantedInvoice(lines=(line,), customer=customer)
        draft = self.kasa.invoicing.draft(self.owner, wanted)
        return self.kasa.invoicing.issue(self.owner, draft.id)

    def submit(
        self, evidence: PaymentEvidence, invoice: Invoice | None = None, *, picture: bytes = b""
    ) -> Payment:
        """Send a picture that shows an evidence, and have every job done."""
        picture = picture or f"picture {len(self.reader.shown)}".encode()
        self.reader.show(picture, evidence)
        new = NewEvidence(pictures=(picture,), invoice=invoice.id if invoice else None)
        (payment,) = self.kasa.payments.submit(self.owner, new).payments
        self.drain()
        return self.payment(payment)

    def drain(self) -> None:
        """Do every job."""
        self.ports.worker.drain(self.run)

    def payment(self, payment: Payment) -> Payment:
        """Return a payment as it is now."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return view.payments.show(payment.id)

    def invoice(self, invoice: Invoice) -> Invoice:
        """Return an invoice as it is now."""
        return self.kasa.invoicing.queries.invoice(self.owner, invoice.id).invoice

    def on_hand(self) -> int:
        """Return how much cloth is on the shelf."""
        return self.kasa.inventory.queries.level(self.owner, self.cloth.id).level.on_hand

    def credit(self, customer: Customer) -> int:
        """Return the riel that a customer has to their credit."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return sum(one.balance.minor for one in view.credits.of_customer(customer.id))

    def kinds(self, payment: Payment) -> list[str]:
        """Return what happened to a payment, oldest first."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return [row.event.kind.partition(".")[2] for row in view.events.about(payment.id)]


def person(ports: Ports, tenant: TenantId, role: Role) -> Actor:
    """Return a member of a shop."""
    return Actor.member(tenant, UserId(ports.ids.new(ports.clock.now())), role)


def scripted(kasa: Kasa, ports: Ports, reader: ScriptedReader) -> RunJob:
    """Return kasa's jobs, with reading as the script says."""
    verify = attrs.evolve(kasa.payments.verify, reader=reader)
    return attrs.evolve(kasa.run, calls={**kasa.run.calls, VERIFY: verify})


def transfer(number: int, amount: int = 25_000) -> PaymentEvidence:
    """Return a success screen of its own transfer, some minutes apart from the others."""
    return aba_success(
        amount=read(Money(amount, KHR)), references={"aba.trx": read(f"{number * 7919:011d}")}
    )
