"""The attack set: what an honest receipt must never be approved for (payments.md, section 18)."""

from datetime import timedelta

import attrs

from kasa.application.payments.labelled import LabelledCase
from kasa.domain.kernel.money import KHR, USD, Currency, Money, rounded
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.expected_payment import ExpectedPayment

STRANGER = AcceptedAccount(bank=BankCode("PHILLIP"), number="999000111", names=("Qwzx Vbnm Fghj",))
PERCENTS = (-10, 10)
ISSUED_AFTER = timedelta(days=2)
RESENT_AFTER = timedelta(days=30)


@attrs.frozen(kw_only=True)
class Attack:
    """Another expected payment for the same picture; ``used``: its reference was used before."""

    name: str
    expected: ExpectedPayment
    used: bool = False


def attacks_on(case: LabelledCase) -> tuple[Attack, ...]:
    """Return every attack that the labels of a case allow."""
    expected = case.expected
    found = [
        *(
            Attack(name="amount", expected=attrs.evolve(expected, amounts=(amount,)))
            for amount in _other_amounts(expected.amounts[0])
        ),
        Attack(
            name="currency",
            expected=attrs.evolve(expected, amounts=(_other_currency(expected.amounts[0]),)),
        ),
        Attack(name="recipient", expected=attrs.evolve(expected, accounts=(STRANGER,))),
        Attack(name="reference_used", expected=expected, used=True),
        Attack(name="resent_later", expected=_later(expected), used=True),
    ]
    if case.printed.payee_account:
        found.append(Attack(name="account", expected=_other_account(expected)))
    if case.printed.paid_at is not None:
        issued_at = case.printed.paid_at + ISSUED_AFTER
        found.append(
            Attack(
                name="old",
                expected=attrs.evolve(
                    expected,
                    issued_at=issued_at,
                    submitted_at=max(expected.submitted_at, issued_at),
                ),
            )
        )
    return tuple(found)


def _other_amounts(amount: Money) -> tuple[Money, ...]:
    """Return amounts one minor unit and ten percent away, above 0 and unlike it."""
    minors = [amount.minor - 1, amount.minor + 1]
    minors += [amount.minor + rounded(amount.minor * percent, 100) for percent in PERCENTS]
    return tuple(
        Money(minor, amount.currency)
        for minor in dict.fromkeys(minors)
        if minor > 0 and minor != amount.minor
    )


def _other_currency(amount: Money) -> Money:
    """Return the same figure in the other currency: 25 dollars for 25 riel."""
    unit: Currency = USD if amount.currency == KHR else KHR
    whole = rounded(amount.minor, amount.currency.scale)
    return Money(max(1, whole) * unit.scale, unit)


def _other_account(expected: ExpectedPayment) -> ExpectedPayment:
    """Return accounts with their middle digit changed."""
    return attrs.evolve(
        expected,
        accounts=tuple(
            attrs.evolve(account, number=_changed(account.number)) for account in expected.accounts
        ),
    )


def _changed(number: str) -> str:
    middle = len(number) // 2
    return number[:middle] + str((int(number[middle]) + 1) % 10) + number[middle + 1 :]


def _later(expected: ExpectedPayment) -> ExpectedPayment:
    return attrs.evolve(expected, submitted_at=expected.submitted_at + RESENT_AFTER)
