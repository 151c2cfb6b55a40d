"""Who can be asked about a transfer from outside: a bank, by key in and outcome out."""

from typing import Protocol

from kasa.domain.kernel.money import Money
from kasa.domain.payments.bank_reply import BankReply, CannotTell


class BankChecker(Protocol):
    """Asks the central bank about transfers; it answers for every lack and never raises.

    Each call takes at most about 11 seconds (3 to connect, 8 for the answer), so no unit of work
    may be open. "Not found" is not "unreachable": without an answer that counts it is
    ``CannotTell``.
    """

    @property
    def can_be_asked(self) -> bool:
        """Whether there is a bank at all; without one no question is written down."""

    def by_own_code(self, md5: str, money: Money) -> BankReply:
        """Ask for the payment of a dynamic KHQR of ours, by the MD5 of its exact text.

        ``money`` is what the code asks for: another amount found is ``CannotTell(disagrees)``.
        """

    def by_short_hash(self, value: str, money: Money) -> BankReply:
        """Ask for a transfer by the 8 letters of its hash that a receipt prints, and its amount.

        Another amount, or a hash that begins otherwise, is ``CannotTell(disagrees)``.
        """

    def by_hash(self, value: str, money: Money | None = None) -> BankReply:
        """Ask for a transfer by its whole hash; another hash is ``CannotTell(disagrees)``.

        So is another amount than ``money``, when one is given.
        """

    def by_external_ref(self, value: str) -> BankReply:
        """Ask by the reference of the payer's bank; off, as nobody documents what it takes."""

    def account_exists(self, account_id: str) -> bool | CannotTell:
        """Answer whether a Bakong id (``name@bank``) exists."""

    def ping(self) -> CannotTell | None:
        """Ask a harmless question; return what is wrong, or None when the bank answers."""
