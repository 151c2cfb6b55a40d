"""A shop in which there is something of everything that a store can be asked for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import attrs

from kasa.adapters.conformance.payments.ledgers import keys
from kasa.adapters.conformance.payments.making import picture_of
from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.constraints import StoreFault
from kasa.application.inventory.counting import CountedLine
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.inventory.reserving import WantedGoods
from kasa.application.payments.deciding import Cash
from kasa.application.ports.bank_questions import BankQuestion
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import EventsMoved
from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.invoicing import InvoiceFilter
from kasa.application.ports.jobs import Job, Queue
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.domain.files.file import FileKind
from kasa.domain.invoicing.balance import CreditEntry
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.numbering import Series
from kasa.domain.kernel.ids import BankQuestionId, ContactId, SkuId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.kernel.text import name, phone
from kasa.domain.payments.bank_reply import QuestionKind
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantOpened
from tests.integration.postgres.foreign import Undone, without_claims
from tests.integration.postgres.things import DAY, DOCUMENT, MD5, PART, RATE, SOAP, shown
from tests.unit.payments.alerting import aba_text, take
from tests.unit.payments.desk import Desk


@attrs.define(slots=False)
class Walk:
    """A shop and its things; ``asking`` and ``viewing`` call what no use case needs."""

    desk: Desk

    @classmethod
    def through(cls, ports: Ports) -> "Walk":
        """Make the shop and ask everything once."""
        clock = StoppedClock(PAID_AT)
        walk = cls(Desk.open(attrs.evolve(ports, clock=clock), clock))
        walk.sell()
        walk.keep_goods()
        walk.prepare()
        walk.ask()
        walk.ask_goods()
        walk.view()
        walk.view_goods()
        return walk

    def asking(self, *acts: Callable[[UnitOfWork], object]) -> None:
        """Do each in a unit of work of its own that is rolled back."""
        refused = suppress(Undone, EventsMoved, StoreFault)
        for act in acts:
            with refused, self.desk.ports.unit_of_work(self.desk.owner) as work:
                without_claims(work)
                act(work)
                raise Undone

    def viewing(self, *acts: Callable[[ReadOnly], object]) -> None:
        """Do each in a view."""
        for act in acts:
            with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
                act(view)

    def sell(self) -> None:
        """Sell to a customer who pays, and take goods back."""
        desk, kasa, owner = self.desk, self.desk.kasa, self.desk.owner
        details = CustomerDetails(name=name("Dara Chan"), phone=phone("012345678"))
        self.soap = kasa.inventory.add_product(owner, SOAP)
        cost = ReceivedLine(
            product=self.soap.id,
            quantity=Decimal(5),
            total_cost=Money(900, KHR),
            already_there=Decimal(0),
        )
        kasa.inventory.receive(owner, [cost])
        self.customer = kasa.invoicing.add_customer(owner, details)
        self.paid = desk.issue(2, self.customer.id)
        self.open = desk.issue(1, self.customer.id)
        line = WantedLine(product=desk.cloth.id, quantity=Decimal(1))
        self.draft = kasa.invoicing.draft(owner, WantedInvoice(lines=(line,)))
        kasa.payments.record(owner, Cash(invoice=self.paid.id, amount=Money(60_000, KHR)))
        self.note = kasa.invoicing.issue_credit_note(
            owner, self.paid.id, WantedNote(reason=CreditReason.GOODWILL)
        )
        self.payment = desk.submit(aba_success(), self.open)
        self.account = kasa.payments.queries.accounts(owner)[0]
        self.number = str(self.paid.number)
        first, second = take(desk, aba_text()), take(desk, aba_text("៛7,000", number=2), message=2)
        assert first.alert is not None
        assert second.alert is not None
        self.alert, self.lone = first.alert, second.alert
        self.waiting = desk.submit(aba_success(amount=read(Money(1, KHR))), self.open)
        desk.issue(1)
        kasa.invoicing.set_rate(owner, RATE)
        self.file = kasa.files.store(owner, DOCUMENT)

    def keep_goods(self) -> None:
        """Keep goods for somebody, and count them."""
        kasa, owner, cloth = self.desk.kasa, self.desk.owner, self.desk.cloth
        until = PAID_AT + timedelta(days=1)
        wanted = WantedGoods(product=cloth.id, quantity=Decimal(1), until=until)
        self.kept = kasa.inventory.reserve(owner, wanted)
        self.count = kasa.inventory.open_count(owner, [cloth.id])
        line = CountedLine(product=cloth.id, counted=Decimal(7))
        self.count = kasa.inventory.enter_count(owner, self.count.id, [line])
        with self.desk.ports.unit_of_work.read_only(owner) as view:
            self.movement = view.stock.movements(MovementFilter()).items[0]
            self.opened = view.events.about(owner.tenant)[0]

    def prepare(self) -> None:
        """Show a code, ask the bank about it, and join a message to a payment."""
        code = shown(self.open.id)
        question = BankQuestion(
            id=BankQuestionId(self.paid.id),
            kind=QuestionKind.OWN_CODE,
            value=MD5,
            asked_at=PAID_AT,
            invoice=self.open.id,
            payment=self.payment.id,
        )
        with self.desk.ports.unit_of_work(self.desk.owner) as work:
            without_claims(work)
            work.alerts.join(self.lone.id, self.waiting.id)
            work.accounts.set_policy(MatchPolicy(threshold=90))
            work.khqr.add(code)
            work.bank_questions.spent(question, since=PAID_AT)
            work.bank_questions.add(question)

    def ask(self) -> None:
        """Ask every store what no use case asked."""
        picture = picture_of(self.desk.ports, self.waiting, "ab" * 32)
        entry = CreditEntry(
            id=uuid4(), customer=self.customer.id, change=Money(-1, KHR), at=PAID_AT
        )
        self.asking(
            lambda work: work.tenants.save(work.tenants.lock()),
            lambda work: work.accounts.save(work.accounts.lock(self.account.id)),
            lambda work: work.accounts.set_policy(MatchPolicy(threshold=91)),
            lambda work: work.alerts.at(self.alert.chat, self.alert.message),
            lambda work: work.alerts.save(work.alerts.lock(self.alert.id)),
            lambda work: work.alerts.unjoined(
                Money(25_000, KHR), since=PAID_AT - timedelta(days=9)
            ),
            lambda work: work.payments.near(self.waiting.id, aba_success()),
            lambda work: work.alerts.of_payment(self.waiting.id),
            lambda work: work.alerts.used(self.waiting.id, keys("48010202442")),
            lambda work: work.alerts.join(self.alert.id, self.payment.id),
            lambda work: work.bank_questions.answered(BankQuestionId(self.paid.id), "{}", 200),
            lambda work: work.counts.opened(self.count.location),
            lambda work: work.counts.save(work.counts.lock(self.count.id)),
            lambda work: work.customers.save(self.customer),
            lambda work: work.customers.lock(self.customer.id),
            lambda work: work.customers.get(self.customer.id),
            lambda work: work.credits.append(entry),
            lambda work: work.credits.lock(self.customer.id, KHR),
            lambda work: work.credits.of_invoice(self.paid.id),
            lambda work: work.files.get(self.file.id),
            lambda work: work.files.remove(work.files.lock(self.file.id)),
            lambda work: work.invoices.candidates(),
            lambda work: work.invoices.by_number(self.number),
            lambda work: work.invoices.entries(self.paid.id),
            lambda work: work.invoices.discard(self.draft.id),
            lambda work: work.khqr.shown_for(MD5),
            lambda work: work.payments.lock(self.payment.id),
            lambda work: work.payments.get(self.payment.id),
            lambda work: work.payments.evidence_of(self.payment.id),
            lambda work: work.payments.of_invoice(self.open.id),
            lambda work: work.payments.payers([self.customer.id]),
            lambda work: work.payments.asked_since(PAID_AT - timedelta(days=9), ContactId(uuid4())),
            lambda work: work.payments.attach(self.waiting.id, [picture]),
        )

    def ask_goods(self) -> None:
        """Ask every store of goods and figures what no use case asked."""
        cloth, place = SkuId(self.desk.cloth.id), self.movement.place
        later = PAID_AT + timedelta(days=30)
        self.asking(
            lambda work: work.products.get(self.desk.cloth.id),
            lambda work: work.products.by_code("CLOTH"),
            lambda work: work.products.by_barcode("8840000000017"),
            lambda work: work.products.save(work.products.lock(self.desk.cloth.id)),
            lambda work: work.rates.on(USD, KHR, source="nbc_daily", day=DAY),
            lambda work: work.series.names(),
            lambda work: work.series.set(Series(name="X", year=2026)),
            lambda work: work.stock.drifts(),
            lambda work: work.stock.due(later, limit=9),
            lambda work: work.stock.expired({cloth}, later),
            lambda work: work.stock.held({cloth}),
            lambda work: work.stock.owed({cloth}),
            lambda work: work.stock.history(place),
            lambda work: work.stock.is_reversed(self.movement.id),
            lambda work: work.stock.is_valued(),
            lambda work: work.stock.value_in(KHR),
            lambda work: work.stock.manual_count(),
            lambda work: work.stock.movement(self.movement.id),
            lambda work: work.stock.reservation(self.kept.id),
            lambda work: work.stock.seen(place, later),
            lambda work: work.stock.rewrite(work.stock.lock({cloth}, place[1]).level(place)),
            lambda work: work.archive.take_out([self.opened.id], PART, before=later),
            lambda work: work.answers.forget(before=later, limit=9),
            lambda work: work.usage.recount(Meter.PRODUCTS),
            lambda work: work.usage.release(Meter.PRODUCTS, 1, period=CAPACITY_PERIOD),
            lambda work: work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD),
        )

    def view(self) -> None:
        """Ask every view."""
        job = Job(
            tenant=self.desk.owner.tenant,
            event=self.opened.id,
            reaction="x",
            queue=Queue.BULK,
            made_at=PAID_AT,
        )
        long = Period(PAID_AT - timedelta(days=900), PAID_AT + timedelta(days=900))
        due = Money(25_000, KHR)
        self.viewing(
            lambda view: view.accounts.listed(),
            lambda view: view.accounts.policy(),
            lambda view: view.accounts.show(self.account.id),
            lambda view: view.alerts.listed(),
            lambda view: view.alerts.show(self.alert.id),
            lambda view: view.alerts.unjoined(due, since=long.start),
            lambda view: view.alerts.without_alert(due, since=long.start),
            lambda view: view.bank_questions.codes(self.open.id),
            lambda view: view.bank_questions.of_code(MD5),
            lambda view: view.bank_questions.of_payment(self.payment.id),
            lambda view: view.books.differences(),
            lambda view: view.credits.note(self.note.id),
            lambda view: view.credits.page(),
            lambda view: (view.series.listed(), view.rates.page(), view.usage.counted(DAY)),
            lambda view: view.credits.of_customer(self.customer.id),
            lambda view: view.customers.page(),
            lambda view: view.customers.show(self.customer.id),
            lambda view: view.events.about(self.paid.id),
            lambda view: view.events.fact(job, TenantOpened),
            lambda view: view.events.trail(),
            lambda view: view.files.listed(),
            lambda view: view.files.show(self.file.id),
            lambda view: view.files.with_checksum(self.file.sha256),
            lambda view: view.invoices.by_number(self.number),
            lambda view: view.invoices.counts(DAY),
            lambda view: view.invoices.page(InvoiceFilter(today=DAY)),
            lambda view: view.khqr.codes_of([self.open.id]),
            lambda view: view.payments.case_of(self.payment),
            lambda view: view.payments.evidence_of(self.payment.id),
            lambda view: view.payments.listed(),
            lambda view: view.payments.near(aba_success()),
            lambda view: view.payments.used(keys("48010202442")),
            lambda view: view.tenants.show(),
            lambda view: view.archive.oldest(before=long.end),
            lambda view: view.archive.due(since=long.start, until=long.end, limit=9),
            lambda view: view.archive.parts(),
            lambda view: view.tables.schema(),
            lambda view: view.tables.names(),
            lambda view: tuple(view.tables.lines("tenants")),
            lambda view: view.tables.counts(),
            lambda view: view.files.older(FileKind.DOCUMENT, before=long.end, limit=9),
            lambda view: view.files.spent_receipts(before=long.end, limit=9),
        )

    def view_goods(self) -> None:
        """Ask the views of stock."""
        cloth, place = SkuId(self.desk.cloth.id), self.movement.place
        long = Period(PAID_AT - timedelta(days=900), PAID_AT + timedelta(days=900))
        self.viewing(
            lambda view: view.stock.book({cloth}, place[1]),
            lambda view: view.stock.cost_of_goods(long),
            lambda view: view.stock.count(self.count.id),
            lambda view: view.stock.find("CLOTH"),
            lambda view: view.stock.level(self.desk.cloth.id),
            lambda view: view.stock.levels(),
            lambda view: view.stock.low(None),
            lambda view: view.stock.owed(),
            lambda view: view.stock.product(self.desk.cloth.id),
            lambda view: view.stock.products(),
            lambda view: view.stock.reservations(),
            lambda view: view.stock.reservations_of(self.kept.source.kind, self.kept.source.id),
            lambda view: view.stock.valuation(),
        )
