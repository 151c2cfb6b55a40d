"""A day in one shop, told by use cases: what they answer and record becomes the samples."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.files.storing import NewFile
from kasa.application.inventory.counting import CountedLine
from kasa.application.inventory.moving import AdjustedLine, BroughtBack
from kasa.application.inventory.products import ProductFields
from kasa.application.inventory.receiving import ReceivedLine
from kasa.application.inventory.reserving import WantedGoods
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.alerting import AlertMessage
from kasa.application.payments.deciding import Approval, Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job
from kasa.domain.files.file import FileKind
from kasa.domain.inventory.movement import MovementReason
from kasa.domain.invoicing.annotations import Annotations
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.events import Event, RecordedEvent
from kasa.domain.kernel.foreign import Metadata
from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, Money
from kasa.domain.kernel.text import Phone, name
from kasa.domain.payments.alerts.reading import Envelope, Sender
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.expected_payment import MatchPolicy
from tests.unit.journeys.steps import Steps
from tests.unit.journeys.test_invoice_to_paid import photographed
from tests.unit.samples.story_people import people, programs

CUSTOMER = CustomerDetails(name=name("Dara Chan"), phone=Phone("+85512345678"))
Chapters = tuple[Callable[[Steps, StoppedClock], Iterator[Any]], ...]


@attrs.define(kw_only=True)
class Story:
    """What was told: answers by the name of their type, events by their kind; the last one wins."""

    answers: dict[str, Any] = attrs.Factory(dict)
    events: dict[str, Event] = attrs.Factory(dict)


def told(ports: Ports, clock: StoppedClock, chapters: Chapters | None = None) -> Story:
    """Return everything that the story's use cases answered and recorded, over any ports."""
    steps = Steps.open(Kasa.over(ports), ports)
    story = Story()
    for chapter in chapters or CHAPTERS:
        for answer in chapter(steps, clock):
            story.answers[type(answer).__qualname__] = answer
    for row in _everything(steps):
        story.events.setdefault(row.event.kind, row.event)
    return story


def told_in_memory(chapters: Chapters | None = None) -> Story:
    """Return the story over dictionaries: the same in every run."""
    clock = StoppedClock()
    return told(memory_ports(clock=clock), clock, chapters or IN_MEMORY)


def _everything(steps: Steps) -> Iterator[RecordedEvent]:
    read = steps.kasa.operations.read_audit
    page = read(steps.owner, limit=100)
    yield from page.items
    while page.next is not None:
        page = read(steps.owner, after=page.next, limit=100)
        yield from page.items


def _house(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    profile = attrs.evolve(kasa.tenancy.queries.tenant(owner).profile, auto_apply_credit=False)
    yield kasa.tenancy.change_profile(owner, profile)
    yield kasa.tenancy.suspend(owner)
    yield kasa.tenancy.reopen(owner)
    yield kasa.payments.set_policy(owner, MatchPolicy(ceilings=(Money(10**6, KHR),)))
    (account,) = kasa.payments.queries.accounts(owner)
    yield kasa.payments.set_accepted_names(owner, account.id, ("SOKHA TEXTILES", "SOKHA T."))
    rate = Decimal("4095.5")
    yield kasa.invoicing.set_rate(
        owner,
        ExchangeRate(base=USD, quote=KHR, rate=rate, on=date(2026, 11, 2), source="nbc_daily"),
    )
    logo = NewFile(kind=FileKind.LOGO, name="logo.png", media_type="image/png", data=b"a logo")
    file = kasa.files.store(owner, logo)
    kasa.files.remove(owner, file.id)
    yield file


def _goods(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner, scarf = steps.kasa, steps.owner, steps.scarf
    yield scarf
    received = ReceivedLine(product=scarf.id, quantity=Decimal(5), total_cost=Money(40_000, KHR))
    done = kasa.inventory.receive(owner, [received], words="Supplier, note 17")
    yield done
    lost = AdjustedLine(product=scarf.id, reason=MovementReason.DAMAGED, delta=Decimal(-1))
    yield kasa.inventory.adjust(owner, [lost])
    until = clock.now() + timedelta(days=2)
    wanted = WantedGoods(product=scarf.id, quantity=Decimal(1), until=until, words="for Dara")
    reservation = kasa.inventory.reserve(owner, wanted)
    yield kasa.inventory.release(owner, reservation.id)
    yield kasa.inventory.audit(owner)
    yield kasa.inventory.rebuild(owner, scarf.id)
    yield kasa.operations.reconcile(owner)


def _count(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    count = kasa.inventory.open_count(owner, [steps.scarf.id])
    line = CountedLine(product=steps.scarf.id, counted=Decimal(13))
    kasa.inventory.enter_count(owner, count.id, [line])
    yield kasa.inventory.commit_count(owner, count.id)
    other = kasa.inventory.open_count(owner)
    kasa.inventory.cancel_count(owner, other.id)


def _draft(steps: Steps, customer: Any = None) -> Any:
    lines = (WantedLine(product=steps.scarf.id, quantity=Decimal(2)),)
    wanted = WantedInvoice(lines=lines, customer=customer, note="Thank you")
    return steps.kasa.invoicing.draft(steps.owner, wanted)


def _sale(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    kasa.invoicing.discard(owner, _draft(steps).id)
    yield kasa.invoicing.set_series_start(owner, "X", first=100)
    customer = kasa.invoicing.add_customer(owner, CUSTOMER)
    yield kasa.invoicing.edit_customer(
        owner, customer.id, attrs.evolve(CUSTOMER, address="St. 63"), version=customer.version
    )
    draft = _draft(steps, customer.id)
    yield kasa.invoicing.preview(owner, WantedInvoice.of(draft.content))
    beside = Annotations(external_ref="order-17", metadata=Metadata.of({"till": "2"}))
    kasa.invoicing.annotate(owner, draft.id, beside, version=draft.version)
    invoice = kasa.invoicing.issue(owner, draft.id)
    kasa.payments.add_account(
        owner,
        NewAccount(bank="ACLEDA", number="012345678", names=("SOKHA T.",), bakong_id="sokha@aclb"),
    )
    yield kasa.payments.show_code(owner, invoice.id)
    shared = kasa.invoicing.share(owner, invoice.id)
    yield kasa.invoicing.end_link(owner, invoice.id, shared.id)
    clock.pass_time(timedelta(minutes=7))
    picture = photographed(steps, steps.receipt(30_000))
    submitted = kasa.payments.submit(owner, NewEvidence(pictures=(picture,), invoice=invoice.id))
    yield submitted
    steps.ports.worker.drain(kasa.run)
    yield steps.payment(submitted.payments[0])
    steps.submit(picture, invoice)
    back = BroughtBack(line_no=1, quantity=Decimal(1))
    yield kasa.inventory.return_goods(owner, invoice.id, [back])
    note = WantedNote(reason=CreditReason.RETURN, text="One came back")
    yield kasa.invoicing.issue_credit_note(owner, invoice.id, note)
    yield kasa.invoicing.refund_credit(owner, customer.id, Money(10_000, KHR), "cash")
    following = kasa.invoicing.issue(owner, _draft(steps, customer.id).id)
    yield kasa.invoicing.apply_credit(owner, following.id)
    yield steps.invoice(following)


def _review(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    invoice = steps.issue()
    wrong = steps.receipt(4_000, transfer=steps.transfer[::-1])
    payment = steps.submit(photographed(steps, wrong), invoice)
    yield kasa.payments.claim(owner, payment.id)
    rejected = kasa.payments.reject(owner, payment.id, version=payment.version, reason="too little")
    reopened = kasa.payments.reopen(owner, rejected.id, version=rejected.version)
    approval = Approval(version=reopened.version, reason="the rest follows in cash")
    yield kasa.payments.approve(owner, reopened.id, approval)
    yield kasa.payments.record(owner, Cash(invoice=invoice.id, amount=Money(36_000, KHR)))


def _money_back(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    invoice = steps.issue()
    paid = kasa.payments.record(owner, Cash(invoice=invoice.id, amount=Money(40_000, KHR)))
    kasa.payments.refund(owner, paid.id, Money(5_000, KHR), reason="a stain")
    kasa.payments.reverse(owner, paid.id, reason="false note")
    other = steps.issue()
    yield kasa.invoicing.void(owner, other.id, "ordered twice")


def _second_thoughts(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    draft = _draft(steps)
    wanted = WantedInvoice(lines=(WantedLine(product=steps.krama.id, quantity=Decimal(3)),))
    revised = kasa.invoicing.revise(owner, draft.id, wanted, version=draft.version)
    invoice = kasa.invoicing.issue(owner, revised.id)
    kasa.invoicing.write_off(owner, invoice.id, "moved away")
    yield kasa.invoicing.reinstate(owner, invoice.id)
    bag = ProductFields(name="Bag", code="BAG", price=Decimal(9000), currency=KHR)
    product = kasa.inventory.add_product(owner, bag)
    bigger = attrs.evolve(bag, name="Big bag")
    product = kasa.inventory.edit_product(owner, product.id, bigger, version=product.version)
    yield kasa.inventory.archive_product(owner, product.id)
    account = NewAccount(bank="WING", number="0123456", names=("SOKHA TEXTILES",))
    added = kasa.payments.add_account(owner, account)
    yield kasa.payments.archive_account(owner, added.id)


def _alerts(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner

    def post(message: int, text: str) -> Any:
        bot = Envelope(
            bot="AMKPlc_bot",
            chat=-1001,
            message=message,
            sender=Sender.BOUND_BOT,
            chat_bound=True,
        )
        return kasa.payments.take_alert(owner, AlertMessage(envelope=bot, text=text))

    local = clock.now().astimezone(zone(BANK_ZONE))
    first, second = (
        f"**AMK PAY**\n**KHR 40,000** is paid from **CHEA, BOPHA** to **SOKHA TEXTILES** on "
        f"**{local:%d-%m-%Y %I:%M %p}** with Transaction ID: "
        f"**{int(clock.now().timestamp()) * 1000 + no}{no:04d}**"
        for no in (1, 2)
    )
    kept, other = post(1, first), post(2, second)
    yield post(3, first)
    kasa.payments.assign_alert(owner, kept.alert.id, steps.issue().id)
    yield kasa.payments.ignore_alert(owner, other.alert.id)


def _failure(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    kasa, owner = steps.kasa, steps.owner
    new = NewFile(kind=FileKind.MEDIA, name="a.png", media_type="image/png", data=b"a")
    kasa.files.remove(owner, kasa.files.store(owner, new).id)

    def refuse(_: Job) -> None:
        raise Conflict

    broken = attrs.evolve(kasa.run, calls={**kasa.run.calls, "files.remove_bytes": refuse})
    steps.ports.worker.drain(broken)
    (failure,) = kasa.operations.queries.failed_jobs(owner).items
    yield kasa.operations.retry_job(owner, failure.id)
    steps.ports.worker.drain(kasa.run)


CHAPTERS: Chapters = (
    _house,
    _goods,
    _count,
    _sale,
    _review,
    _money_back,
    _second_thoughts,
    _alerts,
    _failure,
)
IN_MEMORY = (*CHAPTERS[:-1], people, programs, CHAPTERS[-1])
"""With what is told over dictionaries alone."""
