"""Links to invoices in PostgreSQL; whose a token is, the platform's list of links tells."""

from typing import Any

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.application.ports.share_links import LISTED
from kasa.application.ports.work import LockRank
from kasa.domain.invoicing.share_link import LinkPurpose, ShareLink
from kasa.domain.kernel.ids import InvoiceId, ShareLinkId, TenantId

_COLUMNS = (
    "id",
    "invoice_id",
    "purpose",
    "token_hash",
    "made_at",
    "made_by",
    "expires_at",
    "ended_at",
)
_SHOWN = f"SELECT {', '.join(_COLUMNS)} FROM share_links WHERE tenant_id = :tenant"
_GET = text(f"{_SHOWN} AND id = :id")
_LOCK = text(f"{_SHOWN} AND id = :id FOR NO KEY UPDATE")
_OF_TOKEN = text(f"{_SHOWN} AND token_hash = :token_hash")
_OF_INVOICE = text(f"{_SHOWN} AND invoice_id = :invoice ORDER BY id DESC LIMIT :limit")
_PUT = "SELECT platform.put_link(:id, 'share', :token_hash, NULL, NULL, NULL, '', :expires_at)"
_ADD = text(
    f"WITH put AS ({_PUT}) INSERT INTO share_links (tenant_id, {', '.join(_COLUMNS)}) "
    f"SELECT :tenant, {', '.join(f':{name}' for name in _COLUMNS)} FROM put"
)
_SAVE = text("UPDATE share_links SET ended_at = :ended_at WHERE tenant_id = :tenant AND id = :id")
_TENANT_OF = text(
    "SELECT * FROM platform.links WHERE secret_hash = :token_hash AND purpose = 'share'"
)


def _link(row: Row) -> ShareLink:
    return ShareLink(
        id=ShareLinkId(row["id"]),
        invoice=InvoiceId(row["invoice_id"]),
        purpose=LinkPurpose(row["purpose"]),
        token_hash=bytes(row["token_hash"]).hex(),
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        by=row["made_by"],
        ended_at=row["ended_at"],
    )


def _columns(link: ShareLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "invoice_id": link.invoice,
        "purpose": link.purpose.value,
        "token_hash": bytes.fromhex(link.token_hash),
        "made_at": link.made_at,
        "made_by": link.by,
        "expires_at": link.expires_at,
        "ended_at": link.ended_at,
    }


class PostgresShareLinks:
    """The links of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, link: ShareLink) -> None:
        """Store a new link; it counts as locked. A second one under the same id is a bug."""
        self._rows.added(LockRank.DOCUMENTS, link.id)
        self._rows.write(_ADD, **_columns(link))

    def find(self, id: ShareLinkId) -> ShareLink | None:
        """Return a link without a lock, or None."""
        row = self._rows.first(_GET, id=id)
        return None if row is None else _link(row)

    def lock(self, id: ShareLinkId) -> ShareLink:
        """Return a link, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _link(self._rows.get(_LOCK, id=id))

    def save(self, link: ShareLink) -> None:
        """Store a link that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, link.id)
        self._rows.write(_SAVE, id=link.id, ended_at=link.ended_at)

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""
        found = self._rows.all(_OF_INVOICE, invoice=invoice, limit=LISTED)
        return tuple(_link(row) for row in found)


class PostgresShareLinkViews:
    """Reads the links of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of_token(self, token_hash: str) -> ShareLink:
        """Return the link of a token, whether it is alive or not, or raise NotFound."""
        return _link(self._rows.get(_OF_TOKEN, token_hash=bytes.fromhex(token_hash)))

    def of_invoice(self, invoice: InvoiceId) -> tuple[ShareLink, ...]:
        """Return the links of an invoice, newest first, at most 100."""
        found = self._rows.all(_OF_INVOICE, invoice=invoice, limit=LISTED)
        return tuple(_link(row) for row in found)


class PostgresShareLinkDirectory:
    """Finds the tenant of a token across the database, and tells no more."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def tenant_of(self, token_hash: str) -> TenantId | None:
        """Return the tenant of a token's link, alive or not; None when no tenant has it."""
        found = self._rows.first(_TENANT_OF, token_hash=bytes.fromhex(token_hash))
        return None if found is None else TenantId(found["tenant_id"])
