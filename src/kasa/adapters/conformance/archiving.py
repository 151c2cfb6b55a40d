"""What the stores must do so that old events leave the log without one being lost or doubled."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import attrs
import pytest

from kasa.adapters.conformance.killing import Killed, Killer, mortal
from kasa.adapters.conformance.payments.making import added, new_payment
from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import ArchivedEvents, EventsMoved
from kasa.application.ports.storage import StorageKey
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.events import EventsArchived, RecordedEvent
from kasa.domain.kernel.ids import EventId, PaymentId, UserId
from kasa.domain.payments.states import PaymentState
from kasa.domain.tenancy.events import TenantChanged

LONG_AGO = datetime(2010, 1, 15, 3, 0, tzinfo=UTC)
NOW = datetime(2024, 6, 1, 3, 0, tzinfo=UTC)
STEPS_MAX = 200


class ArchivingConformance:
    """Events that are older than the law asks for, and the files they go to."""

    def make_ports(self, at: datetime) -> Ports:
        """Return the ports under test; their clock stands at a moment and can be set."""
        raise NotImplementedError

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Let the clock stand at another moment."""
        raise NotImplementedError

    def _shop(self, *months: int) -> tuple[Ports, Actor]:
        """Return a shop with three events in each of some months since 2010, and it is 2024."""
        ports = self.make_ports(LONG_AGO)
        owner = new_shop(ports)
        for month in months:
            at = LONG_AGO + timedelta(days=31 * month)
            self.set_clock(ports, at)
            say(ports, owner, at, 3)
        self.set_clock(ports, NOW)
        return ports, owner

    @pytest.mark.G8
    def test_old_events_leave_by_month(self) -> None:
        """Each month has a file with its manifest; what they hold is what left, digests and all."""
        ports, owner = self._shop(0, 1, 2)
        before = ids(ports, owner)
        assert 10 == Kasa.over(ports).operations.archive_events.shop(owner.tenant)
        parts = parts_of(ports, owner)
        assert [(1, 4), (2, 3), (3, 3)] == [(one.month.month, one.events) for one in parts]
        archived = [held for one in parts for held in lines_of(ports, one)]
        assert before == archived
        told = [row.event for row in trail(ports, owner)]
        assert [EventsArchived] * 3 == [type(event) for event in told]
        assert 0 == Kasa.over(ports).operations.archive_events.shop(owner.tenant)

    @pytest.mark.G8
    def test_a_kill_loses_and_doubles_nothing(self) -> None:
        """Wherever it dies, each event is in the log or in a file, and the next run ends it."""
        for at in range(1, STEPS_MAX):
            ports, owner = self._shop(0)
            before = ids(ports, owner)
            killer = Killer(at)
            try:
                Kasa.over(mortal(ports, killer)).operations.archive_events.shop(owner.tenant)
            except Killed:
                assert once_each(before) == everywhere(ports, owner, before)
            Kasa.over(ports).operations.archive_events.shop(owner.tenant)
            assert once_each(before) == everywhere(ports, owner, before)
            (part,) = parts_of(ports, owner)
            assert before == lines_of(ports, part)
            assert 2 == len(list(ports.storage.keys_of(owner.tenant)))
            if killer.left > 0:
                return
        raise AssertionError("it never ends")

    @pytest.mark.G8
    def test_what_is_young_or_open_stays(self) -> None:
        """Neither the years that are kept leave, nor what a payment in review is about."""
        ports, owner = self._shop(0)
        self.set_clock(ports, LONG_AGO)
        waiting = new_payment(ports, LONG_AGO, state=PaymentState.IN_REVIEW)
        added(ports, owner, waiting)
        say(ports, owner, LONG_AGO, 1, about=waiting.id)
        archive = Kasa.over(ports).operations.archive_events
        self.set_clock(ports, datetime(2020, 12, 31, 16, 0, tzinfo=UTC))
        assert 0 == archive.shop(owner.tenant)
        self.set_clock(ports, datetime(2020, 12, 31, 18, 0, tzinfo=UTC))
        assert 4 == archive.shop(owner.tenant)
        with ports.unit_of_work(owner) as work:
            decided = work.payments.lock(PaymentId(waiting.id)).rejected(
                at=NOW, by=owner.user or UserId(owner.tenant), reason="not ours"
            )
            work.payments.save(decided)
        assert 1 == archive.shop(owner.tenant)
        assert [1, 2] == [one.part for one in parts_of(ports, owner)]

    @pytest.mark.G8
    def test_the_years_are_the_shops_own(self) -> None:
        """A shop that keeps 14 years keeps them."""
        ports, owner = self._shop(0)
        kasa = Kasa.over(ports)
        profile = kasa.tenancy.queries.tenant(owner).profile
        kasa.tenancy.change_profile(owner, attrs.evolve(profile, keep_years=14))
        assert 0 == kasa.operations.archive_events.shop(owner.tenant)
        kasa.tenancy.change_profile(owner, attrs.evolve(profile, keep_years=13))
        assert 4 == kasa.operations.archive_events.shop(owner.tenant)

    @pytest.mark.G8
    def test_only_what_is_archived_is_taken_out(self) -> None:
        """A missing event, a young one, or another count of reactions takes nothing out."""
        ports, owner = self._shop(0)
        before, unknown = ids(ports, owner), EventId(ports.ids.new(NOW))
        young = datetime(2010, 1, 2, tzinfo=UTC)
        for wanted, reactions, until in (
            ([*before, unknown], 0, NOW - timedelta(days=4000)),
            (before, 1, NOW - timedelta(days=4000)),
            (before, 0, young),
        ):
            part = a_part(len(wanted), reactions)
            with pytest.raises(EventsMoved), ports.unit_of_work(owner) as work:
                work.archive.take_out(wanted, part, before=until)
        assert before == ids(ports, owner)
        assert () == parts_of(ports, owner)


def say(ports: Ports, owner: Actor, at: datetime, count: int, *, about: UUID | None = None) -> None:
    """Record some events at a moment, about the shop or about another thing."""
    with ports.unit_of_work(owner) as work:
        for number in range(count):
            told = TenantChanged(subject=about or owner.tenant, fields=(str(number),))
            work.events.record(told, at=at)


def trail(ports: Ports, owner: Actor) -> tuple[RecordedEvent, ...]:
    """Return what the log holds, oldest first."""
    with ports.unit_of_work.read_only(owner) as view:
        return tuple(reversed(view.events.trail(limit=100).items))


def ids(ports: Ports, owner: Actor) -> list[EventId]:
    """Return the identifiers of what the log holds, oldest first."""
    return [row.id for row in trail(ports, owner)]


def parts_of(ports: Ports, owner: Actor) -> tuple[ArchivedEvents, ...]:
    """Return where archived events are."""
    with ports.unit_of_work.read_only(owner) as view:
        return view.archive.parts()


def lines_of(ports: Ports, part: ArchivedEvents) -> list[EventId]:
    """Return the events that a file holds, when it and its manifest are what was noted."""
    data = b"".join(ports.storage.get(StorageKey(part.key)))
    manifest = b"".join(ports.storage.get(StorageKey(part.manifest_key)))
    assert part.manifest_sha256 == sha256(manifest).hexdigest()
    facts = json.loads(manifest)
    assert (part.sha256, len(data)) == (facts["sha256"], facts["size_bytes"])
    assert part.sha256 == sha256(data).hexdigest()
    held = [EventId(UUID(json.loads(line)["id"])) for line in data.splitlines()]
    assert part.events == len(held) == facts["events"]
    return held


def everywhere(ports: Ports, owner: Actor, wanted: list[EventId]) -> Counter[EventId]:
    """Return how often each of some events is in the log or in a noted file."""
    held = [one for part in parts_of(ports, owner) for one in lines_of(ports, part)]
    return Counter(one for one in (*ids(ports, owner), *held) if one in set(wanted))


def once_each(wanted: list[EventId]) -> Counter[EventId]:
    """Return what is wanted: each of some events, once."""
    return Counter(wanted)


def a_part(events: int, reactions: int) -> ArchivedEvents:
    """Return a note about some events that no file holds."""
    return ArchivedEvents(
        month=LONG_AGO.date().replace(day=1),
        part=9,
        events=events,
        reactions=reactions,
        first_at=LONG_AGO,
        last_at=LONG_AGO,
        size_bytes=1,
        sha256="0" * 64,
        key="nowhere",
        manifest_sha256="0" * 64,
        manifest_key="nowhere",
        archived_at=NOW,
    )
