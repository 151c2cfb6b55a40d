"""One-time links in memory."""

from collections.abc import Callable
from datetime import datetime

from kasa.adapters.memory.identity.rows import LINKS
from kasa.adapters.memory.tables import Working
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.kernel.ids import LinkId, TenantId, UserId


class MemoryLinks:
    """One-time links, across shops."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, link: OneTimeLink) -> None:
        """Store a new link."""
        self._rows.add(LINKS, link.id, link)

    def get(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return a link by the digest of its token, used and ended ones too, or None."""
        found = [
            one
            for one in self._rows.read(LINKS).values()
            if one.purpose is purpose and one.secret_hash == secret_hash
        ]
        return found[-1] if found else None

    def lock(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return the same, locked until the unit of work ends; its twin waits."""
        found = self.get(purpose, secret_hash)
        return None if found is None else self._rows.lock(LINKS, found.id)

    def lock_asked(self, purpose: LinkPurpose, browser_hash: bytes) -> OneTimeLink | None:
        """Return the newest link that was asked for in this browser, locked, or None."""
        found = [
            one
            for one in self._rows.read(LINKS).values()
            if one.purpose is purpose and one.browser_hash == browser_hash
        ]
        return self._rows.lock(LINKS, max(found, key=lambda one: one.id).id) if found else None

    def save(self, link: OneTimeLink) -> None:
        """Store a link that was locked in the same unit of work."""
        self._rows.save(LINKS, link.id, link)

    def end(self, user: UserId, purpose: LinkPurpose, *, at: datetime) -> int:
        """End every open link of a person for a purpose, and count them."""
        links = self._rows.write(LINKS)
        found = [
            one
            for one in links.values()
            if one.user == user and one.purpose is purpose and one.is_open(at)
        ]
        links.update({one.id: one.used(at=at) for one in found})
        return len(found)


class MemoryTenantLinks:
    """One-time links into one shop; ``platform`` opens the platform's tables for this commit."""

    def __init__(self, tenant: TenantId, platform: Callable[[], Working]) -> None:
        self._tenant = tenant
        self._platform = platform

    def put(self, link: OneTimeLink) -> None:
        """Store a new link whose ``tenant`` is the unit of work's own; any other is a bug."""
        if link.tenant != self._tenant:
            raise RuntimeError("a unit of work stores links into its own shop only")
        self._platform().add(LINKS, link.id, link)

    def use(self, purpose: LinkPurpose, secret_hash: bytes, *, at: datetime) -> OneTimeLink | None:
        """Use an open link into this shop and return it; None when there is none such."""
        rows = self._platform()
        found = MemoryLinks(rows).get(purpose, secret_hash)
        if found is None or found.tenant != self._tenant or not found.is_open(at):
            return None
        used = found.used(at=at)
        rows.write(LINKS)[found.id] = used
        return used

    def end(self, id: LinkId, *, at: datetime) -> None:
        """End a link into this shop; one that is used or ended stays as it is."""
        rows = self._platform()
        found = rows.read(LINKS).get(id)
        if found is not None and found.tenant == self._tenant and found.is_open(at):
            rows.write(LINKS)[id] = found.used(at=at)
