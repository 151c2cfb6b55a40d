"""Whether the receiver of a payment is the shop: account and name together (payments.md, 4)."""

import re
from collections.abc import Sequence
from enum import IntEnum

import attrs

from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.account import AcceptedAccount
from kasa.domain.payments.evidence import (
    Direction,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.finding import Finding, differs, matches, unreadable
from kasa.domain.payments.names import NameLikeness, edits, is_latin, likeness
from kasa.domain.payments.reasons import Reason

DIGITS_ALONE_MIN = 6
DIGITS_MIN = 3
FULL = 20
PART = 15
_MASK = re.compile(r"[*xX•·#_…]+")


class AccountLikeness(IntEnum):
    """How a printed account number compares with a registered one; higher is closer.

    HELPS: 3 to 5 visible digits, all equal. MASKED: at least 6 visible digits, all equal.
    """

    ABSENT = 0
    DIFFERS = 1
    UNCLEAR = 2
    HELPS = 3
    MASKED = 4
    EQUAL = 5


def account_likeness(printed: str, number: str) -> AccountLikeness:
    """Compare a printed account number, perhaps masked, with a registered one."""
    shown = re.sub(r"[\s\-()\[\]|.:]", "", printed.translate(KHMER_DIGITS))
    visible = re.sub(r"[^0-9]", "", shown)
    if not number or len(visible) < DIGITS_MIN:
        return AccountLikeness.ABSENT
    if not _MASK.search(shown):
        return _unmasked(visible, number)
    wrong = _wrong_digits(shown, number)
    if wrong:
        return AccountLikeness.UNCLEAR if wrong == 1 else AccountLikeness.DIFFERS
    return AccountLikeness.MASKED if len(visible) >= DIGITS_ALONE_MIN else AccountLikeness.HELPS


def _unmasked(visible: str, number: str) -> AccountLikeness:
    if visible == number:
        return AccountLikeness.EQUAL
    if len(visible) < DIGITS_ALONE_MIN:
        helps = number.endswith(visible) and len(number) > len(visible)
        return AccountLikeness.HELPS if helps else AccountLikeness.UNCLEAR
    near = edits(visible, number) == 1
    return AccountLikeness.UNCLEAR if near else AccountLikeness.DIFFERS


def _wrong_digits(shown: str, number: str) -> int:
    if len(shown) == len(number):
        return _differing(shown, number)
    groups = _MASK.split(shown)
    head, tail = groups[0], groups[-1]
    between = number[len(head) : len(number) - len(tail)]
    if len(head) + len(tail) > len(number) or not _stand_in_order(groups[1:-1], between):
        return 2
    return _differing(head, number) + _differing(tail[::-1], number[::-1])


def _stand_in_order(groups: list[str], between: str) -> bool:
    """Whether digits shown between masks stand so in the number; no place is known for them."""
    for group in groups:
        _, found, between = between.partition(group)
        if not found:
            return False
    return True


def _differing(shown: str, number: str) -> int:
    pairs = zip(shown, number, strict=False)
    return sum(1 for left, right in pairs if left.isdigit() and left != right)


@attrs.frozen(kw_only=True)
class _Receiver:
    """The printed receiver against one accepted account."""

    account: AccountLikeness
    name: NameLikeness | None
    short_alone: bool

    def finding(self) -> Finding | None:
        """Return the match that account and name give together, or None."""
        if self.account >= AccountLikeness.MASKED:
            full = self.account is AccountLikeness.EQUAL or self.named
            return matches(Reason.RECIPIENT_MATCH, points=FULL if full else PART)
        if self.account in {AccountLikeness.DIFFERS, AccountLikeness.UNCLEAR}:
            return None
        helped = self.account is AccountLikeness.HELPS
        short = self.name is NameLikeness.SHORT and (helped or self.short_alone)
        if self.name is NameLikeness.EQUAL or short:
            return matches(Reason.RECIPIENT_MATCH, points=FULL if helped else PART)
        return None

    @property
    def named(self) -> bool:
        """Whether the name speaks for the account, at least as far as it is printed."""
        return self.name is not None and self.name >= NameLikeness.CUT


def judge_recipient(evidence: PaymentEvidence, accounts: tuple[AcceptedAccount, ...]) -> Finding:
    """Say whether the receiver is one of the accepted accounts; the best account wins."""
    seen = _printed(evidence)
    if not accounts:
        return attrs.evolve(unreadable(Reason.NO_RECIPIENT_CONFIGURED), seen=seen)
    finding = _by_alert(evidence, accounts) or _by_print(evidence, accounts)
    expected = " / ".join(sorted({name for account in accounts for name in account.names}))
    return attrs.evolve(finding, seen=seen, expected=expected)


def _printed(evidence: PaymentEvidence) -> str:
    fields = (evidence.recipient_name, evidence.recipient_account)
    return " ".join(value for field in fields if (value := evidence.known(field)) is not None)


def _by_alert(evidence: PaymentEvidence, accounts: tuple[AcceptedAccount, ...]) -> Finding | None:
    """A bound alert proves the receiver by its printed shop, or by a shape that prints none."""
    alerts = [part for part in evidence.atoms if part.source is Source.BANK_ALERT]
    if not alerts:
        return None
    printed = [part for part in alerts if part.recipient_name.state is not FieldState.ABSENT]
    shops = [part.known(part.recipient_name) for part in printed]
    if all(shop is not None and _is_accepted_shop(shop, accounts) for shop in shops):
        return matches(Reason.RECIPIENT_MATCH, points=FULL)
    return unreadable(Reason.RECIPIENT_UNREADABLE)


def _is_accepted_shop(shop: str, accounts: tuple[AcceptedAccount, ...]) -> bool:
    bare = re.sub(r"[\s,(]*[0-9][0-9\s\-]{4,}\)?\s*\Z", "", shop)
    close = (NameLikeness.EQUAL, NameLikeness.SHORT)
    return any(likeness(bare, name) in close for one in accounts for name in one.names)


def _by_print(evidence: PaymentEvidence, accounts: tuple[AcceptedAccount, ...]) -> Finding:
    receivers = [_receiver(evidence, account) for account in accounts]
    found = [finding for one in receivers if (finding := one.finding()) is not None]
    if found:
        best = max(found, key=lambda finding: finding.points)
        new = all(one.name is not None and not one.named for one in receivers)
        return attrs.evolve(best, notes=(Reason.RECIPIENT_NAME_NEW,)) if new else best
    if _is_another(evidence, receivers):
        return differs(Reason.RECIPIENT_DIFFERS)
    return unreadable(_why_unreadable(receivers))


def _receiver(evidence: PaymentEvidence, account: AcceptedAccount) -> _Receiver:
    name = evidence.known(evidence.recipient_name)
    if evidence.known(evidence.direction) is Direction.RECEIVED:
        name = None
    cut = evidence.recipient_name.cut
    found = [likeness(name, one, cut=cut) for one in account.names] if name is not None else []
    return _Receiver(
        account=_likeness_of(evidence, account.number),
        name=max(found, default=None if name is None else NameLikeness.FAR),
        short_alone=account.short_name_alone,
    )


def _likeness_of(evidence: PaymentEvidence, number: str) -> AccountLikeness:
    """Compare the printed account; one read as several or torn, none of it ours, is unclear.

    It is printed, so it may be another's: it is not lost.
    """
    reading = evidence.recipient_account
    printed = evidence.known(reading)
    if printed is not None:
        return account_likeness(printed, number)
    if (reading.source or evidence.source) is Source.MANUAL:
        return AccountLikeness.ABSENT
    found = max(
        (account_likeness(one, number) for one in reading.candidates),
        default=AccountLikeness.ABSENT,
    )
    foreign = bool(reading.candidates) and found < AccountLikeness.HELPS
    return AccountLikeness.UNCLEAR if foreign else AccountLikeness.ABSENT


def _is_another(evidence: PaymentEvidence, receivers: list[_Receiver]) -> bool:
    names = {one.name for one in receivers}
    if not names <= {None, NameLikeness.FAR}:
        return False
    numbers = {one.account for one in receivers}
    if numbers == {AccountLikeness.DIFFERS}:
        return True
    return (
        numbers <= {AccountLikeness.ABSENT, AccountLikeness.DIFFERS}
        and names == {NameLikeness.FAR}
        and _proves_another(evidence.recipient_name)
    )


def _proves_another(name: FieldReading[str]) -> bool:
    twice = name.engines >= 2 or name.seen >= 2
    return twice and name.labelled and not name.cut and is_latin(name.value or "")


def _why_unreadable(receivers: list[_Receiver]) -> Reason:
    named = (NameLikeness.EQUAL, NameLikeness.SHORT)
    if any(one.name in named and one.account is AccountLikeness.DIFFERS for one in receivers):
        return Reason.RECIPIENT_CONFLICT
    if any(one.account is AccountLikeness.UNCLEAR for one in receivers):
        return Reason.ACCOUNT_UNCLEAR
    if any(one.name is NameLikeness.INITIALS for one in receivers):
        return Reason.RECIPIENT_INITIALS_ONLY
    return Reason.RECIPIENT_UNREADABLE


def new_name(evidence: PaymentEvidence, numbers: Sequence[str]) -> tuple[str, str] | None:
    """Return a printed name that is worth accepting, with the account number it stood beside.

    None where name or account was not read whole, or the account is none of ``numbers``.
    """
    name, printed = evidence.recipient_name, evidence.known(evidence.recipient_account)
    text = evidence.known(name)
    if text is None or printed is None or name.cut:
        return None
    likely = {number: account_likeness(printed, number) for number in numbers}
    ours = max(numbers, key=lambda number: likely[number], default=None)
    if ours is None or likely[ours] < AccountLikeness.MASKED:
        return None
    return text, ours


def is_own(evidence: PaymentEvidence, accounts: tuple[AcceptedAccount, ...]) -> bool:
    """Whether the payer is the shop itself: by an accepted name or its account number."""
    name = evidence.known(evidence.payer_name)
    number = evidence.known(evidence.payer_account)
    return any(
        (number is not None and account_likeness(number, one.number) >= AccountLikeness.MASKED)
        or (
            name is not None
            and any(likeness(name, accepted) is NameLikeness.EQUAL for accepted in one.names)
        )
        for one in accounts
    )
