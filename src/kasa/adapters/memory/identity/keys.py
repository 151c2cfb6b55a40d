"""API keys and service clients of a shop, in memory."""

from datetime import datetime

from kasa.adapters.memory.identity.rows import API_KEYS, SERVICE_CLIENTS
from kasa.adapters.memory.tables import Readable, Working
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ClientId

LIST_MAX = 200


class MemoryKeys:
    """The API keys of one shop."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self._rows.add(API_KEYS, key.id, key)

    def lock(self, id: ClientId) -> ApiKey:
        """Return a key, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(API_KEYS, id)

    def save(self, key: ApiKey) -> None:
        """Store a key that was locked in the same unit of work."""
        self._rows.save(API_KEYS, key.id, key)

    def count_live(self, *, at: datetime) -> int:
        """Return how many keys are neither ended nor expired."""
        every = self._rows.read(API_KEYS).values()
        return sum(one.ended_at is None and at < one.expires_at for one in every)


class MemoryKeyViews:
    """Reads the API keys of one shop."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key, ended ones too, at most 200, newest first."""
        every = sorted(self._rows.read(API_KEYS).values(), key=lambda one: one.id, reverse=True)
        return tuple(every)[:LIST_MAX]

    def show(self, id: ClientId) -> ApiKey:
        """Return a key, or raise NotFound."""
        found = self._rows.read(API_KEYS).get(id)
        if found is None:
            raise NotFound
        return found


class MemoryClients:
    """The service clients of one shop."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, client: ServiceClient) -> None:
        """Store a new client."""
        self._rows.add(SERVICE_CLIENTS, client.id, client)

    def lock(self, id: ClientId) -> ServiceClient:
        """Return a client, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(SERVICE_CLIENTS, id)

    def save(self, client: ServiceClient) -> None:
        """Store a client that was locked in the same unit of work."""
        self._rows.save(SERVICE_CLIENTS, client.id, client)

    def count_live(self, *, at: datetime) -> int:
        """Return how many clients are neither ended nor replaced for good."""
        return sum(one.is_live(at) for one in self._rows.read(SERVICE_CLIENTS).values())


class MemoryClientViews:
    """Reads the service clients of one shop."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def all(self) -> tuple[ServiceClient, ...]:
        """Return every client, ended ones too, at most 200, newest first."""
        every = self._rows.read(SERVICE_CLIENTS).values()
        return tuple(sorted(every, key=lambda one: one.id, reverse=True))[:LIST_MAX]

    def show(self, id: ClientId) -> ServiceClient:
        """Return a client, or raise NotFound."""
        found = self._rows.read(SERVICE_CLIENTS).get(id)
        if found is None:
            raise NotFound
        return found
