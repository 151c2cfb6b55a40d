"""One type per kind of identifier, made in the domain as UUID version 7 (RFC 9562, 5.7)."""

from datetime import datetime
from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)
MembershipId = NewType("MembershipId", UUID)
ClientId = NewType("ClientId", UUID)
SessionId = NewType("SessionId", UUID)
LinkId = NewType("LinkId", UUID)
InvitationId = NewType("InvitationId", UUID)
IdentityId = NewType("IdentityId", UUID)
MailId = NewType("MailId", UUID)
SecurityEventId = NewType("SecurityEventId", UUID)
ContactId = NewType("ContactId", UUID)
EventId = NewType("EventId", UUID)
RequestId = NewType("RequestId", UUID)
CustomerId = NewType("CustomerId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
CreditNoteId = NewType("CreditNoteId", UUID)
ProductId = NewType("ProductId", UUID)
SkuId = NewType("SkuId", UUID)
LocationId = NewType("LocationId", UUID)
MovementId = NewType("MovementId", UUID)
ReservationId = NewType("ReservationId", UUID)
CountId = NewType("CountId", UUID)
PaymentId = NewType("PaymentId", UUID)
EvidenceId = NewType("EvidenceId", UUID)
BankQuestionId = NewType("BankQuestionId", UUID)
SubmissionId = NewType("SubmissionId", UUID)
AlertId = NewType("AlertId", UUID)
AccountId = NewType("AccountId", UUID)
FileId = NewType("FileId", UUID)
ShareLinkId = NewType("ShareLinkId", UUID)
OperationId = NewType("OperationId", UUID)

PLATFORM = TenantId(UUID("00000000-0000-7000-8000-000000000000"))
ENTROPY_BITS = 74


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """Return the identifier of a moment: 48 bits of its millisecond, 74 bits of ``entropy``.

    ``entropy`` has at least 10 bytes; the same moment and entropy give the same identifier.
    """
    if len(entropy) < 10:
        raise ValueError("an identifier needs 10 bytes of entropy")
    milliseconds = (int(at.timestamp()) * 1000 + at.microsecond // 1000) & (2**48 - 1)
    random = int.from_bytes(entropy[:10], "big") & (2**ENTROPY_BITS - 1)
    high, low = random >> 62, random & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
