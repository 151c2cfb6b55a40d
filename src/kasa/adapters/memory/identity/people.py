"""Persons in memory."""

from collections.abc import Sequence

import attrs

from kasa.adapters.memory.identity.rows import IDENTITIES, MEMBERSHIPS, USERS
from kasa.adapters.memory.tables import Database, Working
from kasa.domain.identity.user import EmailKey, EmailTaken, LinkedIdentity, User, email_key
from kasa.domain.kernel.ids import PLATFORM, IdentityId, TenantId, UserId

MANY = 200
SHOPS_MAX = 100


class MemoryUsers:
    """Persons, across shops."""

    def __init__(self, rows: Working, database: Database) -> None:
        self._rows = rows
        self._database = database

    def add(self, user: User) -> bool:
        """Store a new person; False, and nothing happened, when the id or address is taken."""
        taken = user.email is not None and self.by_email(email_key(user.email)) is not None
        if taken or user.id in self._rows.read(USERS):
            return False
        self._rows.add(USERS, user.id, user)
        return True

    def get(self, id: UserId) -> User:
        """Return a person, or raise NotFound."""
        return self._rows.get(USERS, id)

    def lock(self, id: UserId) -> User:
        """Return a person, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(USERS, id)

    def by_email(self, key: EmailKey) -> User | None:
        """Return whose address it is, or None; both cost the same."""
        every = self._rows.read(USERS).values()
        return next((one for one in every if one.email and email_key(one.email) == key), None)

    def save(self, user: User) -> None:
        """Store a person who was locked in the same unit of work, with the next ``version``."""
        holder = self.by_email(email_key(user.email)) if user.email else None
        if holder is not None and holder.id != user.id:
            raise EmailTaken
        self._rows.save(USERS, user.id, attrs.evolve(user, version=user.version + 1))

    def many(self, ids: Sequence[UserId]) -> tuple[User, ...]:
        """Return at most 200 persons by their ids, without those that there are not."""
        every = self._rows.read(USERS)
        return tuple(every[one] for one in dict.fromkeys(ids) if one in every)[:MANY]

    def identities(self, user: UserId) -> tuple[LinkedIdentity, ...]:
        """Return their other ways to sign in, oldest first."""
        return tuple(one for one in self._rows.read(IDENTITIES).values() if one.user == user)

    def link(self, identity: LinkedIdentity) -> bool:
        """Store another way to sign in; False when provider and subject are somebody's already."""
        every = self._rows.read(IDENTITIES).values()
        pair = (identity.provider, identity.subject)
        if pair in {(one.provider, one.subject) for one in every}:
            return False
        self._rows.add(IDENTITIES, identity.id, identity)
        return True

    def unlink(self, user: UserId, id: IdentityId) -> bool:
        """Remove a way to sign in; False when this person has none of that id."""
        found = self._rows.read(IDENTITIES).get(id)
        if found is None or found.user != user:
            return False
        del self._rows.write(IDENTITIES)[id]
        return True

    def shops(self, user: UserId) -> tuple[TenantId, ...]:
        """Return the shops that the person is a member of, at most 100, by rising identifier."""
        every = sorted(tenant for tenant in list(self._database.rows) if tenant != PLATFORM)
        return tuple(
            tenant
            for tenant in every
            for one in self._database.snapshot(tenant).read(MEMBERSHIPS).values()
            if one.user == user
        )[:SHOPS_MAX]
