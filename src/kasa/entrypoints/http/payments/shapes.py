"""Payments and evidence as they are answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
import msgspec

from kasa.application.payments.evidence_queries import EvidenceShown
from kasa.application.payments.reviewing import Claim
from kasa.domain.kernel.money import Currency, Money
from kasa.domain.payments.evidence import FieldReading, PaymentEvidence
from kasa.domain.payments.payment import Payment
from kasa.entrypoints.http.wire import moment, money_out_or_none
from kasa.entrypoints.shown.values import MoneyOut


class PaymentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A payment in a list; ``claimed_by`` looks at it now."""

    id: UUID
    state: str
    source: str
    submitted_at: datetime
    invoice: UUID | None
    invoice_number: str
    amount: MoneyOut | None
    points: int
    decision: str
    reasons: tuple[str, ...]
    version: int
    claimed_by: UUID | None = None
    claimed_until: datetime | None = None


class PaymentShown(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as it stands; ``asks`` tells who can help one that is in review."""

    id: UUID
    state: str
    source: str
    submitted_at: datetime
    submitted_by: UUID | None
    contact: UUID | None
    invoice: UUID | None
    invoice_number: str
    customer: UUID | None
    amount: MoneyOut | None
    paid_at: datetime | None
    bank: str
    points: int
    decision: str
    reasons: tuple[str, ...]
    asks: str
    duplicate_of: UUID | None
    unallocated: MoneyOut | None
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str
    waits_until: datetime | None
    version: int


class FieldShown(msgspec.Struct, frozen=True, kw_only=True):
    """One field as it was read: its state, its value or what was seen when sources disagree."""

    state: str
    value: str | None
    candidates: tuple[str, ...]
    source: str | None


class EvidenceOut(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence with what was read of it, and its payment.

    Of payers' accounts viewers see the last 3 digits. ``duplicate_of`` is the payment for which
    the same bytes were sent before.
    """

    id: UUID
    source: str
    payment: PaymentShown
    picture: bool
    layout: str
    fields: dict[str, FieldShown]
    references: dict[str, FieldShown]
    duplicate_of: UUID | None = None


class EvidenceTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of an upload: one piece of evidence for each picture, in the order sent."""

    evidence: tuple[EvidenceOut, ...]


def row_of(line: Any, claim: Claim | None = None) -> PaymentRow:
    """Return a payment as a line of a list."""
    return PaymentRow(
        id=line.id,
        state=line.state.value,
        source=line.source.value,
        submitted_at=moment(line.submitted_at),
        invoice=line.invoice,
        invoice_number=line.invoice_number,
        amount=money_out_or_none(line.amount),
        points=line.points,
        decision=line.decision,
        reasons=line.reasons,
        version=line.version,
        claimed_by=None if claim is None else claim.by,
        claimed_until=None if claim is None else moment(claim.until),
    )


def payment_out(payment: Payment) -> PaymentShown:
    """Return a payment as it is answered."""
    verdict = payment.verdict
    asks = None if verdict is None else verdict.ask
    return PaymentShown(
        id=payment.id,
        state=payment.state.value,
        source=payment.source.value,
        submitted_at=moment(payment.submitted_at),
        submitted_by=payment.submitted_by,
        contact=payment.contact,
        invoice=payment.invoice,
        invoice_number=payment.invoice_number,
        customer=payment.customer,
        amount=money_out_or_none(payment.amount),
        paid_at=_moment(payment.paid_at),
        bank=payment.bank,
        points=0 if verdict is None else verdict.points,
        decision="" if verdict is None else verdict.decision.value,
        reasons=() if verdict is None else tuple(one.value for one in verdict.reasons),
        asks="" if asks is None else asks.value,
        duplicate_of=payment.duplicate_of,
        unallocated=money_out_or_none(payment.unallocated),
        decided_by=payment.decided_by,
        decided_at=_moment(payment.decided_at),
        reason=payment.reason,
        waits_until=_moment(payment.waits_until),
        version=payment.version,
    )


def evidence_out(shown: EvidenceShown, duplicate_of: UUID | None = None) -> EvidenceOut:
    """Return evidence as it is answered."""
    stored, read = shown.evidence, shown.evidence.evidence
    if read is None and shown.payment.inputs is not None:
        read = shown.payment.inputs.evidence
    return EvidenceOut(
        id=stored.id,
        source=stored.source.value,
        payment=payment_out(shown.payment),
        picture=stored.picture is not None,
        layout="" if read is None else read.layout,
        fields={} if read is None else fields_of(read),
        references={} if read is None else references_of(read),
        duplicate_of=duplicate_of or shown.payment.duplicate_of,
    )


def fields_of(read: PaymentEvidence) -> dict[str, FieldShown]:
    """Return every single field of evidence, by its name."""
    found = {field.name: getattr(read, field.name) for field in attrs.fields(PaymentEvidence)}
    return {
        name: field_out(value) for name, value in found.items() if isinstance(value, FieldReading)
    }


def references_of(read: PaymentEvidence) -> dict[str, FieldShown]:
    """Return the banks' own ids that were read, by their scheme."""
    return {str(scheme): field_out(value) for scheme, value in read.references.items()}


def field_out(reading: FieldReading[Any]) -> FieldShown:
    """Return a field as it is answered; every value is a text."""
    return FieldShown(
        state=reading.state.value,
        value=None if reading.value is None else _text(reading.value),
        candidates=tuple(_text(one) for one in reading.candidates),
        source=None if reading.source is None else reading.source.value,
    )


def _text(value: object) -> str:
    if isinstance(value, Money):
        return f"{value.text} {value.currency.code}"
    if isinstance(value, Currency):
        return value.code
    if isinstance(value, datetime):
        return moment(value).isoformat().replace("+00:00", "Z")
    return str(getattr(value, "value", value))


def _moment(at: datetime | None) -> datetime | None:
    return None if at is None else moment(at)
