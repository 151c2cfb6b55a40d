"""What every way of asking a bank about transfers promises."""

from datetime import UTC, datetime

import attrs
import pytest

from kasa.application.ports.payment_providers import BankChecker
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.bank_reply import (
    CannotTell,
    CannotTellKind,
    Failed,
    Found,
    NotFound,
)

MD5 = "e0972f783fff61cb319546fd685ee7f9"
OTHER_MD5 = "0123456789abcdef0123456789abcdef"
TRANSFER = Found(
    hash="8465d722d7d5065f2886f0a474a4d34dc6a7855355b611836f7b6111228893e9",
    amount=Money(625, USD),
    created=datetime(2026, 9, 14, 3, 21, 54, tzinfo=UTC),
    payer="ipsum_sokhana@aclb",
    payee="abaakhppxxx@abaa",
    external_ref="100FT48010202442",
)
LACKS = (
    CannotTellKind.TOKEN,
    CannotTellKind.COUNTRY,
    CannotTellKind.THROTTLED,
    CannotTellKind.OUTAGE,
    CannotTellKind.REQUEST,
)


class BankCheckerConformance:
    """Inherit it, and say how the bank behind the checker comes to know things."""

    def make_ports(self) -> BankChecker:
        """Return the checker; its bank knows nothing yet."""
        raise NotImplementedError

    def pay(self, transfer: Found, md5: str) -> None:
        """Let the bank know a transfer by its hashes, and by the code that it paid."""
        raise NotImplementedError

    def fail(self, md5: str) -> None:
        """Let the bank know that the payment of a code failed."""
        raise NotImplementedError

    def know_account(self, account_id: str) -> None:
        """Let the bank know a Bakong id."""
        raise NotImplementedError

    def refuse(self, kind: CannotTellKind) -> None:
        """Let the bank be out of reach in a way."""
        raise NotImplementedError

    def test_an_unpaid_code_is_not_found(self) -> None:
        """A code that nobody paid is an answer, and neither a lack nor a failure."""
        assert isinstance(self.make_ports().by_own_code(MD5, TRANSFER.amount), NotFound)

    def test_a_paid_code_is_found_whole(self) -> None:
        """Every field of the transfer comes back, the amount in minor units of its currency."""
        bank = self.make_ports()
        self.pay(TRANSFER, MD5)
        assert TRANSFER == bank.by_own_code(MD5, TRANSFER.amount)
        assert isinstance(bank.by_own_code(OTHER_MD5, TRANSFER.amount), NotFound)

    def test_riel_are_whole(self) -> None:
        """An amount in riel is found as riel."""
        bank = self.make_ports()
        riel = attrs.evolve(TRANSFER, amount=Money(25_000, KHR))
        self.pay(riel, MD5)
        assert riel == bank.by_own_code(MD5, riel.amount)

    def test_hashes_find_the_same_transfer(self) -> None:
        """The whole hash and its first 8 letters, in any case of letters, lead to it."""
        bank = self.make_ports()
        self.pay(TRANSFER, MD5)
        assert TRANSFER == bank.by_hash(TRANSFER.hash)
        assert TRANSFER == bank.by_hash(TRANSFER.hash.upper(), TRANSFER.amount)
        assert TRANSFER == bank.by_short_hash(TRANSFER.hash[:8], TRANSFER.amount)
        assert isinstance(bank.by_short_hash("00000000", TRANSFER.amount), NotFound)

    @pytest.mark.parametrize("asked", [Money(626, USD), Money(62_500, USD), Money(625, KHR)])
    def test_another_amount_is_no_answer(self, asked: Money) -> None:
        """What was found for another amount or currency is never handed on as found."""
        bank = self.make_ports()
        self.pay(TRANSFER, MD5)
        for reply in (bank.by_own_code(MD5, asked), bank.by_hash(TRANSFER.hash, asked)):
            assert isinstance(reply, CannotTell)
            assert CannotTellKind.DISAGREES is reply.kind

    def test_a_failed_transfer_failed(self) -> None:
        """The bank knows the payment, and that it failed."""
        bank = self.make_ports()
        self.fail(MD5)
        assert isinstance(bank.by_own_code(MD5, TRANSFER.amount), Failed)

    @pytest.mark.parametrize("kind", LACKS)
    def test_a_lack_is_no_answer(self, kind: CannotTellKind) -> None:
        """Out of reach is not "not found": nothing is told, whatever is asked."""
        bank = self.make_ports()
        self.pay(TRANSFER, MD5)
        self.refuse(kind)
        reply = bank.by_own_code(MD5, TRANSFER.amount)
        assert isinstance(reply, CannotTell)
        assert kind is reply.kind

    def test_accounts_exist_or_not(self) -> None:
        """A Bakong id is known or it is not."""
        bank = self.make_ports()
        self.know_account("kasa_shop@aclb")
        assert bank.account_exists("kasa_shop@aclb") is True
        assert bank.account_exists("nobody@aclb") is False

    def test_external_references_are_not_asked(self) -> None:
        """What nobody documents is not asked."""
        reply = self.make_ports().by_external_ref("100FT48010202442")
        assert reply == CannotTell(kind=CannotTellKind.NOT_ASKED)

    def test_the_ping_names_a_lack(self) -> None:
        """A harmless question is answered, or says what is wrong."""
        bank = self.make_ports()
        assert bank.ping() is None
        self.refuse(CannotTellKind.TOKEN)
        lack = bank.ping()
        assert lack is not None
        assert CannotTellKind.TOKEN is lack.kind
