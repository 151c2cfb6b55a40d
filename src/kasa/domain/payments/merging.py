"""What several sources say together: a function of the set of them (payments.md, section 2).

Merged evidence keeps its parts, so the order and the repetition of sources are irrelevant.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations
from operator import eq
from typing import Any

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Money
from kasa.domain.payments.banks.tables import BANK_ZONE, reference_date
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Precision,
    Source,
)
from kasa.domain.payments.names import letters
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import is_well_formed, normalised

SAME_MOMENT = timedelta(minutes=2)
DAYS_APART = timedelta(days=1)
_MASKED_TAIL = re.compile(r"[*xX•·]+([0-9]{3,4})")
_PRECISIONS = (Precision.DAY, Precision.MINUTE, Precision.SECOND)

Same = Callable[[Any, Any], bool]
Fits = Callable[[Any], bool]
Told = tuple[int, FieldReading[Any]]


def _same_letters(left: str, right: str) -> bool:
    return letters(left) == letters(right)


def _same_digits(left: str, right: str) -> bool:
    """Whether two numbers are one, as far as both are printed: `*467` agrees with what ends so."""
    one, other = _bare(left), _bare(right)
    if one == other:
        return True
    masks = [_MASKED_TAIL.fullmatch(number) for number in (one, other)]
    return any(
        mask is not None and number.endswith(mask[1])
        for mask, number in zip(masks, (other, one), strict=True)
    )


def _bare(number: str) -> str:
    return "".join(sign for sign in number if sign not in " -()")


_FIELDS: Mapping[str, Same] = {
    "receipt": eq,
    "outcome": eq,
    "direction": eq,
    "amount": eq,
    "debited": eq,
    "fee": eq,
    "recipient_name": _same_letters,
    "recipient_account": _same_digits,
    "recipient_bank": _same_letters,
    "payer_name": _same_letters,
    "payer_account": _same_digits,
    "remark": _same_letters,
    "bill_number": _same_letters,
}


def merge(*evidence: PaymentEvidence) -> PaymentEvidence:
    """Return what several sources of one payment say together; at least one is needed.

    Per field the highest rank that read it wins; a lower one that disagrees leaves the note
    ``sources_disagree``. Equal ranks that disagree make a field contested. Amount and currency
    come from the same source.
    """
    atoms = [_sorted(part) for one in evidence for part in one.atoms]
    unique = {repr(part): part for part in atoms}
    parts = tuple(unique[text] for text in sorted(unique))
    return parts[0] if len(parts) == 1 else _combined(parts)


def shares_reference(left: PaymentEvidence, right: PaymentEvidence) -> bool:
    """Whether two pictures show the same reference, so that they are of one transfer."""
    return bool(_ids(left) & _ids(right))


def _ids(evidence: PaymentEvidence) -> set[str]:
    return {
        normalised(scheme, value)
        for scheme, reading in evidence.references.items()
        if (value := evidence.known(reading)) is not None
    }


def _sorted(part: PaymentEvidence) -> PaymentEvidence:
    return attrs.evolve(part, references=dict(sorted(part.references.items())))


def _combined(parts: tuple[PaymentEvidence, ...]) -> PaymentEvidence:
    told = {name: _told(parts, name) for name in _FIELDS}
    merged: dict[str, Any] = {name: _field(told[name], same) for name, same in _FIELDS.items()}
    references = _references(parts)
    moment, moments = _moment(parts, references)
    currency = _currency(parts, merged["amount"])
    disagree = [_disagrees(told[name], merged[name], same) for name, same in _FIELDS.items()]
    disagree.append(_disagrees(moments, moment, _same_moment))
    notes = {note for part in parts for note in part.notes}
    if any(disagree):
        notes.add(Reason.SOURCES_DISAGREE.value)
    paid_at, precision = _split(moment)
    return PaymentEvidence(
        **merged,
        **_counted(parts),
        currency=currency,
        amount_rows=_rows(parts),
        paid_at=paid_at,
        precision=precision,
        references=references,
        notes=tuple(sorted(notes)),
        parts=parts,
    )


def _counted(parts: Sequence[PaymentEvidence]) -> dict[str, Any]:
    leader = max(parts, key=lambda part: (part.source.rank, part.source.value))
    seen = [part for part in parts if part.source is Source.SCREENSHOT and part.layout] or parts
    picture = max(seen, key=lambda part: (part.layout != "generic", part.labels, part.layout))
    return {
        "source": leader.source,
        "layout": picture.layout,
        "own_code": max((part.own_code or "" for part in parts), default="") or None,
        "labels": picture.labels,
        "success_word": any(part.success_word for part in parts),
        "engine_versions": tuple(sorted({one for part in parts for one in part.engine_versions})),
        "full_readings": max(part.full_readings for part in parts),
        "efforts": tuple(sorted({effort for part in parts for effort in part.efforts})),
        "text_characters": max(part.text_characters for part in parts),
    }


def _told(parts: Iterable[PaymentEvidence], name: str) -> list[Told]:
    return [_attributed(part, getattr(part, name)) for part in parts]


def _attributed(part: PaymentEvidence, reading: FieldReading[Any]) -> Told:
    source = reading.source or part.source
    return source.rank, attrs.evolve(reading, source=source)


def _field(
    told: Sequence[Told], same: Same, fits: Fits | None = None, prefer: Callable[[Any], Any] = repr
) -> FieldReading[Any]:
    heard = [(rank, one) for rank, one in told if one.is_read or one.candidates]
    if not heard:
        lost = any(one.state is not FieldState.ABSENT for _, one in told)
        return UNREADABLE if lost else ABSENT
    top = max(rank for rank, _ in heard)
    best = [one for rank, one in heard if rank == top]
    values = {repr(value): value for one in best for value in _values(one)}
    fitting = [value for value in values.values() if fits is not None and fits(value)]
    agree = all(same(left, right) for left, right in combinations(values.values(), 2))
    if len(fitting) == 1:
        best = [one for one in best if one.is_read and one.value == fitting[0]]
    elif not agree or any(not one.is_read for one in best):
        best = []
    if not best:
        seen = tuple(values[text] for text in sorted(values))
        source = max(one.source.value for rank, one in heard if rank == top and one.source)
        return FieldReading(state=FieldState.CONTESTED, candidates=seen, source=Source(source))
    chosen = max(best, key=lambda one: (prefer(one.value), repr(one)))
    return _supported(chosen, [one for _, one in heard if one.is_read], same)


def _values(reading: FieldReading[Any]) -> tuple[Any, ...]:
    return (reading.value,) if reading.is_read else reading.candidates


def _supported(
    chosen: FieldReading[Any], read: Sequence[FieldReading[Any]], same: Same
) -> FieldReading[Any]:
    agreeing = [
        one
        for one in read
        if same(one.value, chosen.value)
        and (one.source is not Source.MANUAL or chosen.source is Source.MANUAL)
    ]
    return attrs.evolve(
        chosen,
        seen=sum(one.seen for one in agreeing),
        engines=max(one.engines for one in agreeing),
        labelled=any(one.labelled for one in agreeing),
        cut=all(one.cut for one in agreeing),
    )


def _disagrees(told: Sequence[Told], merged: FieldReading[Any], same: Same) -> bool:
    read = [one.value for _, one in told if one.is_read]
    return merged.is_read and not all(same(value, merged.value) for value in read)


def _currency(parts: Sequence[PaymentEvidence], amount: FieldReading[Money]) -> FieldReading[Any]:
    same_rank = [
        part
        for part in parts
        if amount.source is None or (part.amount.source or part.source).rank == amount.source.rank
    ]
    return _field(_told(same_rank, "currency"), eq)


def _rows(parts: Sequence[PaymentEvidence]) -> tuple[Money, ...]:
    rows = {row for part in parts if part.source is not Source.MANUAL for row in part.amount_rows}
    return tuple(sorted(rows, key=lambda row: (row.currency.code, row.minor)))


def _references(parts: Sequence[PaymentEvidence]) -> dict[str, FieldReading[str]]:
    schemes = sorted({scheme for part in parts for scheme in part.references})
    return {
        scheme: _field(
            [
                _attributed(part, part.references[scheme])
                for part in parts
                if scheme in part.references
            ],
            partial(_same_id, scheme),
            partial(is_well_formed, scheme),
        )
        for scheme in schemes
    }


def _same_id(scheme: str, left: str, right: str) -> bool:
    return normalised(scheme, left) == normalised(scheme, right)


def _moment(
    parts: Sequence[PaymentEvidence], references: Mapping[str, FieldReading[str]]
) -> tuple[FieldReading[Any], list[Told]]:
    told = [_attributed(part, _with_precision(part)) for part in parts]

    def agrees_with_reference(value: tuple[datetime, Precision]) -> bool:
        return any(_is_near(value[0], *one) for one in inside)

    inside = [(scheme, one.value) for scheme, one in references.items() if one.value is not None]
    return _field(told, _same_moment, agrees_with_reference, _exactness), told


def _is_near(at: datetime, scheme: str, value: str) -> bool:
    day = reference_date(scheme, normalised(scheme, value), at)
    return day is not None and abs(business_date(at, BANK_ZONE) - day) <= DAYS_APART


def _with_precision(part: PaymentEvidence) -> FieldReading[Any]:
    reading: FieldReading[Any] = part.paid_at
    if reading.is_read:
        return attrs.evolve(reading, value=(reading.value, part.precision))
    return attrs.evolve(
        reading, candidates=tuple((one, part.precision) for one in reading.candidates)
    )


def _same_moment(left: tuple[datetime, Precision], right: tuple[datetime, Precision]) -> bool:
    if Precision.DAY in {left[1], right[1]}:
        return business_date(left[0], BANK_ZONE) == business_date(right[0], BANK_ZONE)
    return abs(left[0] - right[0]) <= SAME_MOMENT


def _exactness(value: tuple[datetime, Precision]) -> tuple[int, str]:
    return _PRECISIONS.index(value[1]), value[0].isoformat()


def _split(moment: FieldReading[Any]) -> tuple[FieldReading[datetime], Precision]:
    if not moment.is_read or moment.value is None:
        bare = tuple(dict.fromkeys(one for one, _ in moment.candidates))
        return attrs.evolve(moment, candidates=bare), Precision.MINUTE
    at, precision = moment.value
    return attrs.evolve(moment, value=at), precision
