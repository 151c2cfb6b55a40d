"""The tables of payments, and what stores and views read from them."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from kasa.adapters.memory.tables import Readable, Table
from kasa.application.ports.payments import KhqrShown, StoredEvidence
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.ids import AccountId, EvidenceId, InvoiceId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.account import ReceivingAccount
from kasa.domain.payments.expected_payment import MatchPolicy
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import FirstUse, Reference, ReferenceKeys


@attrs.frozen
class Registered:
    """Whose reference it is, and since when."""

    payment: PaymentId
    first_seen: datetime


PAYMENTS = Table[PaymentId, Payment]("payments", LockRank.PAYMENTS)
EVIDENCE = Table[EvidenceId, StoredEvidence]("evidence")
REFERENCES = Table[Reference, Registered]("payment_references", LockRank.REFERENCES)
MONEY = Table[Money, None]("payments_of_one_money", LockRank.REFERENCES)
ACCOUNTS = Table[AccountId, ReceivingAccount]("receiving_accounts", LockRank.DOCUMENTS)
POLICIES = Table[str, MatchPolicy]("match_policies")
CODES = Table[str, KhqrShown]("khqr_codes")


def evidence_of(rows: Readable, id: PaymentId) -> tuple[StoredEvidence, ...]:
    """Return everything that was sent for a payment, in the order sent."""
    return tuple(row for row in rows.read(EVIDENCE).values() if row.payment == id)


def same_file(rows: Readable, id: PaymentId) -> FirstUse | None:
    """Return the earliest other payment that shows one of a payment's pictures."""
    own = {row.picture.sha256 for row in evidence_of(rows, id) if row.picture is not None}
    payments = rows.read(PAYMENTS)
    here = payments[id]
    owners = [
        payments[payments[row.payment].duplicate_of or row.payment]
        for row in rows.read(EVIDENCE).values()
        if row.picture is not None and row.picture.sha256 in own and row.payment != id
    ]
    earlier = [
        one
        for one in owners
        if one.id != id and (one.submitted_at, one.id) < (here.submitted_at, here.id)
    ]
    if not earlier:
        return None
    first = min(earlier, key=lambda payment: (payment.submitted_at, payment.id))
    return attrs.evolve(first_use(first, first.submitted_at), same_file=True)


def first_use(payment: Payment, at: datetime) -> FirstUse:
    """Return a payment as the first one that showed something."""
    return FirstUse(
        payment=payment.id,
        at=at,
        state=payment.state,
        invoice=payment.invoice,
        invoice_number=payment.invoice_number,
    )


def first_owner(
    rows: Readable, keys: ReferenceKeys, besides: PaymentId | None = None
) -> FirstUse | None:
    """Return the earliest payment, duplicates resolved, that any of these keys belongs to."""
    known, payments = rows.read(REFERENCES), rows.read(PAYMENTS)
    owners = []
    for key in (*keys.read, *keys.candidates):
        row = known.get(key)
        if row is None:
            continue
        owner = payments[row.payment].duplicate_of or row.payment
        if owner != besides:
            owners.append((row.first_seen, owner))
    if not owners:
        return None
    at, first = min(owners)
    return first_use(payments[first], at)


def accounts_in_use(rows: Readable) -> tuple[ReceivingAccount, ...]:
    """Return the accounts that are not archived, oldest first."""
    return tuple(one for one in rows.read(ACCOUNTS).values() if one.archived_at is None)


def codes_of(
    rows: Readable, invoices: Iterator[InvoiceId] | tuple[InvoiceId, ...]
) -> dict[InvoiceId, frozenset[str]]:
    """Return the MD5s of the codes shown for each of some invoices."""
    found: dict[InvoiceId, set[str]] = {invoice: set() for invoice in invoices}
    for code in rows.read(CODES).values():
        if code.invoice in found:
            found[code.invoice].add(code.md5)
    return {invoice: frozenset(codes) for invoice, codes in found.items()}
