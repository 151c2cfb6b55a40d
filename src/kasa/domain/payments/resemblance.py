"""Which payments look like another one without showing the same reference (section 9)."""

from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.account import printed_bank
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import Direction, PaymentEvidence, Precision
from kasa.domain.payments.names import edits
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import HASHES, JOIN_ONLY, KEYS, normalised

DIGITS_APART = 3
ID_LENGTH_MIN = 6
LEG_MINUTES = timedelta(minutes=2)
DAYS_APART = timedelta(days=1)


@attrs.frozen
class _Ids:
    """References by scheme, as they are compared."""

    by_scheme: dict[str, str]

    @classmethod
    def of(cls, evidence: PaymentEvidence) -> "_Ids":
        return cls(
            {
                scheme: normalised(scheme, value)
                for scheme, reading in evidence.references.items()
                if (value := evidence.known(reading)) is not None
            }
        )

    def apart(self, other: "_Ids", *, hashes: bool) -> list[int]:
        """Return how many characters each pair of ids of one scheme is apart."""
        return [
            edits(value, other.by_scheme[scheme])
            for scheme, value in self.by_scheme.items()
            if scheme in other.by_scheme and (hashes or scheme not in HASHES)
        ]


def resembles(one: PaymentEvidence, other: PaymentEvidence) -> frozenset[Reason]:
    """Return the suspicions that two payments give each other; symmetric.

    Never across different amounts. The same key is a duplicate; the same id under another key, of
    another scheme or another day, is a resemblance however far apart the days are.
    """
    amount = one.known(one.amount)
    if amount is None or amount != other.known(other.amount):
        return frozenset()
    found = set()
    ids, others = _Ids.of(one), _Ids.of(other)
    if _same_id_under_another_key(ids, others):
        found.add(Reason.NEAR_DUPLICATE)
    if not _near_in_days(one, other):
        return frozenset(found)
    if 1 in ids.apart(others, hashes=True):
        found.add(Reason.NEAR_DUPLICATE)
    if _same_minute(one, other) and not _clearly_apart(one, other):
        found.add(Reason.NEAR_DUPLICATE)
    if _both_legs(one, other):
        found.add(Reason.SAME_TRANSFER)
    return frozenset(found)


def whole_ids(evidence: PaymentEvidence) -> frozenset[str]:
    """Return the ids of an evidence that are long enough to mean the same under any scheme."""
    ids = _Ids.of(evidence).by_scheme.values()
    return frozenset(value for value in ids if len(value) >= ID_LENGTH_MIN)


def _same_id_under_another_key(ids: _Ids, others: _Ids) -> bool:
    return any(
        value == seen and len(value) >= ID_LENGTH_MIN and (scheme != other or scheme in KEYS)
        for scheme, value in ids.by_scheme.items()
        for other, seen in others.by_scheme.items()
        if JOIN_ONLY.isdisjoint({scheme, other})
    )


def _moments(one: PaymentEvidence, other: PaymentEvidence) -> tuple[datetime, datetime] | None:
    left, right = one.known(one.paid_at), other.known(other.paid_at)
    return None if left is None or right is None else (left, right)


def _near_in_days(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    moments = _moments(one, other)
    if moments is None:
        return True
    left, right = (business_date(at, BANK_ZONE) for at in moments)
    return abs(left - right) <= DAYS_APART


def _same_minute(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    moments = _moments(one, other)
    if moments is None or Precision.DAY in {one.precision, other.precision}:
        return False
    left, right = (at.replace(second=0, microsecond=0) for at in moments)
    return left == right


def _clearly_apart(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    apart = _Ids.of(one).apart(_Ids.of(other), hashes=False)
    if any(characters > DIGITS_APART for characters in apart):
        return True
    banks = {bank_of(one), bank_of(other)}
    return None not in banks and len(banks) == 2


def bank_of(evidence: PaymentEvidence) -> str | None:
    """Return whose screen a picture shows by its layout, or None when nobody knows."""
    return printed_bank(evidence.layout.partition(".")[0])


def _both_legs(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    moments = _moments(one, other)
    if moments is None or bank_of(one) is None or bank_of(one) != bank_of(other):
        return False
    directions = {one.known(one.direction), other.known(other.direction)}
    return (
        directions == {Direction.SENT, Direction.RECEIVED}
        and abs(moments[0] - moments[1]) <= LEG_MINUTES
        and bool(_Ids.of(one).by_scheme and _Ids.of(other).by_scheme)
    )
