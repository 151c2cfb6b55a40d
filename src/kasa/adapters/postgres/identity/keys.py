"""API keys and service clients of a shop, in PostgreSQL: only digests of their secrets."""

from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.work import LockRank
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.kernel.ids import ClientId

LIST_MAX = 200
_COLUMNS = (
    "id",
    "name",
    "secret_hash",
    "tail",
    "scopes",
    "made_by",
    "made_at",
    "used_on",
    "ended_at",
    "replaces",
    "expires_at",
    "version",
)


def _shown(table: str) -> str:
    return f"SELECT {', '.join(_COLUMNS)} FROM {table} WHERE tenant_id = :tenant"


def _added(table: str) -> str:
    given = ", ".join(f":{name}" for name in _COLUMNS)
    return f"INSERT INTO {table} (tenant_id, {', '.join(_COLUMNS)}) VALUES (:tenant, {given})"


def _saved(table: str) -> str:
    given = ", ".join(f"{name} = :{name}" for name in _COLUMNS if name != "id")
    return f"UPDATE {table} SET {given} WHERE tenant_id = :tenant AND id = :id"


_SHOWN_KEY, _SHOWN_CLIENT = _shown("api_keys"), _shown("service_clients")
_GET_KEY = text(f"{_SHOWN_KEY} AND id = :id")
_LOCK_KEY = text(f"{_SHOWN_KEY} AND id = :id FOR NO KEY UPDATE")
_KEYS = text(f"{_SHOWN_KEY} ORDER BY id DESC LIMIT :limit")
_ADD_KEY = text(_added("api_keys"))
_SAVE_KEY = text(_saved("api_keys"))
_COUNT_KEYS = text(
    "SELECT count(*) FROM api_keys WHERE tenant_id = :tenant AND ended_at IS NULL "
    "AND expires_at > :at"
)
_GET_CLIENT = text(f"{_SHOWN_CLIENT} AND id = :id")
_LOCK_CLIENT = text(f"{_SHOWN_CLIENT} AND id = :id FOR NO KEY UPDATE")
_CLIENTS = text(f"{_SHOWN_CLIENT} ORDER BY id DESC LIMIT :limit")
_ADD_CLIENT = text(_added("service_clients"))
_SAVE_CLIENT = text(_saved("service_clients"))
_COUNT_CLIENTS = text(
    "SELECT count(*) FROM service_clients WHERE tenant_id = :tenant AND ended_at IS NULL "
    "AND (expires_at IS NULL OR expires_at > :at)"
)


def _key(row: Row) -> ApiKey:
    return value_of(row, ApiKey)


def _client(row: Row) -> ServiceClient:
    return value_of(row, ServiceClient)


def _columns(held: ApiKey | ServiceClient) -> dict[str, Any]:
    return {**attrs.asdict(held, recurse=False), "scopes": sorted(held.scopes)}


class PostgresKeys:
    """The API keys of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self._rows.added(LockRank.DOCUMENTS, key.id)
        self._rows.write(_ADD_KEY, **_columns(key))

    def lock(self, id: ClientId) -> ApiKey:
        """Return a key, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _key(self._rows.get(_LOCK_KEY, id=id))

    def save(self, key: ApiKey) -> None:
        """Store a key that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, key.id)
        self._rows.write(_SAVE_KEY, **_columns(key))

    def count_live(self, *, at: datetime) -> int:
        """Return how many keys are neither ended nor expired."""
        return int(self._rows.scalar(_COUNT_KEYS, at=at))


class PostgresKeyViews:
    """Reads the API keys of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key, ended ones too, at most 200, newest first."""
        return tuple(_key(row) for row in self._rows.all(_KEYS, limit=LIST_MAX))

    def show(self, id: ClientId) -> ApiKey:
        """Return a key, or raise NotFound."""
        return _key(self._rows.get(_GET_KEY, id=id))


class PostgresClients:
    """The service clients of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, client: ServiceClient) -> None:
        """Store a new client."""
        self._rows.added(LockRank.DOCUMENTS, client.id)
        self._rows.write(_ADD_CLIENT, **_columns(client))

    def lock(self, id: ClientId) -> ServiceClient:
        """Return a client, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        return _client(self._rows.get(_LOCK_CLIENT, id=id))

    def save(self, client: ServiceClient) -> None:
        """Store a client that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.DOCUMENTS, client.id)
        self._rows.write(_SAVE_CLIENT, **_columns(client))

    def count_live(self, *, at: datetime) -> int:
        """Return how many clients are neither ended nor replaced for good."""
        return int(self._rows.scalar(_COUNT_CLIENTS, at=at))


class PostgresClientViews:
    """Reads the service clients of one shop."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def all(self) -> tuple[ServiceClient, ...]:
        """Return every client, ended ones too, at most 200, newest first."""
        return tuple(_client(row) for row in self._rows.all(_CLIENTS, limit=LIST_MAX))

    def show(self, id: ClientId) -> ServiceClient:
        """Return a client, or raise NotFound."""
        return _client(self._rows.get(_GET_CLIENT, id=id))
