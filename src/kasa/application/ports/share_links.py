"""Links that show an invoice to whoever has them."""

from typing import Protocol

from kasa.domain.invoicing.share_link import ShareLink
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId, TenantId

LISTED = 100


class ShareLinkStore(Protocol):
    """The links of one tenant."""

    def add(self, link: ShareLink) -> None:
        """Store a new link; it counts as locked. A second one under the same id is a bug."""

    def find(self, id: ShareLinkId) -> ShareLink | None:
        """Return a link without a lock, or None."""

    def lock(self, id: ShareLinkId) -> ShareLink:
        """Return a link, locked until the unit of work ends, or raise NotFound."""

    def save(self, link: ShareLink) -> None:
        """Store a link that was locked in the same unit of work."""

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""


class ShareLinkViews(Protocol):
    """What may be read of a tenant's links."""

    def of_token(self, token_hash: str) -> ShareLink:
        """Return the link of a token, whether it is alive or not, or raise NotFound."""

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""


class ShareLinkDirectory(Protocol):
    """Whose link a token is, across tenants."""

    def tenant_of(self, token_hash: str) -> TenantId | None:
        """Return the tenant of a token's link, alive or not; None when no tenant has it."""
