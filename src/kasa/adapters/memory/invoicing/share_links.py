"""Links to invoices in memory."""

from kasa.adapters.memory.tables import Database, Readable, Table, Working
from kasa.application.ports.share_links import LISTED
from kasa.application.ports.work import LockRank
from kasa.domain.invoicing.share_link import ShareLink
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId, TenantId

SHARE_LINKS = Table[ShareLinkId, ShareLink]("share_links", LockRank.DOCUMENTS)


def _of_invoice(rows: Readable, invoice: InvoiceId) -> tuple[ShareLink, ...]:
    found = [one for one in rows.read(SHARE_LINKS).values() if one.invoice == invoice]
    return tuple(sorted(found, key=lambda link: link.id, reverse=True)[:LISTED])


class MemoryShareLinks:
    """The links of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, link: ShareLink) -> None:
        """Store a new link; it counts as locked. A second one under the same id is a bug."""
        self._rows.add(SHARE_LINKS, link.id, link)

    def find(self, id: ShareLinkId) -> ShareLink | None:
        """Return a link without a lock, or None."""
        return self._rows.read(SHARE_LINKS).get(id)

    def lock(self, id: ShareLinkId) -> ShareLink:
        """Return a link, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(SHARE_LINKS, id)

    def save(self, link: ShareLink) -> None:
        """Store a link that was locked in the same unit of work."""
        self._rows.save(SHARE_LINKS, link.id, link)

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""
        return _of_invoice(self._rows, invoice)


class MemoryShareLinkViews:
    """Reads the links of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def of_token(self, token_hash: str) -> ShareLink:
        """Return the link of a token, whether it is alive or not, or raise NotFound."""
        links = self._rows.read(SHARE_LINKS).values()
        found = next((one for one in links if one.token_hash == token_hash), None)
        if found is None:
            raise NotFound
        return found

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""
        return _of_invoice(self._rows, invoice)


class MemoryShareLinkDirectory:
    """Finds the tenant of a token across the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tenant_of(self, token_hash: str) -> TenantId | None:
        """Return the tenant of a token's link, alive or not; None when no tenant has it."""
        for tenant in list(self._database.rows):
            links = self._database.snapshot(tenant).read(SHARE_LINKS).values()
            if any(one.token_hash == token_hash for one in links):
                return tenant
        return None
