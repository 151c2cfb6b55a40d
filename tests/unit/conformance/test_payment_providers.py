"""The scripted bank keeps what every bank promises; nobody to ask never tells anything."""

import pytest

from kasa.adapters.conformance.payment_providers import BankCheckerConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.payment_providers import NoBankChecker, ScriptedBankChecker
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.ports.work import NotNested
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    QuestionKind,
)

MONEY = Money(25_000, KHR)


class TestScriptedBankChecker(BankCheckerConformance):
    """The suite over the bank that answers as it was told."""

    def make_ports(self) -> BankChecker:
        """Return a bank that knows nothing."""
        self.bank = ScriptedBankChecker()
        return self.bank

    def pay(self, transfer: Found, md5: str) -> None:
        """Let it know a transfer."""
        self.bank.pay(transfer, md5=md5)

    def fail(self, md5: str) -> None:
        """Let it know a failure."""
        self.bank.know(QuestionKind.OWN_CODE, md5, Failed())

    def know_account(self, account_id: str) -> None:
        """Let it know a Bakong id."""
        self.bank.know(QuestionKind.ACCOUNT, account_id, Failed())

    def refuse(self, kind: CannotTellKind) -> None:
        """Let it be out of reach."""
        self.bank.fail(CannotTell(kind=kind))


def test_without_a_bank_nothing_is_told() -> None:
    """The default answers every question with the same lack."""
    bank = NoBankChecker()
    lack = CannotTell(kind=CannotTellKind.NOT_ASKED)
    assert [lack] * 6 == [
        bank.by_own_code("", MONEY),
        bank.by_short_hash("", MONEY),
        bank.by_hash(""),
        bank.by_external_ref(""),
        bank.account_exists(""),
        bank.ping(),
    ]
    assert isinstance(memory_ports().bank, NoBankChecker)


@pytest.mark.parametrize("bank", [NoBankChecker(), ScriptedBankChecker()])
def test_no_unit_of_work_waits_for_a_bank(bank: BankChecker) -> None:
    """Asking inside a unit of work is refused: its locks would wait for the world."""
    with memory_ports().unit_of_work.platform(PlatformActor()):
        for ask in (
            lambda: bank.by_own_code("", MONEY),
            lambda: bank.by_short_hash("", MONEY),
            lambda: bank.by_hash(""),
            lambda: bank.by_external_ref(""),
            lambda: bank.account_exists(""),
        ):
            with pytest.raises(NotNested):
                ask()
