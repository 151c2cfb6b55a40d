"""What would settle an invoice, and the shop's own rules for judging payments."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import PaymentEvidence, Source

CANDIDATES_LIMIT = 20
THRESHOLD = 80


class BankCheck(StrEnum):
    """Whether the bank is asked about a payment."""

    OFF = "off"
    PREFER = "prefer"
    REQUIRE = "require"


@attrs.frozen(kw_only=True)
class MatchPolicy:
    """A shop's own rules; the threshold may be raised, never lowered.

    ``ceilings``: above one of them a screenshot alone goes to review. ``await_alert``: how long a
    screenshot waits for the bank's message before a person is asked.
    """

    auto_approve: bool = True
    threshold: int = attrs.field(default=THRESHOLD)
    ceilings: tuple[Money, ...] = ()
    bank_check: BankCheck = BankCheck.PREFER
    future_skew: timedelta = timedelta(minutes=10)
    before_issue: timedelta = timedelta(hours=24)
    stale_after: timedelta = timedelta(days=7)
    trust_ingest: bool = False
    await_alert: timedelta | None = None

    @threshold.validator
    def _never_lowered(self, _attribute: object, value: int) -> None:
        if not THRESHOLD <= value <= 100:
            raise ValueError("the threshold is 80 to 100")


@attrs.frozen(kw_only=True)
class PayerHint:
    """Who paid for this customer before: name and the last digits of the account."""

    name: str
    account_tail: str


def payer_hint(evidence: PaymentEvidence) -> PayerHint | None:
    """Return who paid, by name and the last 3 digits of the account, or None."""
    name, account = evidence.known(evidence.payer_name), evidence.known(evidence.payer_account)
    tail = re.search(r"[0-9]{3}\Z", (account or "").translate(KHMER_DIGITS).rstrip(" )"))
    return None if name is None or tail is None else PayerHint(name=name, account_tail=tail[0])


@attrs.frozen(kw_only=True)
class DueInvoice:
    """What payments needs to know of an open invoice; ``amounts`` are all that would settle it."""

    id: InvoiceId
    number: str
    amounts: tuple[Money, ...]
    issued_at: datetime
    own_codes: frozenset[str] = frozenset()
    payer_hints: tuple[PayerHint, ...] = ()


@attrs.frozen(kw_only=True)
class ExpectedPayment:
    """What would settle one invoice, exactly; nothing is converted, there is no tolerance.

    ``answered``: the evidence was sent in answer to this invoice. ``candidate``: it only may be
    meant, was read without lock, and can never be approved. Without an invoice ``amounts`` is
    empty.
    """

    submitted_at: datetime
    accounts: tuple[AcceptedAccount, ...]
    amounts: tuple[Money, ...] = ()
    issued_at: datetime | None = None
    invoice: InvoiceId | None = None
    number: str = ""
    own_codes: frozenset[str] = frozenset()
    payer_hints: tuple[PayerHint, ...] = ()
    other_open: tuple[str, ...] = ()
    policy: MatchPolicy = attrs.field(factory=MatchPolicy)
    answered: bool = False
    candidate: bool = False

    @classmethod
    def of(
        cls,
        amount: Money,
        recipients: Sequence[str],
        accounts: Sequence[str],
        *,
        issued_at: datetime,
        submitted_at: datetime,
        bank: BankCode | None = None,
        policy: MatchPolicy | None = None,
    ) -> "ExpectedPayment":
        """Return what settles an invoice known from one's own fields, answered by the evidence.

        ``recipients`` are the accepted names, ``accounts`` the account numbers of one receiver.
        """
        numbers = tuple(accounts) or ("",)
        return cls(
            submitted_at=submitted_at,
            issued_at=issued_at,
            amounts=(amount,),
            accounts=tuple(
                AcceptedAccount(bank=bank or BankCode(""), number=number, names=tuple(recipients))
                for number in numbers
            ),
            answered=True,
            policy=policy or MatchPolicy(),
        )


def named_key(text: str) -> str:
    """Return an invoice number as remarks are compared with it: no case, spaces or dashes."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def names_invoice(evidence: PaymentEvidence, number: str) -> bool:
    """Whether the bill number or the remark is equal to an invoice number."""
    return named_key(number) in _names(evidence)


def may_name_invoice(evidence: PaymentEvidence) -> bool:
    """Whether the bill number or the remark says anything at all."""
    return bool(_names(evidence))


def _names(evidence: PaymentEvidence) -> frozenset[str]:
    """Return what the bill number and the remark may name, as invoice numbers are compared."""
    texts = (evidence.known(evidence.bill_number), evidence.known(evidence.remark))
    return frozenset(named_key(text) for text in texts if text is not None) - {""}


def proves_own_code(evidence: PaymentEvidence, own_codes: frozenset[str]) -> bool:
    """Whether the bank itself found the payment of a QR that was made for the invoice."""
    return own_code_of(evidence) in own_codes


def own_code_of(evidence: PaymentEvidence) -> str | None:
    """Return the MD5 of our own QR whose payment the bank itself found, or None."""
    return evidence.own_code if Source.BANK_API in evidence.sources else None


def named_invoice(evidence: PaymentEvidence, due: Sequence[DueInvoice]) -> DueInvoice | None:
    """Return the open invoice that the evidence itself names: own code, bill number or remark."""
    code, names = own_code_of(evidence), _names(evidence)
    if code is not None:
        shown = next((one for one in due if code in one.own_codes), None)
        if shown is not None:
            return shown
    return next((one for one in due if named_key(one.number) in names), None) if names else None


def expected(
    due: Sequence[DueInvoice],
    accounts: Sequence[AcceptedAccount],
    policy: MatchPolicy,
    *,
    evidence: PaymentEvidence,
    answers: InvoiceId | None,
    submitted_at: datetime,
) -> tuple[ExpectedPayment, ...]:
    """Return what the evidence is compared with, never empty.

    The invoice that it ``answers``, else the one that the evidence names, alone; else at
    most 20 candidates of the same amount and currency, none of which can be approved.
    """
    named = named_invoice(evidence, due)
    answered = next((one for one in due if one.id == answers), None)
    target = answered or named
    if target is not None:
        others = [one.number for one in due if one.id != target.id]
        told = [
            number
            for place, number in enumerate(others)
            if place < CANDIDATES_LIMIT or names_invoice(evidence, number)
        ]
        made = _made(target, tuple(accounts), policy, submitted_at)
        return (attrs.evolve(made, answered=answered is not None, other_open=tuple(told)),)
    amount = evidence.known(evidence.amount)
    fitting = [one for one in due if amount in one.amounts][:CANDIDATES_LIMIT]
    candidates = [_made(one, tuple(accounts), policy, submitted_at) for one in fitting]
    if not candidates:
        nothing = ExpectedPayment(
            submitted_at=submitted_at, accounts=tuple(accounts), policy=policy
        )
        candidates = [nothing]
    return tuple(attrs.evolve(one, candidate=True) for one in candidates)


def _made(
    invoice: DueInvoice,
    accounts: tuple[AcceptedAccount, ...],
    policy: MatchPolicy,
    submitted_at: datetime,
) -> ExpectedPayment:
    return ExpectedPayment(
        submitted_at=submitted_at,
        issued_at=invoice.issued_at,
        invoice=invoice.id,
        number=invoice.number,
        amounts=invoice.amounts,
        accounts=accounts,
        own_codes=invoice.own_codes,
        payer_hints=invoice.payer_hints,
        policy=policy,
    )
