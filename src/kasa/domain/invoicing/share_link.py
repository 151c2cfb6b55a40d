"""A link that shows an invoice to whoever has it; only a digest of its token is kept."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId
from kasa.domain.kernel.moments import day_end

TOKEN_LENGTH = 22
"""Characters of base64url that hold 128 bits."""

LIFE = timedelta(days=90)
ALIVE_LIMIT = 20
"""How many links made by hand an invoice may have at a time."""


class TooManyShareLinks(Conflict):
    """An invoice has at most 20 links at a time; end one first."""

    code = "share_link.too_many"


class LinkPurpose(StrEnum):
    """Where a link stands: printed on the document itself, or made by hand to be sent."""

    DOCUMENT = "document"
    PAGE = "page"


@attrs.frozen(kw_only=True)
class ShareLink:
    """A link to the page of an invoice; ``token_hash`` is the SHA-256 of its token, in hex.

    ``by`` made it, None where kasa printed it. An ended one shows nothing any more.
    """

    id: ShareLinkId
    invoice: InvoiceId
    purpose: LinkPurpose
    token_hash: str
    made_at: datetime
    expires_at: datetime
    by: UUID | None = None
    ended_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Tell whether it still shows the invoice."""
        return self.ended_at is None and at < self.expires_at

    def ended(self, at: datetime) -> "ShareLink":
        """Return it ended; one that is over already stays as it is."""
        return self if self.ended_at is not None else attrs.evolve(self, ended_at=at)


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def document_expiry(due: date, zone: str) -> datetime:
    """Return until when the link on a document lives: 90 days after its due date, to the end."""
    return day_end(due + LIFE, zone)
