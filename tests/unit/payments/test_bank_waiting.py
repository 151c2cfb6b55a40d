"""Nothing that waits is stranded: whatever it waits for, a moment comes at which it ends."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_payments import PAID_AT, evidence
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import ContactId
from kasa.domain.payments.asking import CALLS_OF_INVOICE_LIMIT
from kasa.domain.payments.bank_reply import CannotTell, CannotTellKind
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.bank_desk import TRANSFER, BankDesk, hashed, opened, replayed
from tests.unit.payments.desk import transfer

HALF_AN_HOUR = timedelta(minutes=30)
LACKS = (
    None,
    CannotTell(kind=CannotTellKind.OUTAGE),
    CannotTell(kind=CannotTellKind.OUTAGE, retry_after=30),
    CannotTell(kind=CannotTellKind.THROTTLED, retry_after=300),
    CannotTell(kind=CannotTellKind.THROTTLED, retry_after=86_400),
    CannotTell(kind=CannotTellKind.COUNTRY, retry_after=3_600),
    CannotTell(kind=CannotTellKind.TOKEN),
    CannotTell(kind=CannotTellKind.NOT_ASKED),
)
POLICIES = (
    MatchPolicy(),
    MatchPolicy(bank_check=BankCheck.REQUIRE),
    MatchPolicy(await_alert=HALF_AN_HOUR),
    MatchPolicy(await_alert=HALF_AN_HOUR, bank_check=BankCheck.REQUIRE),
    MatchPolicy(await_alert=HALF_AN_HOUR, bank_check=BankCheck.OFF),
)


def waiting(shop: BankDesk) -> list[str]:
    """Return what still waits."""
    queries, owner = shop.desk.kasa.payments.queries, shop.desk.owner
    found = queries.payments(owner, states=(PaymentState.WAITING, PaymentState.SUBMITTED))
    return [str(one.id) for one in found.items]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("lack", LACKS)
def test_every_wait_ends(policy: MatchPolicy, lack: CannotTell | None) -> None:
    """Receipts, claims and codes, under every rule and with every lack: within three days."""
    shop = opened()
    shop.set_policy(policy)
    shop.bank.fail(lack)
    shop.desk.submit(hashed(), shop.desk.issue())
    shop.desk.submit(transfer(1), shop.desk.issue())
    claimed = shop.desk.issue()
    shop.show(claimed)
    shop.desk.kasa.payments.say_paid(shop.desk.owner, claimed.id)
    for _ in range(3 * 24 * 2):
        shop.later(HALF_AN_HOUR)
    assert [] == waiting(shop)
    assert () == shop.desk.ports.worker.failed(shop.desk.owner.tenant)


@settings(max_examples=30)
@given(seen=evidence(st.just(Source.SCREENSHOT)), minutes=st.lists(st.integers(1, 400), max_size=8))
def test_whatever_a_receipt_shows_its_verdict_can_be_replayed(
    seen: PaymentEvidence, minutes: list[int]
) -> None:
    """At any moment of waiting the stored inputs give the stored verdict, and the wait ends."""
    shop = opened()
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    sent = shop.desk.submit(seen, invoice)
    assert replayed(sent)
    for number, span in enumerate(minutes):
        if number == 1:
            shop.bank.pay(TRANSFER, md5=shown.md5)
        shop.later(timedelta(minutes=span))
        assert replayed(shop.desk.payment(sent))
    shop.clock.set(max(shop.clock.now(), PAID_AT + timedelta(days=3)))
    shop.desk.drain()
    shop.later(timedelta(days=3))
    assert [] == waiting(shop)


def test_a_lost_job_is_found_again() -> None:
    """A payment whose job is gone is woken by the hourly look, once, and only when it is late."""
    shop = opened()
    shop.set_policy(MatchPolicy(await_alert=HALF_AN_HOUR))
    waits = shop.desk.submit(transfer(1), shop.desk.issue())
    wake = shop.desk.kasa.payments.wake_waiting
    shop.clock.pass_time(timedelta(minutes=39))
    assert 0 == wake()
    shop.clock.pass_time(timedelta(minutes=1))
    assert 1 == wake()
    shop.desk.drain()
    assert PaymentState.IN_REVIEW is shop.desk.payment(waits).state
    assert 0 == wake()
    assert 1 == shop.desk.kinds(waits).count("payment_sent_to_review")


def test_the_bank_may_answer_while_a_customer_is_asked() -> None:
    """Whoever said to have paid is asked for the receipt; the money comes late and settles it."""
    shop = opened()
    invoice = shop.desk.issue()
    shown = shop.show(invoice)
    customer = Actor.customer(shop.desk.owner.tenant, ContactId(shop.desk.cloth.id))
    claim = shop.desk.kasa.payments.say_paid(customer, invoice.id)
    for _ in range(13 * 12):
        shop.later(timedelta(seconds=5))
    asked = shop.desk.payment(claim)
    assert (PaymentState.WAITING, True) == (asked.state, asked.asked_at is not None)
    assert 1 == shop.desk.kinds(claim).count("customer_asked")
    shop.bank.pay(TRANSFER, md5=shown.md5)
    shop.later(timedelta(minutes=5))
    assert PaymentState.APPROVED is shop.desk.payment(claim).state


def test_a_customer_is_waited_for_two_days() -> None:
    """Then a person looks at what was sent; the bank was asked by its schedule only."""
    shop = opened()
    invoice = shop.desk.issue()
    shop.show(invoice)
    customer = Actor.customer(shop.desk.owner.tenant, ContactId(shop.desk.cloth.id))
    claim = shop.desk.kasa.payments.say_paid(customer, invoice.id)
    for _ in range(48 * 6):
        shop.later(timedelta(minutes=10))
    assert PaymentState.WAITING is shop.desk.payment(claim).state
    for _ in range(3):
        shop.later(timedelta(minutes=10))
    assert PaymentState.IN_REVIEW is shop.desk.payment(claim).state
    assert len(shop.bank.asked) < CALLS_OF_INVOICE_LIMIT
    assert replayed(shop.desk.payment(claim))
