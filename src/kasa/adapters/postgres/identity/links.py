"""One-time links in PostgreSQL: the platform's table, and the functions for a shop's own."""

from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.kernel.ids import LinkId, UserId

_COLUMNS = (
    "id",
    "purpose",
    "secret_hash",
    "code_mac",
    "browser_hash",
    "tries",
    "user_id",
    "tenant_id",
    "subject",
    "until",
    "used_at",
)
_LISTED = ", ".join(_COLUMNS)
_SHOWN = f"SELECT {_LISTED} FROM platform.links WHERE purpose = :purpose"
_GET = text(f"{_SHOWN} AND secret_hash = :secret_hash")
_LOCK = text(f"{_SHOWN} AND secret_hash = :secret_hash FOR NO KEY UPDATE")
_LOCK_ASKED = text(
    f"{_SHOWN} AND browser_hash = :browser_hash ORDER BY id DESC LIMIT 1 FOR NO KEY UPDATE"
)
_ADD = text(
    f"INSERT INTO platform.links ({_LISTED}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
)
_SAVE = text("UPDATE platform.links SET tries = :tries, used_at = :used_at WHERE id = :id")
_END = text(
    "UPDATE platform.links SET used_at = :at WHERE user_id = :user AND purpose = :purpose "
    "AND used_at IS NULL AND until > :at"
)
_PUT = text(
    "SELECT platform.put_link(:id, :purpose, :secret_hash, :code_mac, :browser_hash, :user_id, "
    ":subject, :until)"
)
_USE = text("SELECT * FROM platform.use_link(:purpose, :secret_hash, :at)")
_END_OWN = text("SELECT platform.end_link(:id, :at)")


def _link(row: Row) -> OneTimeLink:
    return value_of({**row, "user": row["user_id"], "tenant": row["tenant_id"]}, OneTimeLink)


def _columns(link: OneTimeLink) -> dict[str, Any]:
    return {
        **attrs.asdict(link, recurse=False),
        "purpose": link.purpose.value,
        "user_id": link.user,
        "tenant_id": link.tenant,
    }


class PostgresLinks:
    """One-time links, across shops."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, link: OneTimeLink) -> None:
        """Store a new link."""
        self._rows.added(LockRank.DOCUMENTS, link.id)
        self._rows.write(_ADD, **_columns(link))

    def get(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return a link by the digest of its token, used and ended ones too, or None."""
        row = self._rows.first(_GET, purpose=purpose.value, secret_hash=secret_hash)
        return None if row is None else _link(row)

    def lock(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return the same, locked until the unit of work ends; its twin waits."""
        row = self._rows.first(_LOCK, purpose=purpose.value, secret_hash=secret_hash)
        return self._locked(row)

    def lock_asked(self, purpose: LinkPurpose, browser_hash: bytes) -> OneTimeLink | None:
        """Return the newest link that was asked for in this browser, locked, or None."""
        row = self._rows.first(_LOCK_ASKED, purpose=purpose.value, browser_hash=browser_hash)
        return self._locked(row)

    def save(self, link: OneTimeLink) -> None:
        """Store a link that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, link.id)
        self._rows.write(_SAVE, id=link.id, tries=link.tries, used_at=link.used_at)

    def end(self, user: UserId, purpose: LinkPurpose, *, at: datetime) -> int:
        """End every open link of a person for a purpose, and count them."""
        return self._rows.write(_END, user=user, purpose=purpose.value, at=at)

    def _locked(self, row: Row | None) -> OneTimeLink | None:
        if row is None:
            return None
        self._rows.claim(LockRank.DOCUMENTS, row["id"])
        return _link(row)


class PostgresTenantLinks:
    """One-time links into one shop; the functions reach no others."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def put(self, link: OneTimeLink) -> None:
        """Store a new link whose ``tenant`` is the unit of work's own; any other is a bug."""
        if link.tenant != self._rows.tenant:
            raise RuntimeError("a unit of work stores links into its own shop only")
        self._rows.scalar(_PUT, **_columns(link))

    def use(self, purpose: LinkPurpose, secret_hash: bytes, *, at: datetime) -> OneTimeLink | None:
        """Use an open link into this shop and return it; None when there is none such."""
        row = self._rows.first(_USE, purpose=purpose.value, secret_hash=secret_hash, at=at)
        return None if row is None else _link(row)

    def end(self, id: LinkId, *, at: datetime) -> None:
        """End a link into this shop; one that is used or ended stays as it is."""
        self._rows.scalar(_END_OWN, id=id, at=at)
