"""Counts of tries outlive the server that keeps them, and without it nobody is let in."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.application.identity.visiting import Visitor
from tests.integration.conftest import Database
from tests.integration.worker.conftest import crash
from tests.unit.identity.street import EMAIL, HOME, PASSWORD, Street

pytestmark = [pytest.mark.integration, pytest.mark.deep]

WRONG = "not the password at all"


def _tried(street: Street, number: int, password: str) -> str | None:
    visitor = Visitor(address=f"198.51.100.{number}")
    return street.refusal(lambda: street.kasa.identity.sign_in(visitor, EMAIL, password))


def _back(street: Street, server: EmbeddedServer) -> None:
    """Start the server again, and let the pool find out which of its connections are dead."""
    server.start()
    for _ in range(20):
        if street.refusal(street.security) is None:
            return
    raise AssertionError("the server does not answer")


@pytest.mark.D5
def test_a_crash_forgives_no_try(lonely: Database, own_server: EmbeddedServer) -> None:
    """Three tries, a crash, two more: the account is closed, in every process, and stays it."""
    clock = StoppedClock(datetime.now(UTC))
    street = Street.over(lonely.ports(clock=clock), clock.pass_time)
    given = street.sign_up()
    assert ["identity.sign_in_failed"] * 3 == [_tried(street, one, WRONG) for one in range(3)]
    crash(own_server)
    assert "store.unavailable" == _tried(street, 3, PASSWORD)
    _back(street, own_server)
    assert ["identity.sign_in_failed"] * 2 == [_tried(street, one, WRONG) for one in (4, 5)]
    crash(own_server)
    _back(street, own_server)
    twin = attrs.evolve(street.ports, unit_of_work=lonely.open(threads=4).unit_of_work)
    for place in (street, Street.over(twin, clock.pass_time)):
        assert "identity.locked_out" == _tried(place, 6, PASSWORD)
    known = attrs.evolve(HOME, device=given.device)
    assert street.comes_in(street.kasa.identity.sign_in(known, EMAIL, PASSWORD)) is None
    street.pass_time(timedelta(minutes=15))
    assert _tried(street, 7, PASSWORD) is None
