"""A street before the door of a kasa in dictionaries."""

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from tests.unit.identity.street import Street


@pytest.fixture
def street(ports: Ports, clock: StoppedClock) -> Street:
    """Return the street."""
    return Street.over(ports, clock.pass_time)
