"""What the bank answers about receipts, and what waits for it."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import aba_success, acleda
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.errors import Unavailable
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Failed,
    QuestionKind,
)
from kasa.domain.payments.bank_reply import (
    NotFound as NotThere,
)
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import UNREADABLE
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.bank_desk import (
    HASH,
    OUTAGE,
    TRANSFER,
    BankDesk,
    codes,
    hashed,
    opened,
    replayed,
)
from tests.unit.payments.desk import transfer


@pytest.fixture(name="shop")
def _shop() -> BankDesk:
    """Open the shop."""
    return opened()


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
