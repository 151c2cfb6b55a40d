"""Links that work once."""

from datetime import datetime
from typing import Protocol

from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.kernel.ids import LinkId, UserId


class LinkStore(Protocol):
    """One-time links, across shops; of nobody too, so that an unknown address costs the same."""

    def add(self, link: OneTimeLink) -> None:
        """Store a new link."""

    def get(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return a link by the digest of its token, used and ended ones too, or None."""

    def lock(self, purpose: LinkPurpose, secret_hash: bytes) -> OneTimeLink | None:
        """Return the same, locked until the unit of work ends; its twin waits."""

    def lock_asked(self, purpose: LinkPurpose, browser_hash: bytes) -> OneTimeLink | None:
        """Return the newest link that was asked for in this browser, locked, or None."""

    def save(self, link: OneTimeLink) -> None:
        """Store a link that was locked in the same unit of work."""

    def end(self, user: UserId, purpose: LinkPurpose, *, at: datetime) -> int:
        """End every open link of a person for a purpose, and count them."""


class TenantLinkStore(Protocol):
    """One-time links into the unit of work's own shop, so that link and membership commit as one.

    There is no way to those of another shop, nor to those of none.
    """

    def put(self, link: OneTimeLink) -> None:
        """Store a new link whose ``tenant`` is the unit of work's own; any other is a bug."""

    def use(self, purpose: LinkPurpose, secret_hash: bytes, *, at: datetime) -> OneTimeLink | None:
        """Use an open link into this shop and return it; None when there is none such.

        Of several at once exactly one gets it.
        """

    def end(self, id: LinkId, *, at: datetime) -> None:
        """End a link into this shop; one that is used or ended stays as it is."""
