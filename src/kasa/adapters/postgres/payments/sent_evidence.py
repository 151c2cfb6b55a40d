"""Single evidence, its senders and what they were shown, in PostgreSQL."""

from sqlalchemy import text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.payments.values import evidence_of, payment_of
from kasa.application.ports.payments import KhqrShown, StoredEvidence
from kasa.application.ports.sent_evidence import SENT_LISTED
from kasa.domain.kernel.ids import ContactId, EvidenceId, InvoiceId
from kasa.domain.kernel.money import Money, currency
from kasa.domain.payments.payment import Payment

_SHOW = text("SELECT * FROM evidence WHERE tenant_id = :tenant AND id = :id")
_SENT_BY = text(
    "SELECT * FROM payments WHERE tenant_id = :tenant AND contact_id = :contact "
    "ORDER BY submitted_at DESC, id DESC LIMIT :limit"
)
_NEWEST_CODE = text(
    "SELECT * FROM khqr_codes WHERE tenant_id = :tenant AND invoice_id = :invoice "
    "AND expires_at IS NOT NULL AND amount_minor IS NOT NULL "
    "ORDER BY created_at DESC, md5 DESC LIMIT 1"
)


class PostgresSentEvidenceViews:
    """Reads of single evidence of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: EvidenceId) -> StoredEvidence:
        """Return what one source gave for a payment, or raise NotFound."""
        return evidence_of(self._rows.get(_SHOW, id=id))

    def sent_by(self, contact: ContactId) -> tuple[Payment, ...]:
        """Return what a contact or a link has sent, newest first, at most 10."""
        found = self._rows.all(_SENT_BY, contact=contact, limit=SENT_LISTED)
        return tuple(payment_of(row) for row in found)

    def newest_code(self, invoice: InvoiceId) -> KhqrShown | None:
        """Return the dynamic code that was shown last for an invoice, or None."""
        row = self._rows.first(_NEWEST_CODE, invoice=invoice)
        if row is None:
            return None
        unit = currency(row["currency"])
        return KhqrShown(
            md5=row["md5"],
            payload=row["payload"],
            invoice=invoice,
            amount=Money(row["amount_minor"], unit),
            currency=unit,
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
