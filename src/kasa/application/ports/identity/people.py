"""Persons, the other ways they sign in, and in which shops they are."""

from collections.abc import Sequence
from typing import Protocol

from kasa.domain.identity.user import EmailKey, LinkedIdentity, User
from kasa.domain.kernel.ids import IdentityId, TenantId, UserId


class UserStore(Protocol):
    """Persons, across shops."""

    def add(self, user: User) -> bool:
        """Store a new person; False, and nothing happened, when the id or address is taken."""

    def get(self, id: UserId) -> User:
        """Return a person, or raise NotFound."""

    def lock(self, id: UserId) -> User:
        """Return a person, locked until the unit of work ends, or raise NotFound."""

    def by_email(self, key: EmailKey) -> User | None:
        """Return whose address it is, or None; both cost the same."""

    def save(self, user: User) -> None:
        """Store a person who was locked in the same unit of work, with the next ``version``.

        Raises ``identity.email_taken`` when their address is somebody else's.
        """

    def many(self, ids: Sequence[UserId]) -> tuple[User, ...]:
        """Return at most 200 persons by their ids, without those that there are not."""

    def identities(self, user: UserId) -> tuple[LinkedIdentity, ...]:
        """Return their other ways to sign in, oldest first."""

    def link(self, identity: LinkedIdentity) -> bool:
        """Store another way to sign in; False when provider and subject are somebody's already."""

    def unlink(self, user: UserId, id: IdentityId) -> bool:
        """Remove a way to sign in; False when this person has none of that id."""

    def shops(self, user: UserId) -> tuple[TenantId, ...]:
        """Return the shops that the person is a member of, at most 100, by rising identifier."""
