"""Nobody to ask, and a bank that answers as it was told."""

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.domain.kernel.money import Money
from kasa.domain.payments.bank_reply import (
    BankReply,
    CannotTell,
    CannotTellKind,
    Found,
    NotFound,
    QuestionKind,
)

NOT_ASKED = CannotTell(kind=CannotTellKind.NOT_ASKED)


class NoBankChecker:
    """There is no bank to ask: nothing is ever told."""

    @property
    def can_be_asked(self) -> bool:
        """Never."""
        return False

    def by_own_code(self, md5: str, money: Money) -> BankReply:
        """Answer that nobody was asked."""
        del md5, money
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def by_short_hash(self, value: str, money: Money) -> BankReply:
        """Answer that nobody was asked."""
        del value, money
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def by_hash(self, value: str, money: Money | None = None) -> BankReply:
        """Answer that nobody was asked."""
        del value, money
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def by_external_ref(self, value: str) -> BankReply:
        """Answer that nobody was asked."""
        del value
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def account_exists(self, account_id: str) -> bool | CannotTell:
        """Answer that nobody was asked."""
        del account_id
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def ping(self) -> CannotTell | None:
        """Answer that nobody was asked."""
        return NOT_ASKED


class ScriptedBankChecker:
    """A bank that knows what it was told, and cannot be reached while it is told so.

    ``asked`` are the questions in the order asked.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[QuestionKind, str]] = []
        self._known: dict[tuple[QuestionKind, str], BankReply] = {}
        self._lack: CannotTell | None = None

    @property
    def can_be_asked(self) -> bool:
        """Always."""
        return True

    def know(self, kind: QuestionKind, value: str, reply: BankReply) -> None:
        """Let a question have an answer from now on."""
        self._known[kind, value] = reply

    def pay(self, transfer: Found, *, md5: str = "") -> None:
        """Let a transfer be known by its hash, its short hash, and the code that it paid."""
        self.know(QuestionKind.HASH, transfer.hash, transfer)
        self.know(QuestionKind.SHORT_HASH, transfer.hash[:8], transfer)
        if md5:
            self.know(QuestionKind.OWN_CODE, md5, transfer)

    def fail(self, lack: CannotTell | None) -> None:
        """Let every question have no answer, or answer again."""
        self._lack = lack

    def by_own_code(self, md5: str, money: Money) -> BankReply:
        """Answer as told; a code that nobody paid is not found."""
        return self._answer(QuestionKind.OWN_CODE, md5, money)

    def by_short_hash(self, value: str, money: Money) -> BankReply:
        """Answer as told."""
        return self._answer(QuestionKind.SHORT_HASH, value.lower(), money)

    def by_hash(self, value: str, money: Money | None = None) -> BankReply:
        """Answer as told."""
        return self._answer(QuestionKind.HASH, value.lower(), money)

    def by_external_ref(self, value: str) -> BankReply:
        """Answer that nobody was asked: it is off."""
        del value
        refuse_inside_unit_of_work()
        return NOT_ASKED

    def account_exists(self, account_id: str) -> bool | CannotTell:
        """Answer as told; an account is there when any answer about it was told."""
        refuse_inside_unit_of_work()
        self.asked.append((QuestionKind.ACCOUNT, account_id))
        return self._lack or (QuestionKind.ACCOUNT, account_id) in self._known

    def ping(self) -> CannotTell | None:
        """Return what is wrong now."""
        return self._lack

    def _answer(self, kind: QuestionKind, value: str, money: Money | None) -> BankReply:
        refuse_inside_unit_of_work()
        self.asked.append((kind, value))
        if self._lack is not None:
            return self._lack
        reply = self._known.get((kind, value), NotFound())
        if isinstance(reply, Found) and money is not None and reply.amount != money:
            return CannotTell(kind=CannotTellKind.DISAGREES, status=reply.status)
        return reply
