"""What a store of files must do."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_files import stored_files
from kasa.application.ports.bundle import Ports
from kasa.domain.files.file import FileKind, StoredFile, checksum
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import FileId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter


class FilesConformance:
    """Rows of files: kept, found by checksum, listed, forgotten."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_file_survives_the_round_trip(self) -> None:
        """Every file that can be made is loaded as it was saved."""
        ports = self.make_ports()
        owner = new_shop(ports)

        @given(file=stored_files())
        def check(file: StoredFile) -> None:
            file = attrs.evolve(file, id=new_id(ports))
            with ports.unit_of_work(owner) as work:
                work.files.add(file)
                assert file == work.files.get(file.id)
            with ports.unit_of_work.read_only(owner) as view:
                assert file == view.files.show(file.id)

        check()

    def test_a_file_is_added_when_its_quota_is_spent(self) -> None:
        """A new row waits for nobody, so it may follow the counters of its quota."""
        ports = self.make_ports()
        owner = new_shop(ports)
        file = add(ports, owner)
        with ports.unit_of_work(owner) as work:
            work.usage.spend(Meter.STORAGE, file.size_bytes, period=CAPACITY_PERIOD, limit=10**9)
            new = attrs.evolve(file, id=new_id(ports))
            work.files.add(new)
        with ports.unit_of_work.read_only(owner) as view:
            assert view.files.show(new.id) == new

    def test_a_foreign_file_is_a_missing_one(self) -> None:
        """Another tenant neither gets, locks, shows nor lists it."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        file = add(ports, owner)
        for actor, wanted in ((stranger, file.id), (owner, new_id(ports))):
            with ports.unit_of_work(actor) as work:
                with pytest.raises(NotFound):
                    work.files.get(wanted)
                with pytest.raises(NotFound):
                    work.files.lock(wanted)
            with ports.unit_of_work.read_only(actor) as view, pytest.raises(NotFound):
                view.files.show(wanted)
        with ports.unit_of_work.read_only(stranger) as view:
            assert view.files.listed().items == ()
            assert view.files.with_checksum(file.sha256) == ()

    def test_equal_bytes_are_found_by_their_checksum(self) -> None:
        """Oldest first, and no others."""
        ports = self.make_ports()
        owner = new_shop(ports)
        first, _, third = (add(ports, owner, data) for data in (b"same", b"other", b"same"))
        with ports.unit_of_work.read_only(owner) as view:
            assert view.files.with_checksum(checksum(b"same")) == (first, third)

    def test_a_removed_file_is_forgotten(self) -> None:
        """It is neither shown nor listed, and its neighbour stays."""
        ports = self.make_ports()
        owner = new_shop(ports)
        gone, stays = add(ports, owner), add(ports, owner)
        with ports.unit_of_work(owner) as work:
            work.files.remove(work.files.lock(gone.id))
        with ports.unit_of_work.read_only(owner) as view:
            assert view.files.listed().items == (stays,)
            with pytest.raises(NotFound):
                view.files.show(gone.id)

    def test_pages_are_newest_first(self) -> None:
        """Pages follow each other without gap or repeat, of one kind when asked."""
        ports = self.make_ports()
        owner = new_shop(ports)
        files = [add(ports, owner, kind=kind) for kind in (*FileKind, *FileKind)]
        with ports.unit_of_work.read_only(owner) as view:
            page = view.files.listed(limit=3)
            rows = list(page.items)
            while page.next is not None:
                page = view.files.listed(limit=3, after=page.next)
                rows += page.items
            assert rows == list(reversed(files))
            logos = view.files.listed(kind=FileKind.LOGO).items
        assert [file for file in rows if file.kind is FileKind.LOGO] == list(logos)

    def test_the_oldest_of_a_kind_come_first(self) -> None:
        """Those stored before a moment, at most as many as asked, and no other kind."""
        ports = self.make_ports()
        owner = new_shop(ports)
        exports = [add(ports, owner, kind=FileKind.EXPORT).id for _ in range(3)]
        add(ports, owner, kind=FileKind.LOGO)
        later = ports.clock.now() + timedelta(hours=1)
        with ports.unit_of_work.read_only(owner) as view:
            assert view.files.older(FileKind.EXPORT, before=later, limit=2) == tuple(exports[:2])
            long_ago = later - timedelta(days=2)
            assert view.files.older(FileKind.EXPORT, before=long_ago, limit=2) == ()


def new_id(ports: Ports) -> FileId:
    """Return an identifier for a file."""
    return FileId(ports.ids.new(ports.clock.now()))


def add(
    ports: Ports, owner: Actor, data: bytes = b"data", kind: FileKind = FileKind.MEDIA
) -> StoredFile:
    """Store the row of a file."""
    file_id = new_id(ports)
    file = StoredFile(
        id=file_id,
        kind=kind,
        key=f"{owner.tenant}/{file_id.hex}",
        name="a file",
        media_type="image/png",
        size_bytes=len(data),
        sha256=checksum(data),
        stored_at=ports.clock.now(),
        by=owner.author,
    )
    with ports.unit_of_work(owner) as work:
        work.files.add(file)
    return file
