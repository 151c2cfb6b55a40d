"""A bank's own ids of transfers: their forms, and the keys under which they are used once."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import attrs

from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Money
from kasa.domain.payments.banks.tables import BANK_ZONE, ID_FORMS, reference_date
from kasa.domain.payments.evidence import PaymentEvidence, Precision
from kasa.domain.payments.states import PaymentState

FORMS: Mapping[str, re.Pattern[str]] = {
    scheme: re.compile(form)
    for scheme, form in {
        **{scheme: form.pattern for scheme, form in ID_FORMS.items()},
        "payway.trx": "[0-9]{15}",
        "aba.trx": "[0-9]{11}",
        "aba.ft": "100FT[0-9]{11}",
        "acleda.ref": "[0-9]{11}",
        "wing.trx": "0002347[0-9]{5}[0-9A-Z]{4}",
        "vattanac.trx": "001FTRA[0-9]{5}[0-9A-Z]{4}",
        "canadia.ft": "FT[0-9]{5}[0-9A-Z]{5}",
        "cp.trx": "CP[0-9]{10}",
        "sathapana.trx": "099QORT[0-9]{9}",
        "amk.trx": "[0-9]{17}",
        "prasac.ref": "MB[0-9]{14}",
        "ppc.trx": "[0-9]{9}",
        "prince.ref": "[0-9]{9}",
        "bakong.hash": "[0-9a-f]{64}",
        "bakong.hash8": "[0-9a-f]{8}",
        "plb.ref": "[0-9]{5}",
        "generic.ref": "(?=[A-Z]*[0-9])[A-Z0-9]{6,32}",
        "alert": "[0-9-]{1,40}:[0-9]{1,20}",
    }.items()
}
JOIN_ONLY = frozenset({"payer.ref"})
HASHES = frozenset({"bakong.hash", "bakong.hash8"})
SHORT_HASH = 8
"""The short hash of a transfer is the beginning of its hash: one screen may show either."""


@attrs.frozen(order=True)
class Reference:
    """The key of a transfer: it is used once in a shop; ``value`` may hold more than the id."""

    scheme: str
    value: str


@attrs.frozen(kw_only=True)
class ReferenceKeys:
    """What one evidence shows: keys read, which are registered, and keys that are only looked up.

    Both are sorted and have no key in common.
    """

    read: tuple[Reference, ...] = ()
    candidates: tuple[Reference, ...] = ()


@attrs.frozen(kw_only=True)
class FirstUse:
    """The payment that showed a reference, or a picture, first."""

    payment: PaymentId
    at: datetime
    state: PaymentState
    invoice: InvoiceId | None = None
    invoice_number: str = ""
    same_file: bool = False


@attrs.frozen(kw_only=True)
class UsedReferences:
    """What the shop, and the other shops, know of the references of one evidence.

    ``first`` is the earliest use by another payment. ``elsewhere``: another shop was shown one.
    ``suspicions`` are reason codes: ``near_duplicate``, ``same_transfer``.
    """

    first: FirstUse | None = None
    elsewhere: bool = False
    suspicions: tuple[str, ...] = ()

    def with_file(self, same: FirstUse | None) -> "UsedReferences":
        """Return it with the first use of the same picture, which counts before all."""
        return self if same is None else attrs.evolve(self, first=same)

    def with_near(self, suspicions: tuple[str, ...]) -> "UsedReferences":
        """Return it with what resembles earlier payments."""
        return attrs.evolve(self, suspicions=tuple(sorted({*self.suspicions, *suspicions})))


def normalised(scheme: str, value: str) -> str:
    """Return an id as it is compared: without spaces, upper case, but hashes in lower case."""
    bare = "".join(value.split())
    return bare.lower() if scheme in HASHES else bare.upper()


def is_well_formed(scheme: str, value: str) -> bool:
    """Whether an id has exactly the form of its scheme; unknown schemes never have."""
    form = FORMS.get(scheme)
    return bool(form and form.fullmatch(normalised(scheme, value)))


@attrs.frozen
class _Context:
    money: Money | None
    day: date | None
    second: datetime | None


def _value(value: str, _: _Context) -> str | None:
    return value


def _with_day(value: str, context: _Context) -> str | None:
    return f"{value}|{context.day.isoformat()}" if context.day else None


def _with_money_and_day(value: str, context: _Context) -> str | None:
    dated = _with_day(value, context)
    return f"{dated}|{context.money}" if dated and context.money else None


def _with_money_and_second(value: str, context: _Context) -> str | None:
    if context.money is None or context.second is None:
        return None
    return f"{value}|{context.second.isoformat()}|{context.money}"


KEYS: Mapping[str, Callable[[str, _Context], str | None]] = {
    "ppc.trx": _with_day,
    "prince.ref": _with_day,
    "generic.ref": _with_day,
    "bakong.hash8": _with_money_and_day,
    "plb.ref": _with_money_and_second,
}
"""Schemes whose id alone is not unique; all others are keyed by their value."""


def paid_day(evidence: PaymentEvidence, near: datetime) -> date | None:
    """Return the day of a payment in the bank's zone: as printed, else from inside a reference."""
    printed = evidence.known(evidence.paid_at)
    if printed is not None:
        return business_date(printed, BANK_ZONE)
    return next(iter(reference_days(evidence, near)), None)


def reference_days(evidence: PaymentEvidence, near: datetime) -> tuple[date, ...]:
    """Return the days inside the references that were read, in the order of their schemes."""
    days = (
        reference_date(scheme, normalised(scheme, value), near)
        for scheme, reading in sorted(evidence.references.items())
        if (value := evidence.known(reading)) is not None
    )
    return tuple(day for day in days if day is not None)


def reference_keys(evidence: PaymentEvidence, near: datetime) -> ReferenceKeys:
    """Return every key that an evidence shows; typed-in ids and malformed ones give none.

    A scheme that needs an amount or a day gives no key without it. A hash also gives the key of
    its short form. ``near`` is the moment of submission.
    """
    paid_at = evidence.known(evidence.paid_at)
    exact = paid_at is not None and evidence.precision is Precision.SECOND
    context = _Context(
        evidence.known(evidence.amount),
        paid_day(evidence, near),
        paid_at.astimezone(UTC) if paid_at is not None and exact else None,
    )
    read: set[Reference] = set()
    candidates: set[Reference] = set()
    for scheme, reading in evidence.references.items():
        known = evidence.known(reading)
        if known is not None:
            read |= _keys(scheme, (known,), context)
        candidates |= _keys(scheme, reading.candidates, context)
        if scheme == "bakong.hash":
            short = () if known is None else (known[:SHORT_HASH],)
            read |= _keys("bakong.hash8", short, context)
    return ReferenceKeys(read=tuple(sorted(read)), candidates=tuple(sorted(candidates - read)))


def _keys(scheme: str, values: tuple[str, ...], context: _Context) -> set[Reference]:
    build = KEYS.get(scheme, _value)
    return {
        Reference(scheme, key)
        for value in values
        if is_well_formed(scheme, value)
        and (key := build(normalised(scheme, value), context)) is not None
    }
