"""Between rows and the values of payments."""

from typing import Any

from kasa.adapters.postgres.connection import Row
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.application.ports.payments import EvidencePicture, KhqrShown, StoredEvidence
from kasa.domain.kernel.ids import EvidenceId, FileId, PaymentId
from kasa.domain.kernel.money import Money, currency
from kasa.domain.payments.account import AcceptedName, BankCode, ReceivingAccount
from kasa.domain.payments.evidence import PaymentEvidence, Precision, Source
from kasa.domain.payments.matching import MatchInputs, MatchVerdict
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import FirstUse
from kasa.domain.payments.states import PaymentState


def payment_of(row: Row) -> Payment:
    """Return a payment from its row."""
    return Payment(
        id=row["id"],
        submitted_at=row["submitted_at"],
        source=Source(row["source"]),
        state=PaymentState(row["state"]),
        invoice=row["invoice_id"],
        invoice_number=row["invoice_number"],
        customer=row["customer_id"],
        submitted_by=row["submitted_by"],
        contact=row["contact_id"],
        submission=row["submission_id"],
        amount=_money(row["amount_minor"], row["currency"]),
        paid_at=row["paid_at"],
        precision=Precision(row["precision"]),
        bank=row["bank"],
        inputs=None if row["inputs"] is None else value_of(row["inputs"], MatchInputs),
        verdict=None if row["verdict"] is None else value_of(row["verdict"], MatchVerdict),
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
        approvals=row["approvals"],
        unallocated=_money(row["unallocated_minor"], row["unallocated_currency"]),
        duplicate_of=row["duplicate_of"],
        asked_at=row["asked_at"],
        waits_until=row["waits_until"],
        version=row["version"],
    )


def _money(minor: int | None, code: str | None) -> Money | None:
    return None if minor is None or code is None else Money(minor, currency(code))


def payment_row(payment: Payment) -> dict[str, Any]:
    """Return a payment as the columns of its row."""
    verdict, amount, unallocated = payment.verdict, payment.amount, payment.unallocated
    return {
        "id": payment.id,
        "invoice_id": payment.invoice,
        "invoice_number": payment.invoice_number,
        "customer_id": payment.customer,
        "contact_id": payment.contact,
        "submission_id": payment.submission,
        "state": payment.state.value,
        "source": payment.source.value,
        "amount_minor": amount.minor if amount else None,
        "currency": amount.currency.code if amount else None,
        "paid_at": payment.paid_at,
        "precision": payment.precision.value,
        "bank": payment.bank,
        "points": verdict.points if verdict else 0,
        "decision": verdict.decision.value if verdict else "",
        "verdict": None if verdict is None else text_of(verdict),
        "inputs": None if payment.inputs is None else text_of(payment.inputs),
        "submitted_by": payment.submitted_by,
        "submitted_at": payment.submitted_at,
        "decided_by": payment.decided_by,
        "decided_at": payment.decided_at,
        "approvals": payment.approvals,
        "reason": payment.reason,
        "unallocated_minor": unallocated.minor if unallocated else None,
        "unallocated_currency": unallocated.currency.code if unallocated else None,
        "duplicate_of": payment.duplicate_of,
        "asked_at": payment.asked_at,
        "waits_until": payment.waits_until,
        "version": payment.version,
    }


def evidence_of(row: Row) -> StoredEvidence:
    """Return what was sent for a payment from its row."""
    fields, file = row["fields"], row["file_id"]
    picture = EvidencePicture(
        file=FileId(file), storage_key=row["storage_key"], sha256=row["sha256"]
    )
    return StoredEvidence(
        id=EvidenceId(row["id"]),
        payment=PaymentId(row["payment_id"]),
        source=Source(row["source"]),
        picture=None if file is None else picture,
        evidence=None if fields is None else value_of(fields, PaymentEvidence),
        took_milliseconds=row["took_ms"],
    )


def evidence_row(evidence: StoredEvidence) -> dict[str, Any]:
    """Return what was sent for a payment as the columns of its row, without its place."""
    picture = evidence.picture
    return {
        "id": evidence.id,
        "payment": evidence.payment,
        "source": evidence.source.value,
        "file": picture.file if picture else None,
        "storage_key": picture.storage_key if picture else "",
        "sha256": picture.sha256 if picture else None,
        "fields": None if evidence.evidence is None else text_of(evidence.evidence),
        "took_ms": evidence.took_milliseconds,
    }


def first_use_of(row: Row, *, same_file: bool = False) -> FirstUse:
    """Return the payment of a row as the first one that showed something."""
    return FirstUse(
        payment=PaymentId(row["id"]),
        at=row["first_seen"],
        state=PaymentState(row["state"]),
        invoice=row["invoice_id"],
        invoice_number=row["invoice_number"],
        same_file=same_file,
    )


def account_of(row: Row) -> ReceivingAccount:
    """Return a receiving account from its row, with its names."""
    return ReceivingAccount(
        id=row["id"],
        bank=BankCode(row["bank"]),
        number=row["number"],
        names=tuple(AcceptedName(name) for name in row["names"] or ()),
        currency=currency(row["currency"]),
        bakong_id=row["bakong_id"],
        account_info=row["account_info"],
        tag=row["tag"],
        merchant_id=row["merchant_id"],
        city=row["city"],
        printed_qr=row["printed_qr"],
        short_name_alone=row["short_name_alone"],
        archived_at=row["archived_at"],
        version=row["version"],
    )


def account_row(account: ReceivingAccount) -> dict[str, Any]:
    """Return a receiving account as the columns of its row; its names have their own table."""
    return {
        "id": account.id,
        "bank": account.bank,
        "number": account.number,
        "currency": account.currency.code,
        "bakong_id": account.bakong_id,
        "account_info": account.account_info,
        "tag": account.tag,
        "merchant_id": account.merchant_id,
        "city": account.city,
        "printed_qr": account.printed_qr,
        "short_name_alone": account.short_name_alone,
        "archived_at": account.archived_at,
        "version": account.version,
    }


def code_row(code: KhqrShown) -> dict[str, Any]:
    """Return a code that was shown as the columns of its row."""
    return {
        "md5": code.md5,
        "payload": code.payload,
        "invoice": code.invoice,
        "amount": code.amount.minor if code.amount else None,
        "currency": code.currency.code,
        "created_at": code.created_at,
        "expires_at": code.expires_at,
    }
