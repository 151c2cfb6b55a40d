"""Which bank alert belongs to which screenshot (payments.md, section 13).

An id in common is strong; the moment with the payer is firm, when one alert and one payment fit
each other and nothing else; amount and time alone are shown to a person and join nothing.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import IntEnum
from typing import Generic, TypeVar

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.alerts.reading import PAYER_REFERENCE
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import PaymentEvidence, Precision
from kasa.domain.payments.expected_payment import names_invoice
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import MatchVerdict
from kasa.domain.payments.merging import DAYS_APART, SAME_MOMENT
from kasa.domain.payments.names import NameLikeness, likeness
from kasa.domain.payments.references import normalised

TAIL_DIGITS_MIN = 3
SWITCHED_OFF: frozenset[str] = frozenset()
"""Schemes whose equal ids are not believed to be one transfer; inferred rows can be put here."""

SHORT_HASH = ("bakong.hash8", "bakong.hash")
UNTOUCHED = frozenset({"amount", "currency", "consistency", "policy", "bank_answer"})
"""Gates that an alert of the same money leaves as they are; no other may differ when it joins."""

KeyT = TypeVar("KeyT")
OtherT = TypeVar("OtherT")


class Strength(IntEnum):
    """How surely an alert and a screenshot are of one transfer."""

    NONE = 0
    WEAK = 1
    FIRM = 2
    STRONG = 3


@attrs.frozen(kw_only=True)
class Shown(Generic[KeyT]):
    """One side of a join: whose evidence it is, and the number of the invoice that it answers."""

    id: KeyT
    evidence: PaymentEvidence
    invoice_number: str = ""


def may_join(verdict: MatchVerdict) -> bool:
    """Whether a payment may take an alert's word: nothing that an alert tells differs in it."""
    return not any(
        row.result is Result.DIFFERS and row.rule not in UNTOUCHED for row in verdict.outcomes
    )


def strength(alert: Shown[OtherT], payment: Shown[KeyT]) -> Strength:
    """Say how surely an alert belongs to a payment; amount and currency are always equal."""
    message, picture = alert.evidence, payment.evidence
    amount = message.known(message.amount)
    if amount is None or amount != picture.known(picture.amount):
        return Strength.NONE
    ids, apart = _ids_agree(message, picture), _apart(message, picture)
    if ids:
        near = apart is None or apart <= DAYS_APART
        return Strength.STRONG if near else Strength.WEAK
    if apart is not None and apart > SAME_MOMENT:
        return Strength.NONE
    proven = _same_payer(message, picture) or _same_invoice(message, payment)
    sure = proven and ids is None and apart is not None
    return Strength.FIRM if sure else Strength.WEAK


def partner(
    one: Shown[KeyT],
    its_kind: Sequence[Shown[KeyT]],
    others: Sequence[Shown[OtherT]],
    fit: Callable[[Shown[KeyT], Shown[OtherT]], Strength],
) -> Shown[OtherT] | None:
    """Return the one of the others that belongs to one, or None when several could.

    ``its_kind`` are all that wait like it, it among them or not. A strong fit comes before every
    firm one, and must be as single.
    """
    rivals = [rival for rival in its_kind if rival.id != one.id]
    for wanted in (Strength.STRONG, Strength.FIRM):
        found = [other for other in others if fit(one, other) >= wanted]
        if len(found) != 1:
            if found:
                return None
            continue
        contested = any(fit(rival, found[0]) >= wanted for rival in rivals)
        return None if contested else found[0]
    return None


def _ids(evidence: PaymentEvidence) -> dict[str, str]:
    found = {
        scheme: normalised(scheme, value)
        for scheme, reading in evidence.references.items()
        if scheme not in SWITCHED_OFF and (value := evidence.known(reading)) is not None
    }
    short, whole = SHORT_HASH
    if whole in found:
        found.setdefault(short, found[whole][:8])
    return found


def _ids_agree(alert: PaymentEvidence, picture: PaymentEvidence) -> bool | None:
    """Tell whether an id is in common, or one differs; None when there is none to compare."""
    told, shown = _ids(alert), _ids(picture)
    payers = told.pop(PAYER_REFERENCE, None)
    if payers is not None and payers in shown.values():
        return True
    both = told.keys() & shown.keys()
    if not both:
        return None
    return all(told[scheme] == shown[scheme] for scheme in both)


def _apart(alert: PaymentEvidence, picture: PaymentEvidence) -> timedelta | None:
    """Return how far apart the moments are, or None when the picture shows less than a minute.

    A day that is another one is as far apart as its days.
    """
    told, shown = alert.known(alert.paid_at), picture.known(picture.paid_at)
    if told is None or shown is None:
        return None
    if Precision.DAY not in {alert.precision, picture.precision}:
        return abs(told - shown)
    days = abs(business_date(told, BANK_ZONE) - business_date(shown, BANK_ZONE))
    return days or None


def _same_payer(alert: PaymentEvidence, picture: PaymentEvidence) -> bool:
    told, shown = alert.known(alert.payer_name), picture.known(picture.payer_name)
    if told is not None and shown is not None and likeness(told, shown) is NameLikeness.EQUAL:
        return True
    tail, account = (_digits(one.known(one.payer_account)) for one in (alert, picture))
    shorter = min(len(tail), len(account))
    return shorter >= TAIL_DIGITS_MIN and tail[-shorter:] == account[-shorter:]


def _digits(account: str | None) -> str:
    """Return the digits at the end of an account number, behind what is masked."""
    bare = "".join((account or "").translate(KHMER_DIGITS).split()).replace("-", "").rstrip(")")
    end = len(bare.rstrip("0123456789"))
    return bare[end:]


def _same_invoice(alert: PaymentEvidence, payment: Shown[KeyT]) -> bool:
    """Tell whether the alert names the invoice that the payment answers."""
    return bool(payment.invoice_number) and names_invoice(alert, payment.invoice_number)
