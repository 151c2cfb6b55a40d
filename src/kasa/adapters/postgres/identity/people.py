"""Persons in PostgreSQL: tables of the platform, which no shop's transaction reaches."""

from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.user import EmailKey, LinkedIdentity, User, email_key
from kasa.domain.kernel.ids import IdentityId, TenantId, UserId

MANY = 200
_COLUMNS = (
    "id",
    "email",
    "email_key",
    "name",
    "language",
    "password_hash",
    "short_password",
    "password_off_at",
    "totp_sealed",
    "totp_pending",
    "totp_step",
    "recovery_hashes",
    "operator",
    "created_at",
    "disabled_at",
    "version",
)
_LISTED = ", ".join(_COLUMNS)
_GIVEN = ", ".join(f":{name}" for name in _COLUMNS)
_SHOWN = f"SELECT {_LISTED} FROM platform.users"
_GET = text(f"{_SHOWN} WHERE id = :id")
_LOCK = text(f"{_SHOWN} WHERE id = :id FOR NO KEY UPDATE")
_BY_EMAIL = text(f"{_SHOWN} WHERE email_key = :key")
_MANY = text(f"{_SHOWN} WHERE id = ANY (:ids)")
_ADD = text(f"INSERT INTO platform.users ({_LISTED}) VALUES ({_GIVEN}) ON CONFLICT DO NOTHING")
_SAVE = text(f"UPDATE platform.users SET ({_LISTED}) = ({_GIVEN}) WHERE id = :id")
_IDENTITIES = text(
    'SELECT id, user_id AS "user", provider, subject, linked_at FROM platform.identities '
    "WHERE user_id = :user ORDER BY linked_at, id"
)
_LINK = text(
    "INSERT INTO platform.identities (id, user_id, provider, subject, linked_at) "
    "VALUES (:id, :user, :provider, :subject, :linked_at) ON CONFLICT DO NOTHING"
)
_UNLINK = text("DELETE FROM platform.identities WHERE id = :id AND user_id = :user")
_SHOPS = text("SELECT id FROM platform.tenants_of(:user) AS id")


def _user(row: Row) -> User:
    return value_of(row, User)


def _columns(user: User) -> dict[str, Any]:
    return {
        **attrs.asdict(user, recurse=False),
        "email_key": None if user.email is None else email_key(user.email),
        "recovery_hashes": list(user.recovery_hashes),
    }


class PostgresUsers:
    """Persons, across shops."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, user: User) -> bool:
        """Store a new person; False, and nothing happened, when the id or address is taken."""
        is_new = self._rows.write(_ADD, **_columns(user)) == 1
        if is_new:
            self._rows.added(LockRank.DOCUMENTS, user.id)
        return is_new

    def get(self, id: UserId) -> User:
        """Return a person, or raise NotFound."""
        return _user(self._rows.get(_GET, id=id))

    def lock(self, id: UserId) -> User:
        """Return a person, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _user(self._rows.get(_LOCK, id=id))

    def by_email(self, key: EmailKey) -> User | None:
        """Return whose address it is, or None; both cost the same."""
        row = self._rows.first(_BY_EMAIL, key=key)
        return None if row is None else _user(row)

    def save(self, user: User) -> None:
        """Store a person who was locked in the same unit of work, with the next ``version``."""
        self._rows.require_claim(LockRank.DOCUMENTS, user.id)
        self._rows.write(_SAVE, **{**_columns(user), "version": user.version + 1})

    def many(self, ids: Sequence[UserId]) -> tuple[User, ...]:
        """Return at most 200 persons by their ids, without those that there are not."""
        found = {row["id"]: row for row in self._rows.all(_MANY, ids=list(ids)[:MANY])}
        return tuple(_user(found[one]) for one in dict.fromkeys(ids) if one in found)

    def identities(self, user: UserId) -> tuple[LinkedIdentity, ...]:
        """Return their other ways to sign in, oldest first."""
        found = self._rows.all(_IDENTITIES, user=user)
        return tuple(value_of(row, LinkedIdentity) for row in found)

    def link(self, identity: LinkedIdentity) -> bool:
        """Store another way to sign in; False when provider and subject are somebody's already."""
        return self._rows.write(_LINK, **attrs.asdict(identity, recurse=False)) == 1

    def unlink(self, user: UserId, id: IdentityId) -> bool:
        """Remove a way to sign in; False when this person has none of that id."""
        return self._rows.write(_UNLINK, user=user, id=id) == 1

    def shops(self, user: UserId) -> tuple[TenantId, ...]:
        """Return the shops that the person is a member of, at most 100, by rising identifier."""
        return tuple(TenantId(row["id"]) for row in self._rows.all(_SHOPS, user=user))
