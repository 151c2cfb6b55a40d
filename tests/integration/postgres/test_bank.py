"""Asking the bank over PostgreSQL: at once, cut off in the middle, and again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import attrs
import pytest

from kasa.adapters.conformance.receipts import acleda
from kasa.adapters.conformance.strategies_payments import NAMES, read
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.payment_providers import ScriptedBankChecker
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.asking import ASK_AGAIN
from kasa.application.payments.showing import ASK_CODE
from kasa.application.ports.jobs import Done, Job, Queue, RunJobCall
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.asking import PastQuestion
from kasa.domain.payments.bank_reply import BankReply, Found, QuestionKind
from kasa.domain.payments.events import BankAskDue, CodeAskDue
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.integration.conftest import Database
from tests.unit.payments.desk import Desk

pytestmark = pytest.mark.integration

THREADS = 4


class CutOff(BaseException):
    """The process ends while the bank is asked."""


class MortalBank(ScriptedBankChecker):
    """A bank during whose answer the process ends, as often as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.deaths = 0

    def by_short_hash(self, value: str, money: Money) -> BankReply:
        """Answer, or end the process."""
        if self.deaths:
            self.deaths -= 1
            raise CutOff
        return super().by_short_hash(value, money)


@attrs.define(kw_only=True)
class Stage:
    """A shop over PostgreSQL, its bank, the time, and the hash of a transfer of its own."""

    desk: Desk
    bank: MortalBank
    clock: StoppedClock
    hash: str

    def job(self, kind: type[Event], reaction: str, *, past: int = -1) -> Job:
        """Return the job of the newest event of a kind."""
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            rows = sorted(
                view.events.trail(kinds=(kind.kind,), limit=100).items, key=lambda row: row.id
            )
        return Job(
            tenant=self.desk.owner.tenant,
            event=rows[past].id,
            reaction=reaction,
            queue=Queue.MONEY,
            made_at=rows[past].at,
        )

    def count(self, kind: type[Event]) -> int:
        """Return how many events of a kind there are."""
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            return len(view.events.trail(kinds=(kind.kind,), limit=100).items)

    def asked(self, payment: Payment) -> list[PastQuestion]:
        """Return what was asked about a payment."""
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            return list(view.bank_questions.of_payment(payment.id))

    def of(self, invoice: Invoice) -> list[Payment]:
        """Return the payments of an invoice."""
        with self.desk.ports.unit_of_work(self.desk.owner) as work:
            return list(work.payments.of_invoice(invoice.id))

    def receipt(self) -> PaymentEvidence:
        """Return a receipt of now whose receiver cannot be read."""
        return acleda(
            recipient_account=ABSENT,
            recipient_name=UNREADABLE,
            debited=ABSENT,
            paid_at=read(self.clock.now()),
            references={"bakong.hash8": read(self.hash[:8])},
        )


@pytest.fixture(name="stage")
def _stage(database: Database) -> Stage:
    """Open the shop an hour ahead of the queue's clock: what is due later runs by hand only."""
    clock, bank = StoppedClock(datetime.now(UTC) + timedelta(hours=1)), MortalBank()
    ports = attrs.evolve(database.ports(clock=clock), bank=bank)
    desk = Desk.open(ports, clock)
    account = NewAccount(bank="ACLEDA", number="012345678", names=NAMES, bakong_id="sokha@aclb")
    desk.kasa.payments.add_account(desk.owner, account)
    shop = sha256(desk.owner.tenant.bytes).hexdigest()
    return Stage(desk=desk, bank=bank, clock=clock, hash=shop)


def at_once(run: RunJobCall, job: Job) -> None:
    """Run one job in several threads at once, each until it is done."""

    def end(_number: int) -> None:
        while not isinstance(run(job), Done):
            pass

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(end, range(THREADS)))


def test_two_askers_at_once_plan_one_next_question(stage: Stage) -> None:
    """The same job in several hands judges once: one answer counts, one question follows."""
    waits = stage.desk.submit(stage.receipt(), stage.desk.issue())
    assert PaymentState.WAITING is waits.state
    assert 1 == stage.count(BankAskDue)
    stage.clock.pass_time(timedelta(seconds=2))
    at_once(stage.desk.kasa.run, stage.job(BankAskDue, ASK_AGAIN))
    assert 2 == stage.count(BankAskDue)
    assert PaymentState.WAITING is stage.desk.payment(waits).state


def test_a_late_twin_of_an_earlier_moment_does_nothing(stage: Stage) -> None:
    """A job whose moment has passed and was used asks nobody."""
    stage.desk.submit(stage.receipt(), stage.desk.issue())
    stage.clock.pass_time(timedelta(seconds=2))
    first = stage.job(BankAskDue, ASK_AGAIN)
    assert isinstance(stage.desk.kasa.run(first), Done)
    asked = len(stage.bank.asked)
    assert isinstance(stage.desk.kasa.run(first), Done)
    assert (asked, 2) == (len(stage.bank.asked), stage.count(BankAskDue))


def test_cut_off_in_the_middle_it_is_asked_again(stage: Stage) -> None:
    """The question counts without an answer; the repeated job goes on as if nothing was."""
    waits = stage.desk.submit(stage.receipt(), stage.desk.issue())
    stage.clock.pass_time(timedelta(seconds=2))
    job = stage.job(BankAskDue, ASK_AGAIN)
    stage.bank.deaths = 1
    with pytest.raises(CutOff):
        stage.desk.kasa.run(job)
    assert 1 == stage.count(BankAskDue)
    assert isinstance(stage.desk.kasa.run(job), Done)
    assert ["not_found", "", "not_found"] == [one.answer for one in stage.asked(waits)]
    assert 2 == stage.count(BankAskDue)


def test_a_code_that_was_paid_is_taken_once(stage: Stage) -> None:
    """Several hands find the same payment: it settles its invoice once."""
    invoice = stage.desk.issue()
    shown = stage.desk.kasa.payments.show_code(stage.desk.owner, invoice.id)
    moved = Found(hash=stage.hash, amount=Money(25_000, KHR), created=stage.clock.now())
    stage.bank.pay(moved, md5=shown.md5)
    stage.clock.pass_time(timedelta(seconds=2))
    at_once(stage.desk.kasa.run, stage.job(CodeAskDue, ASK_CODE))
    (paid,) = stage.of(invoice)
    assert PaymentState.APPROVED is paid.state
    assert InvoiceState.PAID is stage.desk.invoice(invoice).state
    assert {(QuestionKind.OWN_CODE, shown.md5)} == set(stage.bank.asked)


def test_a_claim_and_a_code_meet_in_one_payment(stage: Stage) -> None:
    """Somebody says to have paid while the code is being asked for: one payment, settled once."""
    invoice = stage.desk.issue()
    shown = stage.desk.kasa.payments.show_code(stage.desk.owner, invoice.id)
    code = stage.job(CodeAskDue, ASK_CODE)
    claim = stage.desk.kasa.payments.say_paid(stage.desk.owner, invoice.id)
    moved = Found(hash=stage.hash, amount=Money(25_000, KHR), created=stage.clock.now())
    stage.bank.pay(moved, md5=shown.md5)
    with ThreadPoolExecutor(2) as threads:
        asking = threads.submit(at_once, stage.desk.kasa.run, code)
        verifying = threads.submit(stage.desk.drain)
        asking.result()
        verifying.result()
    approved = [one for one in stage.of(invoice) if one.state is PaymentState.APPROVED]
    assert [claim.id] == [one.id for one in approved]
    assert InvoiceState.PAID is stage.desk.invoice(invoice).state
