"""Which payments look like another one without showing the same reference (section 9)."""

from datetime import datetime, timedelta

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.text import KHMER_DIGITS
from kasa.domain.payments.account import printed_bank
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.evidence import (
    Direction,
    FieldReading,
    PaymentEvidence,
    Precision,
    Source,
)
from kasa.domain.payments.names import edits
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import HASHES, JOIN_ONLY, KEYS, normalised

DIGITS_APART = 3
TAIL_DIGITS_MIN = 3
ID_LENGTH_MIN = 6
LOOK_ALIKES_LENGTH_MIN = 8
LOOK_ALIKES = frozenset(
    frozenset(group) for group in ("0OQD", "08", "1IL7", "5S6", "8B3", "2Z7", "6G", "49", "38")
)
"""Characters that are read as each other in ids."""

NO_TRANSFERS = JOIN_ONLY | {"alert"}
"""Schemes that name no transfer: a message that is posted twice tells of one transfer."""

LEG_MINUTES = timedelta(minutes=2)
DAYS_APART = timedelta(days=1)


@attrs.frozen
class _Ids:
    """References by scheme, as they are compared; a contested one has every reading of it."""

    by_scheme: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, evidence: PaymentEvidence) -> "_Ids":
        seen = {
            scheme: _readings(evidence, scheme, reading)
            for scheme, reading in evidence.references.items()
            if scheme not in NO_TRANSFERS
        }
        return cls({scheme: values for scheme, values in seen.items() if values})

    def pairs(self, other: "_Ids") -> list[tuple[str, str, str]]:
        """Return each two readings of one scheme."""
        return [
            (scheme, value, seen)
            for scheme, values in self.by_scheme.items()
            for value in values
            for seen in other.by_scheme.get(scheme, ())
        ]

    @property
    def long(self) -> frozenset[str]:
        """Ids that are long enough to mean the same under any scheme, in upper case."""
        every = (value.upper() for values in self.by_scheme.values() for value in values)
        return frozenset(value for value in every if len(value) >= ID_LENGTH_MIN)

    def misread_as(self, other: "_Ids") -> bool:
        """Whether a long id may be the other's, read as one of another scheme."""
        return any(
            _is_misreading("", value, seen)
            for value in self.long
            for seen in other.long
            if min(len(value), len(seen)) >= LOOK_ALIKES_LENGTH_MIN
        )


def _readings(
    evidence: PaymentEvidence, scheme: str, reading: FieldReading[str]
) -> tuple[str, ...]:
    known = evidence.known(reading)
    values = reading.candidates if known is None else (known,)
    return tuple(normalised(scheme, value) for value in values)


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
    if not _near_in_days(one, other) or _told_apart_by_banks(one, other):
        return frozenset(found)
    if any(_is_misreading(*pair) for pair in ids.pairs(others)) or ids.misread_as(others):
        found.add(Reason.NEAR_DUPLICATE)
    if _same_minute(one, other) and not _clearly_apart(one, other):
        found.add(Reason.NEAR_DUPLICATE)
    elif _told_by_a_bank(one, other):
        found.add(Reason.SAME_TRANSFER)
    if _both_legs(one, other):
        found.add(Reason.SAME_TRANSFER)
    return frozenset(found)


def whole_ids(evidence: PaymentEvidence) -> frozenset[str]:
    """Return its ids that are long enough to mean the same under any scheme, in both cases."""
    ids = _Ids.of(evidence).long
    return ids | {value.lower() for value in ids}


def _same_id_under_another_key(ids: _Ids, others: _Ids) -> bool:
    return any(
        value.upper() == seen.upper()
        and len(value) >= ID_LENGTH_MIN
        and (scheme != other or scheme in KEYS)
        for scheme, values in ids.by_scheme.items()
        for value in values
        for other, found in others.by_scheme.items()
        for seen in found
    )


def _is_misreading(scheme: str, one: str, other: str) -> bool:
    """Whether two ids may be one that was read twice: a character apart, or two look-alikes.

    Of a hash half of its characters may be lost: no two transfers have the other half in common.
    """
    if one == other:
        return False
    if scheme in HASHES and len(one) == len(other):
        return 2 * _alike(one, other, frozenset()) >= len(one)
    if edits(one, other) <= 1:
        return True
    alike = len(one) == len(other) >= LOOK_ALIKES_LENGTH_MIN
    return alike and _alike(one, other, LOOK_ALIKES) == len(one) and _apart(one, other) <= 2


def _apart(one: str, other: str) -> int:
    return len(one) - _alike(one, other, frozenset())


def _alike(one: str, other: str, groups: frozenset[frozenset[str]]) -> int:
    return sum(
        left == right or any({left, right} <= group for group in groups)
        for left, right in zip(one, other, strict=True)
    )


def _told_apart_by_banks(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    """Whether two banks' own words show ids of one scheme that differ: none of them is misread."""
    if not (_is_of_banks(one) and _is_of_banks(other)):
        return False
    pairs = _Ids.of(one).pairs(_Ids.of(other))
    return bool(pairs) and all(left != right for _, left, right in pairs)


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
    if _ids_clearly_apart(one, other):
        return True
    banks = {bank_of(one), bank_of(other)}
    return None not in banks and len(banks) == 2


def _ids_clearly_apart(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    pairs = [pair for pair in _Ids.of(one).pairs(_Ids.of(other)) if pair[0] not in HASHES]
    for scheme in {scheme for scheme, _, _ in pairs}:
        apart = [edits(left, right) for own, left, right in pairs if own == scheme]
        if min(apart) > DIGITS_APART:
            return True
    return False


def bank_of(evidence: PaymentEvidence) -> str | None:
    """Return whose screen a picture shows by its layout, or None when nobody knows."""
    return printed_bank(evidence.layout.partition(".")[0])


def _told_by_a_bank(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    """Whether the one may be a bank's own words about the transfer that the other shows.

    A bank's message prints another id than the payer's screen, and often the minute after it. Ids
    of one scheme that clearly differ, or other payers, are of two transfers.
    """
    moments = _moments(one, other)
    if moments is None or not any(_is_of_banks(each) for each in (one, other)):
        return False
    near = abs(moments[0] - moments[1]) <= LEG_MINUTES
    exact = Precision.DAY not in {one.precision, other.precision}
    return near and exact and not _ids_clearly_apart(one, other) and not _other_payers(one, other)


def _is_of_banks(evidence: PaymentEvidence) -> bool:
    """Whether banks alone speak of it; what people typed proves nothing either way."""
    told = evidence.sources - {Source.MANUAL}
    return bool(told) and all(source.is_bank for source in told)


def _other_payers(one: PaymentEvidence, other: PaymentEvidence) -> bool:
    """Whether the ends of the payers' account numbers differ, as far as both are printed."""
    left, right = (_tail(each.known(each.payer_account) or "") for each in (one, other))
    shorter = min(len(left), len(right))
    return shorter >= TAIL_DIGITS_MIN and left[-shorter:] != right[-shorter:]


def _tail(account: str) -> str:
    bare = "".join(account.translate(KHMER_DIGITS).split()).replace("-", "").rstrip(")")
    return bare[len(bare.rstrip("0123456789")) :]


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
