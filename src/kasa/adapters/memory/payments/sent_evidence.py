"""Single evidence, its senders and what they were shown, in memory."""

from kasa.adapters.memory.payments.rows import CODES, EVIDENCE, PAYMENTS
from kasa.adapters.memory.tables import Readable
from kasa.application.ports.payments import KhqrShown, StoredEvidence
from kasa.application.ports.sent_evidence import SENT_LISTED
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ContactId, EvidenceId, InvoiceId
from kasa.domain.payments.payment import Payment


class MemorySentEvidenceViews:
    """Reads of single evidence of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self, id: EvidenceId) -> StoredEvidence:
        """Return what one source gave for a payment, or raise NotFound."""
        found = self._rows.read(EVIDENCE).get(id)
        if found is None:
            raise NotFound
        return found

    def sent_by(self, contact: ContactId) -> tuple[Payment, ...]:
        """Return what a contact or a link has sent, newest first, at most 10."""
        sent = [one for one in self._rows.read(PAYMENTS).values() if one.contact == contact]
        return tuple(sorted(sent, key=lambda one: one.id, reverse=True)[:SENT_LISTED])

    def newest_code(self, invoice: InvoiceId) -> KhqrShown | None:
        """Return the dynamic code that was shown last for an invoice, or None."""
        shown = [
            one
            for one in self._rows.read(CODES).values()
            if one.invoice == invoice and one.expires_at is not None and one.amount is not None
        ]
        return max(shown, key=lambda one: (one.created_at, one.md5), default=None)
