"""The operator is told what only they can mend: by mail, and each code once in six hours."""

from datetime import timedelta

import attrs

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.messenger import RecordingMessenger
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.kasa import Kasa
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM


def _told(address: str | None, codes: tuple[tuple[str, timedelta], ...]) -> int:
    """Return how many mails come of alerts, each some time after the one before."""
    clock, messenger = StoppedClock(), RecordingMessenger()
    ports = attrs.evolve(memory_ports(clock=clock), messenger=messenger, operator_mail=address)
    kasa = Kasa.over(ports)
    for code, later in codes:
        clock.pass_time(later)
        with ports.unit_of_work.platform(PlatformActor(operator=True)) as work:
            work.events.record(OperatorAlert(subject=PLATFORM, code=code), at=clock.now())
        ports.worker.drain(kasa.run)
    return len(messenger.delivered)


def test_a_code_is_told_once_in_six_hours() -> None:
    """Again after that, also when a border of fixed hours lies between."""
    minutes = [timedelta(minutes=one) for one in (0, 1, 200, 150, 20)]
    assert _told("me@shop.example", tuple(("store.full", one) for one in minutes)) == 2


def test_another_code_is_told_at_once() -> None:
    """One alarm does not hide another."""
    codes = (("store.full", timedelta()), ("store.read_only", timedelta()))
    assert _told("me@shop.example", codes) == 2


def test_without_an_address_nobody_is_told() -> None:
    """The alert stays in the log of events."""
    assert _told(None, (("store.full", timedelta()),)) == 0
