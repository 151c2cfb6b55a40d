"""The rules of handing out and erasing a shop, over any ports."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from kasa.adapters.conformance.killing import Killed, Killer, mortal
from kasa.adapters.conformance.payments.making import added, new_payment
from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.adapters.memory.archives import MemoryArchive
from kasa.application.files.storing import NewFile
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Done
from kasa.application.ports.storage import StorageKey
from kasa.application.tenancy.archived import ArchiveChecked, ArchiveForeign
from kasa.application.tenancy.checking import check_archive
from kasa.application.tenancy.erasing import ArchiveIncomplete, ArchiveOutdated
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor, PlatformActor, RoleTooLow
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.kernel.events import RecordedEvent
from kasa.domain.kernel.ids import PLATFORM, TenantId
from kasa.domain.payments.references import Reference, ReferenceKeys
from kasa.domain.tenancy.erasure import EraseReason, erased_mark
from kasa.domain.tenancy.events import TenantErased, TenantExported
from kasa.domain.tenancy.tenant import TenantNotYet, TenantState, TenantWrongState

OPERATOR = PlatformActor(operator=True)
FIRST = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
AFTER = timedelta(days=30)
STEPS_MAX = 300


class ErasingRules:
    """A shop is closed, waits, is handed out whole, and then nothing of it is left."""

    first_step = 1
    every_step = 1
    """At which steps an erasure is killed; where that takes long, at some of them."""

    def make_ports(self, at: datetime) -> Ports:
        """Return the ports under test; their clock stands at a moment and can be set."""
        raise NotImplementedError

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Let the clock stand at another moment."""
        raise NotImplementedError

    def _shop(self) -> tuple[Ports, Actor]:
        """Return a shop with a payment, a reference, a file, an old answer and a waiting job."""
        ports = self.make_ports(FIRST)
        owner = new_shop(ports)
        fill(ports, owner)
        return ports, owner

    def _closed(self) -> tuple[Ports, Actor]:
        """Return the same shop, closed 30 days ago."""
        ports, owner = self._shop()
        Kasa.over(ports).tenancy.close(owner)
        self.set_clock(ports, FIRST + AFTER)
        return ports, owner

    @pytest.mark.G8
    def test_everything_is_handed_out_and_reads_back(self) -> None:
        """Every row of every table, and every file; another shop's are not among them."""
        ports, owner = self._shop()
        fill(ports, new_shop(ports))
        with ports.unit_of_work.read_only(owner) as view:
            counts = dict(view.tables.counts())
            lines = {name: list(view.tables.lines(name)) for name in counts}
        place, checked = handed_out(ports, owner)
        del counts["idempotency_keys"]
        tables = {one.name[7:-6]: one for one in checked.manifest.tables}
        assert counts == {name: one.rows for name, one in tables.items() if one.rows}
        for name in counts:
            assert lines[name] == place.entries[tables[name].name].decode().splitlines()
        stored = {
            key: b"".join(ports.storage.get(key)) for key in ports.storage.keys_of(owner.tenant)
        }
        index = [json.loads(line) for line in place.entries["files.jsonl"].splitlines()]
        assert stored == {one["key"]: place.entries[one["name"]] for one in index}
        assert ("idempotency_keys",) == checked.manifest.left_out
        told = trail(ports, owner)[0].event
        assert isinstance(told, TenantExported)
        assert checked.sha256 == told.sha256

    @pytest.mark.G8
    def test_what_the_storage_lost_or_changed_is_told(self) -> None:
        """A file that is gone is named as missing, one with other bytes as damaged."""
        ports, owner = self._shop()
        with ports.unit_of_work.read_only(owner) as view:
            key = StorageKey(view.files.listed().items[0].key)
        ports.storage.remove(key)
        ports.storage.put(key, [b"other bytes"])
        assert (key,) == handed_out(ports, owner)[1].manifest.damaged
        ports.storage.remove(key)
        checked = handed_out(ports, owner)[1]
        assert (key,) == checked.manifest.missing
        tenancy = Kasa.over(ports).tenancy
        tenancy.close(owner)
        self.set_clock(ports, FIRST + AFTER)
        with pytest.raises(ArchiveIncomplete):
            tenancy.erase(OPERATOR, owner.tenant, handed_out(ports, owner)[1])
        _, checked = handed_out(ports, owner)
        tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.OWNER)
        assert ({}, {}) == snapshot(ports, owner.tenant)

    @pytest.mark.G8
    def test_nothing_is_left(self) -> None:
        """No row, no file, no job; the other shop has all it had, and the platform a mark."""
        ports, owner = self._closed()
        other = new_shop(ports)
        fill(ports, other)
        before = snapshot(ports, other.tenant)
        _, checked = handed_out(ports, owner)
        erased = Kasa.over(ports).tenancy.erase(OPERATOR, owner.tenant, checked)
        assert ({}, {}) == snapshot(ports, owner.tenant)
        assert before == snapshot(ports, other.tenant)
        assert 0 == ports.worker.remove_all(owner.tenant)
        assert 1 == ports.worker.drain(lambda _: Done())
        assert erased.rows > 0
        told = marks(ports, owner)
        assert [(erased.rows, "", checked.sha256)] == [
            (one.rows, one.reason, one.archive) for one in told
        ]

    @pytest.mark.G8
    def test_a_kill_is_completed_by_the_next_run(self) -> None:
        """Wherever it dies, the same call again ends it, and it is told once."""
        for at in range(self.first_step, STEPS_MAX, self.every_step):
            ports, owner = self._closed()
            _, checked = handed_out(ports, owner)
            killer = Killer(at)
            try:
                Kasa.over(mortal(ports, killer)).tenancy.erase(OPERATOR, owner.tenant, checked)
            except Killed:
                Kasa.over(ports).tenancy.erase(OPERATOR, owner.tenant, checked)
            assert ({}, {}) == snapshot(ports, owner.tenant)
            assert 1 == len(marks(ports, owner))
            if killer.left > 0:
                return
        raise AssertionError("it never ends")

    @pytest.mark.G8
    def test_a_killed_export_is_not_there(self) -> None:
        """Until the very last step nothing stands under its name."""
        ports, owner = self._shop()
        for at in range(self.first_step, STEPS_MAX, self.every_step):
            place, killer = MemoryArchive(), Killer(at)
            try:
                Kasa.over(mortal(ports, killer)).tenancy.export(owner, place.beside())
            except Killed:
                assert {} == place.entries
                continue
            check_archive(place)
            return
        raise AssertionError("it never ends")

    @pytest.mark.G8
    def test_who_may_not_erase(self) -> None:
        """Nobody but the operator; no open shop, none before its time, none without its archive."""
        ports, owner = self._shop()
        tenancy = Kasa.over(ports).tenancy
        _, checked = handed_out(ports, owner)
        with pytest.raises(RoleTooLow):
            tenancy.erase(PlatformActor(), owner.tenant, checked)
        with pytest.raises(TenantWrongState):
            tenancy.erase(OPERATOR, owner.tenant, checked)
        with pytest.raises(ArchiveForeign):
            tenancy.erase(OPERATOR, new_shop(ports).tenant, checked)
        tenancy.close(owner)
        self.set_clock(ports, FIRST + AFTER - timedelta(seconds=1))
        with pytest.raises(TenantNotYet):
            tenancy.erase(OPERATOR, owner.tenant, handed_out(ports, owner)[1])
        added(ports, owner, new_payment(ports))
        with pytest.raises(ArchiveOutdated):
            tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.FRAUD)
        assert TenantState.CLOSED is tenancy.queries.tenant(owner).state

    @pytest.mark.G8
    def test_what_changed_since_the_archive_is_not_lost(self) -> None:
        """An archive in which a row says something older is refused, also with as many rows."""
        ports, owner = self._shop()
        tenancy = Kasa.over(ports).tenancy
        draft = Kasa.over(ports).invoicing.draft(owner, WantedInvoice(note="before"))
        _, checked = handed_out(ports, owner)
        newer = WantedInvoice(note="after")
        Kasa.over(ports).invoicing.revise(owner, draft.id, newer, version=draft.version)
        with pytest.raises(ArchiveOutdated):
            tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.OWNER)
        _, checked = handed_out(ports, owner)
        tenancy.close(owner)
        tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.OWNER)
        assert ({}, {}) == snapshot(ports, owner.tenant)

    @pytest.mark.G8
    def test_a_reason_does_not_wait(self) -> None:
        """With a reason an open shop goes at once, and the reason is told."""
        ports, owner = self._shop()
        _, checked = handed_out(ports, owner)
        tenancy = Kasa.over(ports).tenancy
        tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.AUTHORITY)
        assert ({}, {}) == snapshot(ports, owner.tenant)
        assert ["authority"] == [one.reason for one in marks(ports, owner)]

    @pytest.mark.G8
    def test_a_receipt_of_an_erased_shop_pays_nothing_elsewhere(self) -> None:
        """Another shop that is shown the same reference is told that it was seen."""
        ports, owner = self._closed()
        _, checked = handed_out(ports, owner)
        Kasa.over(ports).tenancy.erase(OPERATOR, owner.tenant, checked)
        other = new_shop(ports)
        assert register(ports, other, reference(owner))
        assert not register(ports, other, Reference("bank", "NEVERSEEN" + other.tenant.hex))

    def test_closing_can_be_withdrawn(self) -> None:
        """Until it is erased a shop comes back as it was, a suspended one suspended."""
        ports, owner = self._shop()
        tenancy = Kasa.over(ports).tenancy
        with pytest.raises(TenantWrongState):
            tenancy.withdraw_close(owner)
        tenancy.suspend(owner)
        closed = tenancy.close(owner)
        assert (TenantState.CLOSED, FIRST + AFTER) == (closed.state, closed.erasable_at)
        with pytest.raises(TenantWrongState):
            tenancy.close(owner)
        with pytest.raises(TenantWrongState):
            tenancy.reopen(owner)
        assert TenantState.SUSPENDED is tenancy.withdraw_close(owner).state
        assert tenancy.queries.tenant(owner).erasable_at is None


def reference(owner: Actor) -> Reference:
    """Return a reference that only this shop has seen."""
    return Reference("bank", "SEEN" + owner.tenant.hex)


def register(ports: Ports, owner: Actor, key: Reference) -> bool:
    """Register a reference for a new payment, and tell whether another shop has seen it."""
    payment = added(ports, owner)
    keys = ReferenceKeys(read=(key,))
    with ports.unit_of_work(owner) as work:
        return work.references.register(payment.id, keys, at=FIRST).elsewhere


def fill(ports: Ports, owner: Actor) -> None:
    """Give a shop a payment with its reference, two files, a stored answer and a waiting job."""
    added(ports, owner, digest="a" * 64)
    register(ports, owner, reference(owner))
    files = Kasa.over(ports).files
    for content in (b"a logo", b"another"):
        new = NewFile(kind=FileKind.LOGO, name="x.png", media_type="image/png", data=content)
        last = files.store(owner, new)
    files.remove(owner, last.id)
    with ports.unit_of_work(with_key(owner, "a key")) as work:
        work.answer("said")


def handed_out(ports: Ports, owner: Actor) -> tuple[MemoryArchive, ArchiveChecked]:
    """Return an archive of a shop, read back."""
    place = MemoryArchive()
    Kasa.over(ports).tenancy.export(owner, place.beside())
    return place, check_archive(place)


def snapshot(ports: Ports, tenant: TenantId) -> tuple[dict[str, str], dict[str, str]]:
    """Return a digest of every table of a shop, and of every file."""
    with ports.unit_of_work.read_only(Actor.system(tenant)) as view:
        tables = {
            name: digest("\n".join(view.tables.lines(name)).encode())
            for name in view.tables.counts()
        }
    storage = ports.storage
    files = {key: digest(b"".join(storage.get(key))) for key in storage.keys_of(tenant)}
    return tables, {str(key): found for key, found in files.items()}


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return sha256(data).hexdigest()


def trail(ports: Ports, owner: Actor) -> tuple[RecordedEvent, ...]:
    """Return what happened in a shop, newest first."""
    with ports.unit_of_work.read_only(owner) as view:
        return view.events.trail(limit=100).items


def marks(ports: Ports, owner: Actor) -> list[TenantErased]:
    """Return what the platform tells of an erased shop."""
    with ports.unit_of_work.read_only(Actor.system(PLATFORM)) as view:
        rows = view.events.about(UUID(str(erased_mark(owner.tenant))))
    return [row.event for row in rows if isinstance(row.event, TenantErased)]
