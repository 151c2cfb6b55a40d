"""What was sent as evidence, one by one, and what its sender was shown; a part of ``payments``."""

from typing import Protocol

from kasa.application.ports.payments import KhqrShown, StoredEvidence
from kasa.domain.kernel.ids import ContactId, EvidenceId, InvoiceId
from kasa.domain.payments.payment import Payment

SENT_LISTED = 10


class SentEvidenceViews(Protocol):
    """What may be read of single evidence and of its senders."""

    def show(self, id: EvidenceId) -> StoredEvidence:
        """Return what one source gave for a payment, or raise NotFound."""

    def sent_by(self, contact: ContactId) -> tuple[Payment, ...]:
        """Return what a contact or a link has sent, newest first, at most 10."""

    def newest_code(self, invoice: InvoiceId) -> KhqrShown | None:
        """Return the dynamic code that was shown last for an invoice, or None."""
