"""How amount, currency, time and dates of an evidence compare with what is expected (section 4)."""

from datetime import date, datetime, timedelta

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.case import Part, together
from kasa.domain.payments.evidence import FieldState, PaymentEvidence, Precision
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.finding import Finding, Result, differs, matches, unreadable
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import reference_days

SIGN_DIGITS = frozenset("123458")
"""Digits that a currency sign is read as, or that are read as one."""

RIEL_PER_DOLLAR = (3000, 5000)
"""A band of plausibility: it never converts and never adds points."""

DATE_TOLERANCE = timedelta(days=1)
PRINTED_POINTS = 8
FROM_REFERENCE_POINTS = 5


def compare_amount(
    evidence: PaymentEvidence, expected: ExpectedPayment, parts: tuple[Part, ...] = ()
) -> Finding:
    """Compare the headline with every amount that would settle the invoice, to the minor unit.

    With parts their sum is compared, and nothing but their sum.
    """
    seen = evidence.known(evidence.amount)
    paid = together(seen, parts)
    wanted = " / ".join(str(amount) for amount in expected.amounts)
    shown = " + ".join(str(one) for one in (seen, *(part.amount for part in parts)) if one)
    if not parts or paid is None:
        finding = _amount(evidence, seen, expected)
    elif paid in expected.amounts:
        finding = matches(Reason.AMOUNT_PARTS_SUM)
    else:
        finding = _differs_from(paid, expected)
    return attrs.evolve(finding, expected=wanted, seen=shown)


def _amount(evidence: PaymentEvidence, seen: Money | None, expected: ExpectedPayment) -> Finding:
    if seen is None:
        contested = evidence.amount.state is FieldState.CONTESTED
        return unreadable(Reason.AMOUNT_CONTESTED if contested else Reason.AMOUNT_UNREADABLE)
    if not expected.amounts:
        return unreadable(Reason.NO_INVOICE)
    if seen in expected.amounts:
        return matches(Reason.AMOUNT_MATCH)
    if any(
        amount.currency == seen.currency and is_sign_confusion(seen, amount)
        for amount in expected.amounts
    ):
        return unreadable(Reason.AMOUNT_SIGN_UNCLEAR)
    return _differs_from(seen, expected)


def _differs_from(seen: Money, expected: ExpectedPayment) -> Finding:
    same = [amount for amount in expected.amounts if amount.currency == seen.currency]
    if not same:
        return differs(Reason.CURRENCY_DIFFERS)
    under = all(seen < amount for amount in same)
    return differs(Reason.AMOUNT_UNDER if under else Reason.AMOUNT_OVER)


def is_sign_confusion(seen: Money, wanted: Money) -> bool:
    """Whether two amounts differ by one digit at an end that a currency sign may have become."""
    pairs = [(str(seen.minor), str(wanted.minor)), (_whole(seen), _whole(wanted))]
    return any(
        left is not None
        and right is not None
        and (_has_sign_digit_more(left, right) or _has_sign_digit_more(right, left))
        for left, right in pairs
    )


def _whole(amount: Money) -> str | None:
    whole, rest = divmod(amount.minor, amount.currency.scale)
    return None if rest else str(whole)


def _has_sign_digit_more(longer: str, shorter: str) -> bool:
    before = longer[1:] == shorter and longer[0] in SIGN_DIGITS
    after = longer[:-1] == shorter and longer[-1] in SIGN_DIGITS
    return before or after


def compare_currency(evidence: PaymentEvidence, expected: ExpectedPayment) -> Finding:
    """Compare the sign, code or word on the amount's own line."""
    seen = seen_currency(evidence)
    wanted = " / ".join(dict.fromkeys(amount.currency.code for amount in expected.amounts))
    if seen is None:
        finding = unreadable(Reason.CURRENCY_UNREADABLE)
    elif not expected.amounts:
        finding = unreadable(Reason.NO_INVOICE)
    elif any(amount.currency == seen for amount in expected.amounts):
        finding = matches()
    else:
        finding = differs(Reason.CURRENCY_DIFFERS)
    return attrs.evolve(finding, expected=wanted, seen="" if seen is None else seen.code)


def seen_currency(evidence: PaymentEvidence) -> Currency | None:
    """Return the currency of the headline, also where its figure is contested.

    None where the sign on its line is read in several ways, or says another currency.
    """
    amount, sign = evidence.known(evidence.amount), evidence.known(evidence.currency)
    if amount is None:
        return sign
    doubted = evidence.currency.state is FieldState.CONTESTED
    return None if doubted or sign not in {None, amount.currency} else amount.currency


def compare_time(evidence: PaymentEvidence, expected: ExpectedPayment) -> Finding:
    """Compare the moment of payment with the time from the issue to the submission."""
    policy = expected.policy
    latest = expected.submitted_at + policy.future_skew
    earliest = None if expected.issued_at is None else expected.issued_at - policy.before_issue
    printed = evidence.known(evidence.paid_at)
    days = reference_days(evidence, expected.submitted_at)
    if printed is None and not days:
        return unreadable(Reason.TIME_UNREADABLE)
    if printed is not None and evidence.precision is not Precision.DAY:
        finding = _inside(printed, earliest, latest)
        seen = printed.isoformat()
    else:
        told = days if printed is None else (business_date(printed, BANK_ZONE),)
        found = [_inside(day, _day(earliest), business_date(latest, BANK_ZONE)) for day in told]
        finding = next((one for one in found if one.result is Result.DIFFERS), found[0])
        seen = ", ".join(day.isoformat() for day in sorted(set(told)))
    return attrs.evolve(
        _with_points(finding, from_reference=printed is None),
        expected=f"{'' if earliest is None else earliest.isoformat()}/{latest.isoformat()}",
        seen=seen,
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else business_date(at, BANK_ZONE)


def _inside(seen: date, earliest: date | None, latest: date) -> Finding:
    if seen > latest:
        return differs(Reason.IN_FUTURE, cap=20)
    if earliest is not None and seen < earliest:
        return differs(Reason.TOO_OLD)
    return matches()


def _with_points(finding: Finding, *, from_reference: bool) -> Finding:
    if not from_reference:
        return attrs.evolve(finding, points=PRINTED_POINTS)
    return attrs.evolve(finding, points=FROM_REFERENCE_POINTS, notes=(Reason.TIME_FROM_REFERENCE,))


def compare_reference_date(evidence: PaymentEvidence, expected: ExpectedPayment) -> Finding:
    """Compare the printed day with every day inside a reference, one day of tolerance.

    A day that was read in several ways never agrees; it differs when none of them agrees. A
    source that knows the moment inside its id to the minute says itself when that differs.
    """
    printed = evidence.known(evidence.paid_at)
    told_apart = Reason.REFERENCE_DATE_DIFFERS.value in evidence.notes
    moments = evidence.paid_at.candidates if printed is None else (printed,)
    days = reference_days(evidence, expected.submitted_at)
    if not moments or not days:
        return unreadable()
    told = sorted({business_date(at, BANK_ZONE) for at in moments})
    agrees = not told_apart and any(
        all(abs(day - one) <= DATE_TOLERANCE for one in days) for day in told
    )
    agreed = matches() if printed is not None else unreadable()
    finding = agreed if agrees else differs(Reason.REFERENCE_DATE_DIFFERS)
    inside = ", ".join(sorted({one.isoformat() for one in days}))
    return attrs.evolve(finding, expected=inside, seen=", ".join(day.isoformat() for day in told))


def labelled_rows(evidence: PaymentEvidence) -> tuple[Money, ...]:
    """Return the labelled amounts beside the headline: rows, and what was debited."""
    debited = evidence.known(evidence.debited)
    return evidence.amount_rows if debited is None else (*evidence.amount_rows, debited)


def is_consistent(evidence: PaymentEvidence, amount: Money) -> bool:
    """Whether every labelled row agrees with the headline, but for exactly the printed fee."""
    fee = evidence.known(evidence.fee)
    allowed = {amount}
    if fee is not None and fee.currency == amount.currency:
        allowed.add(amount + fee)
    return all(
        row in allowed if row.currency == amount.currency else _is_plausible(row, amount)
        for row in labelled_rows(evidence)
    )


def _is_plausible(one: Money, other: Money) -> bool:
    by_currency = {one.currency: one.minor, other.currency: other.minor}
    if set(by_currency) != {KHR, USD}:
        return True
    riel, cents = by_currency[KHR] * USD.scale, by_currency[USD]
    return RIEL_PER_DOLLAR[0] * cents <= riel <= RIEL_PER_DOLLAR[1] * cents
