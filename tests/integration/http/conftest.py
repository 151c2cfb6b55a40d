"""The door without a socket, over memory and over PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator

import attrs
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import repeated
from kasa.adapters.system.clock import RandomSecrets
from kasa.entrypoints.http.front import Front
from tests.integration.conftest import Database
from tests.integration.http.client import Web
from tests.integration.http.people import Town, town_over
from tests.integration.http.shop import Shop, Street, street_over


@pytest.fixture
def caller() -> Iterator[Callable[[Front], Web]]:
    """Return what makes a caller of an application."""
    with asyncio.Runner() as runner:
        yield lambda app: Web(app, runner)


@pytest.fixture
def street(caller: Callable[[Front], Web]) -> Street:
    """Return a kasa over memory behind its door."""
    return street_over(memory_ports(), caller)


@pytest.fixture
def stored_street(caller: Callable[[Front], Web], database: Database) -> Street:
    """Return a kasa over PostgreSQL behind its door."""
    made = street_over(database.ports(), caller, repeat=repeated)
    made.has_founders = False
    return made


@pytest.fixture
def web(street: Street) -> Shop:
    """Return a shop over memory; ``web.as_("owner")`` calls the door."""
    return street.shop()


@pytest.fixture
def stored_web(stored_street: Street) -> Shop:
    """Return a shop over PostgreSQL."""
    return stored_street.shop()


@pytest.fixture
def town(caller: Callable[[Front], Web]) -> Town:
    """Return a kasa over memory behind its real door, where people sign in."""
    return town_over(memory_ports(), caller)


@pytest.fixture
def stored_town(caller: Callable[[Front], Web], database: Database) -> Town:
    """Return the same over PostgreSQL."""
    ports = attrs.evolve(database.ports(clock=StoppedClock()), secrets=RandomSecrets())
    return town_over(ports, caller, repeat=repeated)
