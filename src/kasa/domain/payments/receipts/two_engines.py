"""What two engines say of one picture: agreement is evidence, disagreement asks a person.

Nothing is outvoted: where they read different values none of them is read (payments.md, section 2).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import eq
from typing import Any

import attrs

from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.banks.tables import BANK_ZONE, reference_date
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    FieldReading,
    FieldState,
    Precision,
)
from kasa.domain.payments.names import letters, look_alike_edits
from kasa.domain.payments.receipts.headline import Amounts
from kasa.domain.payments.receipts.paid_at import PaidAt
from kasa.domain.payments.receipts.parties import Parties

BOTH_ENGINES = 2
ONE_DAY = timedelta(days=1)

References = Mapping[str, FieldReading[str]]
Same = Callable[[Any, Any], bool]


def both(first: FieldReading[Any], second: FieldReading[Any], same: Same = eq) -> FieldReading[Any]:
    """Return what two engines say of one field; the second's spelling where they agree.

    Where the second wavers between several values, one of which is the first's, it says nothing.
    """
    if first.is_read and second.is_read and same(first.value, second.value):
        return attrs.evolve(
            second if first.cut or not second.cut else first,
            candidates=first.candidates,
            seen=first.seen + second.seen,
            engines=BOTH_ENGINES,
            labelled=first.labelled or second.labelled,
            box=first.box or second.box,
        )
    if first.is_read and any(same(first.value, one) for one in second.candidates):
        return first
    heard = (*_values(first), *_values(second))
    spoke = [one for one in (first, second) if _values(one)]
    if len(spoke) == BOTH_ENGINES:
        candidates = tuple(dict.fromkeys(heard))
        return FieldReading(state=FieldState.CONTESTED, candidates=candidates, box=first.box)
    if spoke:
        return spoke[0]
    return UNREADABLE if FieldState.UNREADABLE in {first.state, second.state} else ABSENT


def _values(field: FieldReading[Any]) -> tuple[Any, ...]:
    """Return every value that a field has, also those that contest each other."""
    return (field.value, *field.candidates) if field.is_read else field.candidates


def both_amounts(together: Amounts, first: Amounts, second: Amounts) -> Amounts:
    """Return the amounts of all readings, the headline as each engine alone bears it out.

    A number whose currency an engine cannot see confirms nothing and contests nothing.
    """
    said = [one.headline for one in (first, second, together) if one.headline.is_read]
    values = tuple(dict.fromkeys(one.value for one in said if one.value is not None))
    if len(values) > 1:
        headline = FieldReading(state=FieldState.CONTESTED, candidates=values, box=said[0].box)
        return attrs.evolve(together, headline=headline)
    if not all(one.headline.is_read for one in (first, second, together)):
        return together
    return attrs.evolve(together, headline=attrs.evolve(together.headline, engines=BOTH_ENGINES))


def both_references(first: References, second: References) -> dict[str, FieldReading[str]]:
    """Return what two engines say of every id."""
    schemes = dict.fromkeys((*first, *second))
    return {
        scheme: both(first.get(scheme, ABSENT), second.get(scheme, ABSENT)) for scheme in schemes
    }


def both_parties(first: Parties, second: Parties, *, placed: bool) -> Parties:
    """Return what two engines say of payee and payer.

    ``placed``: some label tells whose an account is; else a number that the second engine alone
    shows is nobody's. Bank and payer prove nothing but can raise a doubt: the first engine that
    read them counts.
    """
    heard = placed or first.recipient_account.is_read or first.recipient_account.candidates
    account = second.recipient_account if heard else ABSENT
    return Parties(
        recipient_name=both(first.recipient_name, second.recipient_name, _same_name),
        recipient_account=both(first.recipient_account, account),
        recipient_bank=_either(first.recipient_bank, second.recipient_bank),
        payer_name=_either(first.payer_name, second.payer_name),
        payer_account=_either(first.payer_account, second.payer_account),
    )


def _either(first: FieldReading[str], second: FieldReading[str]) -> FieldReading[str]:
    return second if second.is_read and not (first.is_read or first.candidates) else first


def _same_name(left: str, right: str) -> bool:
    one, other = letters(left), letters(right)
    return one == other or look_alike_edits(one, other) is not None


def both_moments(first: PaidAt, second: PaidAt, references: References, near: datetime) -> PaidAt:
    """Return the moment that two engines read; of two, the one that an id's day bears out."""
    if not (first.field.is_read and second.field.is_read):
        field = both(first.field, second.field)
        return PaidAt(field, (first if first.field.is_read else second).precision)
    exact = first if _exactness(first) >= _exactness(second) else second
    if _same_moment(first, second):
        return PaidAt(both(exact.field, exact.field), exact.precision)
    fitting = [one for one in (first, second) if _fits(one, references, near)]
    if len(fitting) == 1:
        return fitting[0]
    return PaidAt(both(first.field, second.field))


def _exactness(one: PaidAt) -> int:
    return (Precision.DAY, Precision.MINUTE, Precision.SECOND).index(one.precision)


def _same_moment(first: PaidAt, second: PaidAt) -> bool:
    """Tell whether two moments are one, as exactly as the vaguer of them was printed."""
    one, other = first.field.value, second.field.value
    assert one is not None
    assert other is not None
    coarsest = min((first, second), key=_exactness).precision
    if coarsest is Precision.DAY:
        return business_date(one, BANK_ZONE) == business_date(other, BANK_ZONE)
    if coarsest is Precision.MINUTE:
        return one.replace(second=0) == other.replace(second=0)
    return one == other


def _fits(one: PaidAt, references: References, near: datetime) -> bool:
    """Tell whether the day inside an id is that of a moment."""
    assert one.field.value is not None
    printed = business_date(one.field.value, BANK_ZONE)
    days = [
        reference_date(scheme, field.value, near)
        for scheme, field in references.items()
        if field.value is not None
    ]
    return any(day is not None and abs(printed - day) <= ONE_DAY for day in days)
