"""The bank is asked about payments: first pass, waiting, schedule, codes, alarms."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, acleda
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.payment_providers import NoBankChecker, ScriptedBankChecker
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.deciding import Approval
from kasa.application.payments.showing import BankCannotBeAsked, LifeInvalid, NoCodeShown
from kasa.application.ports.payments import KhqrShown
from kasa.application.workflows.documenting import NoCodeAccount, NothingDue
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import NotFound, Unavailable
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.asking import CALLS_OF_INVOICE_LIMIT
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    QuestionKind,
)
from kasa.domain.payments.bank_reply import (
    NotFound as NotThere,
)
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, PaymentEvidence
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.domain.payments.khqr_reading import md5 as md5_of
from kasa.domain.payments.matching import match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer

HASH = "8465d722d7d5065f2886f0a474a4d34dc6a7855355b611836f7b6111228893e9"
TRANSFER = Found(hash=HASH, amount=Money(25_000, KHR), created=PAID_AT)
OUTAGE = CannotTell(kind=CannotTellKind.OUTAGE)


@attrs.define(kw_only=True)
class BankDesk:
    """A shop with a bank to ask, and a code to show."""

    desk: Desk
    bank: ScriptedBankChecker
    clock: StoppedClock

    def show(self, invoice: Invoice) -> KhqrShown:
        """Show a fresh code for an invoice."""
        return self.desk.kasa.payments.show_code(self.desk.owner, invoice.id)

    def later(self, span: timedelta) -> None:
        """Let time pass, and have every job done that is due."""
        self.clock.pass_time(span)
        self.desk.drain()

    def hours(self, hours: int) -> None:
        """Let hours pass, minute by minute as a worker would see them."""
        for _ in range(hours * 12):
            self.later(timedelta(minutes=5))

    def of(self, invoice: Invoice) -> list[Payment]:
        """Return the payments of an invoice, oldest first."""
        owner = self.desk.owner
        with self.desk.ports.unit_of_work(owner) as work:
            return list(work.payments.of_invoice(invoice.id))

    def alarms(self) -> list[str]:
        """Return what the operator was told."""
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            rows = view.events.trail(kinds=(OperatorAlert.kind,), limit=100).items
        return [row.event.code for row in rows if isinstance(row.event, OperatorAlert)]

    def set_policy(self, policy: MatchPolicy) -> None:
        """Set the shop's own rules."""
        self.desk.kasa.payments.set_policy(self.desk.owner, policy)


def opened() -> BankDesk:
    """Open the shop at the moment around which the receipts were paid."""
    clock, bank = StoppedClock(PAID_AT), ScriptedBankChecker()
    ports = attrs.evolve(memory_ports(clock=clock), bank=bank)
    desk = Desk.open(ports, clock)
    account = NewAccount(bank="ACLEDA", number="012345678", names=NAMES, bakong_id="sokha@aclb")
    desk.kasa.payments.add_account(desk.owner, account)
    return BankDesk(desk=desk, bank=bank, clock=clock)


@pytest.fixture(name="shop")
def _shop() -> BankDesk:
    """Open the shop."""
    return opened()


def hashed(**changes: Any) -> PaymentEvidence:
    """Return a receipt that shows a short hash and whose receiver cannot be read."""
    shown = {
        "recipient_account": ABSENT,
        "recipient_name": UNREADABLE,
        "debited": ABSENT,
        "references": {
            "acleda.ref": read("62570012345"),
            "bakong.hash8": read(HASH[:8]),
        },
    }
    return acleda(**{**shown, **changes})


def codes(payment: Payment) -> list[str]:
    """Return the reasons of a payment's verdict."""
    assert payment.verdict is not None
    return [reason.value for reason in payment.verdict.reasons]


def replayed(payment: Payment) -> bool:
    """Whether the stored inputs give the stored verdict again."""
    assert payment.inputs is not None
    return match(payment.inputs) == payment.verdict


def test_a_shown_code_is_dynamic_and_remembered(shop: BankDesk) -> None:
    """It asks for what is due, names the invoice, lives 10 minutes, and is an own code of it."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    assert md5_of(shown.payload) == shown.md5
    assert invoice.number is not None
    assert invoice.number.text in shown.payload
    assert (Money(25_000, KHR), PAID_AT + timedelta(minutes=10)) == (
        shown.amount,
        shown.expires_at,
    )
    with shop.desk.ports.unit_of_work.read_only(shop.desk.owner) as view:
        assert shown.md5 in view.khqr.codes_of([invoice.id])[invoice.id]


def test_a_paid_code_settles_its_invoice_by_itself(shop: BankDesk) -> None:
    """Nobody sends a picture: the bank is asked, and what it found is approved with 1.00."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.later(timedelta(seconds=2))
    assert [] == shop.of(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(seconds=4))
    (payment,) = shop.of(invoice)
    assert payment.verdict is not None
    assert (PaymentState.APPROVED, 100) == (payment.state, payment.verdict.points)
    assert 108 == sum(row.points for row in payment.verdict.outcomes)
    assert InvoiceState.PAID is shop.desk.invoice(invoice).state
    assert replayed(payment)


def test_a_code_is_asked_for_by_the_schedule_and_then_no_more(shop: BankDesk) -> None:
    """2 s doubling to 60 s while it lives, five late questions, at most 60; no trace is left."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    for _ in range(12 * 60 + 10):
        shop.later(timedelta(seconds=1))
    quick = len(shop.bank.asked)
    assert 14 <= quick <= 18
    shop.hours(26)
    assert quick + 5 == len(shop.bank.asked)
    shop.hours(26)
    assert quick + 5 == len(shop.bank.asked)
    assert [] == shop.of(invoice)
    assert () == shop.desk.ports.worker.failed(shop.desk.owner.tenant)


def test_saying_to_have_paid_asks_the_bank(shop: BankDesk) -> None:
    """Found at once it is approved; saying it again returns the same payment."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    say = shop.desk.kasa.payments.say_paid
    claim = say(shop.desk.owner, invoice.id)
    assert claim == say(shop.desk.owner, invoice.id)
    shop.desk.drain()
    paid = shop.desk.payment(claim)
    assert PaymentState.APPROVED is paid.state
    assert paid == say(shop.desk.owner, invoice.id)
    shop.later(timedelta(minutes=1))
    assert [paid] == shop.of(invoice)


def test_a_claim_waits_and_is_settled_when_the_money_comes(shop: BankDesk) -> None:
    """It waits for the bank while the code lives; the found transfer settles it."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    shop.desk.drain()
    waits = shop.desk.payment(claim)
    assert (PaymentState.WAITING, True) == (waits.state, "bank_waiting" in codes(waits))
    assert replayed(waits)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(minutes=1))
    (paid,) = shop.of(invoice)
    assert (PaymentState.APPROVED, claim.id) == (paid.state, paid.id)


def test_a_claim_that_nobody_paid_ends_with_a_person(shop: BankDesk) -> None:
    """When the code's life is over the customer is asked for the receipt; no job is left."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    shop.desk.drain()
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    review = shop.desk.payment(claim)
    assert PaymentState.IN_REVIEW is review.state
    assert "bank_not_found" not in codes(review)
    assert replayed(review)
    shop.hours(27)
    asked = len(shop.bank.asked)
    assert asked <= CALLS_OF_INVOICE_LIMIT
    shop.hours(27)
    assert asked == len(shop.bank.asked)
    assert PaymentState.IN_REVIEW is shop.desk.payment(claim).state


def test_money_that_comes_late_still_settles_a_claim(shop: BankDesk) -> None:
    """A person looks at it already; the late question finds the transfer and approves."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.hours(1)
    assert PaymentState.APPROVED is shop.desk.payment(claim).state


def test_questions_do_not_disturb_who_reviews(shop: BankDesk) -> None:
    """While a person looks, an answer without news leaves the payment as they saw it."""
    invoice = shop.desk.issue()
    shop.show(invoice)
    claim = shop.desk.kasa.payments.say_paid(shop.desk.owner, invoice.id)
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    seen = shop.desk.payment(claim)
    asked = len(shop.bank.asked)
    shop.hours(2)
    assert asked < len(shop.bank.asked)
    assert seen.version == shop.desk.payment(claim).version
    decision = Approval(version=seen.version, amount=Money(25_000, KHR), reason="seen in the app")
    done = shop.desk.kasa.payments.approve(shop.desk.owner, claim.id, decision)
    assert PaymentState.APPROVED is done.state
    asked = len(shop.bank.asked)
    shop.hours(27)
    assert asked == len(shop.bank.asked)


def test_without_a_bank_or_a_code_nobody_can_say_paid(shop: BankDesk) -> None:
    """There is nothing to ask: the receipt is wanted instead."""
    invoice = shop.desk.issue()
    with pytest.raises(NoCodeShown):
        shop.desk.kasa.payments.say_paid(shop.desk.owner, _bare(shop).id)
    shop.show(invoice)
    bare = Desk.open()
    with pytest.raises(BankCannotBeAsked):
        bare.kasa.payments.say_paid(bare.owner, bare.issue().id)
    assert isinstance(bare.ports.bank, NoBankChecker)


def _bare(shop: BankDesk) -> Invoice:
    """Return an invoice for which no code was made when it was issued."""
    return shop.desk.issue()


def test_a_code_is_refused_where_nothing_can_be_paid(shop: BankDesk) -> None:
    """No draft, nothing due, no account with a Bakong id, no odd life."""
    show, owner = shop.desk.kasa.payments.show_code, shop.desk.owner
    invoice = shop.desk.issue()
    with pytest.raises(NotFound):
        show(owner, InvoiceId(shop.desk.ports.ids.new(PAID_AT)))
    for minutes in (0, 61):
        with pytest.raises(LifeInvalid):
            show(owner, invoice.id, minutes=minutes)
    shop.desk.submit(transfer(1), invoice)
    with pytest.raises(NothingDue):
        show(owner, invoice.id)
    bare = Desk.open()
    with pytest.raises(NoCodeAccount):
        bare.kasa.payments.show_code(bare.owner, bare.issue().id)


def test_a_short_hash_is_asked_before_a_screenshot_is_approved(shop: BankDesk) -> None:
    """The receipt's hash goes to the bank first; what it confirms adds its points."""
    shop.bank.pay(TRANSFER)
    seen = acleda(references={"acleda.ref": read("62570012345"), "bakong.hash8": read(HASH[:8])})
    paid = shop.desk.submit(seen, shop.desk.issue())
    assert [(QuestionKind.SHORT_HASH, HASH[:8])] == shop.bank.asked
    assert paid.inputs is not None
    assert (PaymentState.APPROVED, BankAnswer.FOUND) == (paid.state, paid.inputs.bank)
    assert "bank_found" in codes(paid)


def test_a_short_hash_does_not_prove_the_receiver(shop: BankDesk) -> None:
    """The payee may be a wallet of a whole bank: what is not readable goes to review at 0.70."""
    shop.bank.pay(TRANSFER)
    review = shop.desk.submit(hashed(), shop.desk.issue())
    assert review.verdict is not None
    assert (PaymentState.IN_REVIEW, 70) == (review.state, review.verdict.points)


def test_an_old_hash_under_a_new_date_is_seen(shop: BankDesk) -> None:
    """The bank's own moment counts before the printed one: an old transfer is too old."""
    shop.bank.pay(attrs.evolve(TRANSFER, created=PAID_AT - timedelta(days=30)))
    seen = acleda(references={"acleda.ref": read("62570012345"), "bakong.hash8": read(HASH[:8])})
    review = shop.desk.submit(seen, shop.desk.issue())
    assert PaymentState.IN_REVIEW is review.state
    assert "too_old" in codes(review)


def test_a_young_hash_is_waited_for(shop: BankDesk) -> None:
    """Not found yet: the payment waits 15 minutes, then a person looks at it."""
    waits = shop.desk.submit(hashed(), shop.desk.issue())
    assert PaymentState.WAITING is waits.state
    for _ in range(14):
        shop.later(timedelta(minutes=1))
    assert PaymentState.WAITING is shop.desk.payment(waits).state
    for _ in range(2):
        shop.later(timedelta(minutes=1))
    assert PaymentState.IN_REVIEW is shop.desk.payment(waits).state
    assert "bank_not_found" not in codes(shop.desk.payment(waits))
    shop.hours(25)
    unknown = shop.desk.payment(waits)
    assert "bank_not_found" in codes(unknown)
    assert replayed(unknown)


def test_a_failed_transfer_goes_to_review(shop: BankDesk) -> None:
    """The bank says that the receipt's transfer failed: at most 0.40."""
    shop.bank.know(QuestionKind.SHORT_HASH, HASH[:8], Failed())
    seen = acleda(references={"acleda.ref": read("62570012345"), "bakong.hash8": read(HASH[:8])})
    review = shop.desk.submit(seen, shop.desk.issue())
    assert review.verdict is not None
    assert (PaymentState.IN_REVIEW, 40) == (review.state, review.verdict.points)
    assert "bank_failed" in codes(review)


def test_another_amount_at_the_bank_is_never_approved(shop: BankDesk) -> None:
    """The operator is told, and the receipt is not approved by itself."""
    shop.bank.pay(attrs.evolve(TRANSFER, amount=Money(25_001, KHR)))
    seen = acleda(references={"acleda.ref": read("62570012345"), "bakong.hash8": read(HASH[:8])})
    review = shop.desk.submit(seen, shop.desk.issue())
    assert PaymentState.IN_REVIEW is review.state
    assert ["bank.disagrees"] == shop.alarms()


def test_another_amount_for_a_code_is_never_approved(shop: BankDesk) -> None:
    """What was found for our code is not what it asks for: an alarm, and no payment."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(attrs.evolve(TRANSFER, amount=Money(2_500, KHR)), md5=shown.md5)
    shop.later(timedelta(seconds=2))
    shop.hours(2)
    assert ([], ["bank.disagrees"]) == (shop.of(invoice), shop.alarms())


@pytest.mark.parametrize("check", [BankCheck.PREFER, BankCheck.REQUIRE])
def test_an_outage_is_waited_out_for_15_minutes(shop: BankDesk, check: BankCheck) -> None:
    """Preferred, the other evidence decides afterwards; required, a person does."""
    shop.set_policy(MatchPolicy(bank_check=check))
    shop.bank.fail(OUTAGE)
    waits = shop.desk.submit(hashed(recipient_account=read("010 959 38")), shop.desk.issue())
    assert PaymentState.WAITING is waits.state
    for _ in range(17):
        shop.later(timedelta(minutes=1))
    ended = shop.desk.payment(waits)
    assert PaymentState.IN_REVIEW is ended.state
    assert replayed(ended)


def test_an_outage_does_not_hold_what_is_sure(shop: BankDesk) -> None:
    """A bank that is only preferred cannot hold a receipt where everything matches."""
    shop.bank.fail(OUTAGE)
    seen = acleda(references={"acleda.ref": read("62570012345"), "bakong.hash8": read(HASH[:8])})
    assert PaymentState.APPROVED is shop.desk.submit(seen, shop.desk.issue()).state


@pytest.mark.parametrize("kind", [CannotTellKind.TOKEN, CannotTellKind.REQUEST])
def test_what_only_the_operator_mends_is_not_asked_again(
    shop: BankDesk, kind: CannotTellKind
) -> None:
    """The operator is told once; nothing waits for it."""
    shop.bank.fail(CannotTell(kind=kind))
    review = shop.desk.submit(hashed(), shop.desk.issue())
    assert PaymentState.IN_REVIEW is review.state
    shop.hours(2)
    assert (1, [f"bank.{kind.value}"]) == (len(shop.bank.asked), shop.alarms())


def test_a_shop_may_ask_no_bank(shop: BankDesk) -> None:
    """Switched off, nobody is asked about receipts or codes."""
    shop.set_policy(MatchPolicy(bank_check=BankCheck.OFF))
    invoice = shop.desk.issue()
    shop.show(invoice)
    shop.desk.submit(hashed(), invoice)
    shop.hours(1)
    assert [] == shop.bank.asked


def test_a_receipt_for_a_code_that_was_paid_is_no_second_payment(shop: BankDesk) -> None:
    """The bank settled it by the code; the screenshot of the same transfer is a duplicate."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(seconds=2))
    again = shop.desk.submit(aba_success(recipient_name=UNREADABLE), invoice)
    assert PaymentState.DUPLICATE is again.state
    (first, second) = shop.of(invoice)
    assert (PaymentState.APPROVED, again.id) == (first.state, second.id)


def test_a_receipt_is_proven_by_the_code_that_it_paid(shop: BankDesk) -> None:
    """The receiver cannot be read, but the bank found the payment of our code."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    paid = shop.desk.submit(aba_success(recipient_name=UNREADABLE), invoice)
    assert PaymentState.APPROVED is paid.state


def test_a_receipt_of_another_transfer_is_not_proven_by_a_code(shop: BankDesk) -> None:
    """Another amount, hash or hour is another transfer: the code's payment is its own."""
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    shop.bank.pay(TRANSFER, md5=shown.md5)
    seen = aba_success(paid_at=read(PAID_AT - timedelta(hours=1)), recipient_name=UNREADABLE)
    other = shop.desk.submit(seen, invoice)
    assert PaymentState.APPROVED is not other.state
    shop.later(timedelta(seconds=2))
    assert InvoiceState.PAID is shop.desk.invoice(invoice).state


def test_an_awaited_alert_ends_with_a_person(shop: BankDesk) -> None:
    """When the time is over and no message came, the receipt goes to review."""
    shop.set_policy(MatchPolicy(await_alert=timedelta(minutes=30)))
    waits = shop.desk.submit(transfer(1), shop.desk.issue())
    assert PaymentState.WAITING is waits.state
    shop.later(timedelta(minutes=29))
    assert PaymentState.WAITING is shop.desk.payment(waits).state
    shop.later(timedelta(minutes=1))
    review = shop.desk.payment(waits)
    assert PaymentState.IN_REVIEW is review.state
    assert ["confirmation_required"] == codes(review)


def test_nothing_that_waits_is_stranded_by_a_bug(
    shop: BankDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When asking again gives up, a person gets the payment."""
    waits = shop.desk.submit(hashed(), shop.desk.issue())
    assert PaymentState.WAITING is waits.state

    def broken(value: str, money: Money) -> NotThere:
        raise Unavailable(value, money=str(money))

    monkeypatch.setattr(shop.bank, "by_short_hash", broken)
    shop.hours(26)
    assert PaymentState.IN_REVIEW is shop.desk.payment(waits).state


def test_polls_tell_the_shop_once(shop: BankDesk) -> None:
    """However often the bank is asked, the shop hears once that a payment waits."""
    waits = shop.desk.submit(hashed(), shop.desk.issue())
    for _ in range(10):
        shop.later(timedelta(minutes=1))
    assert 1 == shop.desk.kinds(waits).count("payment_waits")
