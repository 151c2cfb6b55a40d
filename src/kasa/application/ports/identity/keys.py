"""API keys and service clients of a shop."""

from datetime import datetime
from typing import Protocol

from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.kernel.ids import ClientId


class KeyStore(Protocol):
    """The API keys of one shop; only the digests of their secrets are kept."""

    def add(self, key: ApiKey) -> None:
        """Store a new key."""

    def lock(self, id: ClientId) -> ApiKey:
        """Return a key, locked until the unit of work ends, or raise NotFound."""

    def save(self, key: ApiKey) -> None:
        """Store a key that was locked in the same unit of work."""

    def count_live(self, *, at: datetime) -> int:
        """Return how many keys are neither ended nor expired."""


class KeyViews(Protocol):
    """What may be read of the API keys of one shop."""

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key, ended ones too, at most 200, newest first."""

    def show(self, id: ClientId) -> ApiKey:
        """Return a key, or raise NotFound."""


class ClientStore(Protocol):
    """The service clients of one shop."""

    def add(self, client: ServiceClient) -> None:
        """Store a new client."""

    def lock(self, id: ClientId) -> ServiceClient:
        """Return a client, locked until the unit of work ends, or raise NotFound."""

    def save(self, client: ServiceClient) -> None:
        """Store a client that was locked in the same unit of work."""

    def count_live(self, *, at: datetime) -> int:
        """Return how many clients are neither ended nor replaced for good."""


class ClientViews(Protocol):
    """What may be read of the service clients of one shop."""

    def all(self) -> tuple[ServiceClient, ...]:
        """Return every client, ended ones too, at most 200, newest first."""

    def show(self, id: ClientId) -> ServiceClient:
        """Return a client, or raise NotFound."""
