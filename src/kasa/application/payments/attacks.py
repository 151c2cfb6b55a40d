"""The attack set: what an honest receipt must never be approved for (payments.md, section 18)."""

from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.money import KHR, USD, Currency, Money, rounded
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.expected_payment import ExpectedPayment

STRANGER = AcceptedAccount(bank=BankCode("PHILLIP"), number="999000111", names=("Qwzx Vbnm Fghj",))
PERCENTS = (-10, 10)
ISSUED_AFTER = timedelta(days=2)
RESENT_AFTER = timedelta(days=30)
_DIGITS = "0123456789"
_MASKS = "*xX•"


@attrs.frozen(kw_only=True)
class Attack:
    """Another expected payment for the same picture; ``used``: its reference was used before.

    ``lie`` says what is untrue of it.
    """

    name: str
    lie: str
    expected: ExpectedPayment
    used: bool = False


def attacks_on(
    expected: ExpectedPayment, *, account: str | None, paid_at: datetime | None
) -> tuple[Attack, ...]:
    """Return every attack on an expectation with one amount.

    ``account`` is the receiver's as it is printed, ``paid_at`` the printed moment; what is not
    printed cannot be contradicted, so its attack is left out.
    """
    found = [
        *(
            Attack(
                name="amount",
                lie=f"{amount} is due",
                expected=attrs.evolve(expected, amounts=(amount,)),
            )
            for amount in _other_amounts(expected.amounts[0])
        ),
        _currency(expected),
        Attack(
            name="recipient",
            lie="another receiver is accepted",
            expected=attrs.evolve(expected, accounts=(STRANGER,)),
        ),
        Attack(
            name="reference_used",
            lie="its reference was used before",
            expected=expected,
            used=True,
        ),
        Attack(
            name="resent_later",
            lie=f"used before, sent again {RESENT_AFTER.days} days later",
            expected=_later(expected),
            used=True,
        ),
    ]
    if account and any(one.number for one in expected.accounts):
        found.append(
            Attack(
                name="account",
                lie="one digit of the account is another",
                expected=_other_account(expected, account),
            )
        )
    if paid_at is not None:
        found += _dated(expected, paid_at)
    return tuple(found)


def _dated(expected: ExpectedPayment, paid_at: datetime) -> list[Attack]:
    issued_at = paid_at + ISSUED_AFTER
    submitted_at = max(expected.submitted_at, issued_at)
    return [
        Attack(
            name="old",
            lie=f"the invoice is {ISSUED_AFTER.days} days younger than the payment",
            expected=attrs.evolve(expected, issued_at=issued_at, submitted_at=submitted_at),
        ),
        Attack(
            name="sent_late",
            lie=f"sent {RESENT_AFTER.days} days later, by a shop that forgot",
            expected=_later(expected),
        ),
    ]


def _currency(expected: ExpectedPayment) -> Attack:
    """Return the same figure in the other currency: 25 dollars for 25 riel."""
    amount = expected.amounts[0]
    unit: Currency = USD if amount.currency == KHR else KHR
    whole = rounded(amount.minor, amount.currency.scale)
    other = Money(max(1, whole) * unit.scale, unit)
    return Attack(
        name="currency",
        lie=f"{other} is due",
        expected=attrs.evolve(expected, amounts=(other,)),
    )


def _other_amounts(amount: Money) -> tuple[Money, ...]:
    """Return amounts one minor unit and ten percent away, above 0 and unlike it."""
    minors = [amount.minor - 1, amount.minor + 1]
    minors += [amount.minor + rounded(amount.minor * percent, 100) for percent in PERCENTS]
    return tuple(
        Money(minor, amount.currency)
        for minor in dict.fromkeys(minors)
        if minor > 0 and minor != amount.minor
    )


def _other_account(expected: ExpectedPayment, printed: str) -> ExpectedPayment:
    """Return accounts with one printed digit changed: the middle one, or the last of a masked."""
    masked = any(letter in _MASKS for letter in printed)
    return attrs.evolve(
        expected,
        accounts=tuple(
            attrs.evolve(account, number=_changed(account.number, masked=masked))
            for account in expected.accounts
            if account.number
        ),
    )


def _changed(number: str, *, masked: bool) -> str:
    place = len(number) - 1 if masked else len(number) // 2
    digit = _DIGITS[(_DIGITS.index(number[place]) + 1) % len(_DIGITS)]
    return number[:place] + digit + number[place + 1 :]


def _later(expected: ExpectedPayment) -> ExpectedPayment:
    return attrs.evolve(expected, submitted_at=expected.submitted_at + RESENT_AFTER)
