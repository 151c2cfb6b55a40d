"""A shop with a bank to ask: what the tests of the bank's answers play on."""

from datetime import timedelta
from typing import Any

import attrs

from kasa.adapters.conformance.receipts import acleda
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.payment_providers import ScriptedBankChecker
from kasa.application.payments.accounts import NewAccount
from kasa.application.ports.payments import KhqrShown
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Found,
)
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, PaymentEvidence
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.matching import match
from kasa.domain.payments.payment import Payment
from tests.unit.payments.desk import Desk

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
