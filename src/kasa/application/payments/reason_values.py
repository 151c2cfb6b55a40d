"""The values inside the sentence of a reason: amounts, days, names, as the evidence has them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import attrs

from kasa.application.payments.verdict_sentences import FIELDS, SOURCES, WHY_UNREADABLE
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Money
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import FieldState, PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, RuleOutcome
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import FirstUse, paid_day

Values = Mapping[str, object]
NONE: Values = {}


@attrs.frozen
class Phrase:
    """A value that is itself said in the reader's language."""

    message: str


@attrs.frozen(kw_only=True)
class Told:
    """A verdict with what it was judged on, and the row that gave a reason, if one did."""

    inputs: MatchInputs
    verdict: MatchVerdict
    row: RuleOutcome | None = None

    @property
    def evidence(self) -> PaymentEvidence:
        """What was judged."""
        return self.inputs.evidence

    @property
    def target(self) -> ExpectedPayment:
        """What it was compared with in the end."""
        found = [one for one in self.inputs.expected if one.invoice == self.verdict.invoice]
        return (found or list(self.inputs.expected))[0]


def values_of(reason: Reason, told: Told) -> Values:
    """Return the values that the sentence of a reason can show; those not known are left out."""
    give = VALUES.get(reason)
    return NONE if give is None else give(told)


def _amounts(told: Told) -> Values:
    seen = told.evidence.known(told.evidence.amount)
    if seen is None or not told.target.amounts:
        return NONE
    same = [one for one in told.target.amounts if one.currency == seen.currency]
    if not same:
        return {"seen": seen, "expected": told.target.amounts[0]}
    nearest = min(same, key=lambda one: abs(one.minor - seen.minor))
    gap = Money(abs(nearest.minor - seen.minor), seen.currency)
    return {"seen": seen, "expected": nearest, "gap": gap}


def _currencies(told: Told) -> Values:
    amount = told.evidence.known(told.evidence.amount)
    unit = told.evidence.known(told.evidence.currency)
    seen = unit if amount is None else amount.currency
    wanted = dict.fromkeys(one.currency.code for one in told.target.amounts)
    if seen is None or not wanted:
        return NONE
    return {"seen": seen.code, "expected": " / ".join(wanted)}


def _parts(told: Told) -> Values:
    """Return how many receipts sum up: the row shows their amounts between plus signs."""
    seen = told.row.seen if told.row is not None else ""
    return {"n": seen.count("+") + 1} if "+" in seen else NONE


def _name(told: Told) -> Values:
    seen = told.evidence.known(told.evidence.recipient_name)
    return NONE if seen is None else {"seen": seen}


def _seen(told: Told) -> Values:
    return {"seen": told.row.seen} if told.row is not None and told.row.seen else NONE


def _why(told: Told) -> Values:
    name, account = told.evidence.recipient_name, told.evidence.recipient_account
    contested = FieldState.CONTESTED in {name.state, account.state}
    if told.evidence.known(name) is not None:
        why = "cut" if name.cut else "near"
    else:
        why = "contested" if contested else "absent"
    return {"why": Phrase(WHY_UNREADABLE[why])}


def use_values(first: FirstUse | None) -> Values:
    """Return the day of a first use, and its invoice where one is known."""
    if first is None:
        return NONE
    number = {"number": first.invoice_number} if first.invoice_number else NONE
    return {"date": business_date(first.at, BANK_ZONE), **number}


def _use(told: Told) -> Values:
    return use_values(told.inputs.used.first)


def _paid_day(told: Told) -> date | None:
    return paid_day(told.evidence, told.target.submitted_at)


def _days_before(told: Told) -> Values:
    day, issued = _paid_day(told), told.target.issued_at
    return NONE if day is None else _days(day, issued)


def _days_after(told: Told) -> Values:
    day = _paid_day(told)
    return NONE if day is None else _days(day, told.target.submitted_at)


def _days(day: date, later: datetime | None) -> Values:
    if later is None:
        return NONE
    days = (business_date(later, BANK_ZONE) - day).days
    return {"n": days} if days > 0 else NONE


def _day(told: Told) -> Values:
    day = _paid_day(told)
    return NONE if day is None else {"date": day}


def _two_days(told: Told) -> Values:
    printed = told.row and _one_day(told.row.seen)
    inside = told.row and _one_day(told.row.expected)
    return {"printed": printed, "inside": inside} if printed and inside else NONE


def _one_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(told: Told) -> Values:
    return {"number": told.row.seen} if told.row is not None and told.row.seen else NONE


def _disagreement(told: Told) -> Values:
    ranked = sorted(told.evidence.atoms, key=lambda one: -one.source.rank)
    for field, label in FIELDS.items():
        read = [
            (getattr(one, field).value, one.source) for one in ranked if getattr(one, field).is_read
        ]
        other = next((pair for pair in read if pair[0] != read[0][0]), None)
        if other is not None:
            (one, by), (another, by_other) = read[0], other
            return {
                "field": Phrase(label),
                "a": one,
                "source_a": Phrase(SOURCES[by.value]),
                "b": another,
                "source_b": Phrase(SOURCES[by_other.value]),
            }
    return NONE


def _points(told: Told) -> Values:
    return {"points": told.verdict.points}


VALUES: Mapping[Reason, Callable[[Told], Values]] = {
    Reason.AMOUNT_PARTS_SUM: _parts,
    Reason.AMOUNT_UNDER: _amounts,
    Reason.AMOUNT_OVER: _amounts,
    Reason.CURRENCY_DIFFERS: _currencies,
    Reason.RECIPIENT_NAME_NEW: _name,
    Reason.RECIPIENT_DIFFERS: _seen,
    Reason.BANK_DIFFERS: _seen,
    Reason.RECIPIENT_UNREADABLE: _why,
    Reason.REFERENCE_USED: _use,
    Reason.SAME_FILE: _use,
    Reason.TOO_OLD: _days_before,
    Reason.STALE: _days_after,
    Reason.IN_FUTURE: _day,
    Reason.REFERENCE_DATE_DIFFERS: _two_days,
    Reason.OTHER_INVOICE: _number,
    Reason.SOURCES_DISAGREE: _disagreement,
    Reason.BELOW_THRESHOLD: _points,
}
