"""Files: their bytes, their rows, their use of the storage meter."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest

from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.files.storing import NewFile
from kasa.application.kasa import Kasa
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.application.ports.storage import StorageKey
from kasa.application.ports.work import Scope, UnitOfWork, UnitOfWorkFactory
from kasa.domain.files.file import (
    SIZE_LIMIT_BYTES,
    FileDamaged,
    FileEmpty,
    FileKind,
    FileTooLarge,
    checksum,
)
from kasa.domain.kernel.errors import NotFound, Unavailable
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey
from kasa.domain.kernel.ids import TenantId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from tests.unit.conftest import Shop

LOGO = NewFile(kind=FileKind.LOGO, name="logo.png", media_type="image/png", data=b"a logo")


class LostCommits:
    """Units of work that are committed, and end as if the answer of the store was lost."""

    def __init__(self, real: UnitOfWorkFactory, end: BaseException) -> None:
        self._end = end
        self.read_only = real.read_only
        self.platform = real.platform
        self._real = real

    @contextmanager
    def __call__(self, scope: Scope) -> Iterator[UnitOfWork]:
        """Open a unit of work whose end nobody learns."""
        with self._real(scope) as work:
            yield work
        raise self._end


def own_answer() -> Answered:
    """Return what a repeat is told when the answer that was lost is found."""
    answered = Answered(None)
    answered.__cause__ = Unavailable()
    return answered


def used(ports: Ports, shop: Shop) -> int:
    """Return the bytes that the storage meter counts."""
    with ports.unit_of_work(shop.owner) as work:
        return work.usage.used(Meter.STORAGE, period=CAPACITY_PERIOD)


def test_a_file_comes_back_as_it_was(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """The bytes, their checksum and their size are those that were stored, and counted."""
    file = kasa.files.store(shop.clerk, LOGO)
    assert kasa.files.fetch(shop.viewer, file.id) == LOGO.data
    assert (checksum(LOGO.data), 6) == (file.sha256, file.size_bytes)
    assert used(ports, shop) == 6


def test_a_removed_file_leaves_nothing(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """Row, use and, when the jobs have run, bytes are gone."""
    file = kasa.files.store(shop.clerk, LOGO)
    kasa.files.remove(shop.clerk, file.id)
    assert used(ports, shop) == 0
    with pytest.raises(NotFound):
        kasa.files.fetch(shop.viewer, file.id)
    assert ports.worker.drain(kasa.run) == 1
    with pytest.raises(NotFound):
        ports.storage.get(StorageKey(file.key))


def test_what_kasa_renders_is_not_counted(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """Documents and exports do not use the storage meter."""
    kasa.files.store(shop.clerk, attrs.evolve(LOGO, kind=FileKind.DOCUMENT))
    assert used(ports, shop) == 0


def test_damaged_bytes_are_given_to_nobody(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """Bytes that do not fit the checksum are refused."""
    file = kasa.files.store(shop.clerk, LOGO)
    ports.storage.remove(StorageKey(file.key))
    ports.storage.put(StorageKey(file.key), [b"a 1ogo"])
    with pytest.raises(FileDamaged):
        kasa.files.fetch(shop.viewer, file.id)


@pytest.mark.parametrize(
    ("data", "error"), [(b"", FileEmpty), (bytes(SIZE_LIMIT_BYTES + 1), FileTooLarge)]
)
def test_no_file_is_empty_or_huge(
    kasa: Kasa, shop: Shop, data: bytes, error: type[Exception]
) -> None:
    """A file has at least one byte and at most 20 MB."""
    with pytest.raises(error):
        kasa.files.store(shop.clerk, attrs.evolve(LOGO, data=data))


def test_a_repeat_stores_no_bytes(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """The same request again is answered from memory and leaves no second file."""
    clerk = attrs.evolve(shop.clerk, idempotency=IdempotencyKey("once", "POST /files", "f"))
    file = kasa.files.store(clerk, LOGO)
    with pytest.raises(Answered) as answered:
        kasa.files.store(clerk, LOGO)
    assert file == answered.value.value
    assert isinstance(ports.storage, MemoryFileStorage)
    assert ports.storage.remove_all(shop.id) == 1


def test_another_shop_finds_no_file(kasa: Kasa, shop: Shop) -> None:
    """A foreign file is a missing one."""
    file = kasa.files.store(shop.clerk, LOGO)
    stranger = attrs.evolve(shop.owner, tenant=TenantId(file.id))
    with pytest.raises(NotFound):
        kasa.files.queries.file(stranger, file.id)


@pytest.mark.parametrize(
    "end", [Unavailable(), own_answer(), KeyboardInterrupt()], ids=["lost", "answered", "stopped"]
)
def test_a_lost_commit_keeps_the_bytes(
    kasa: Kasa, ports: Ports, shop: Shop, end: BaseException
) -> None:
    """When nobody can say whether the row was stored, its bytes stay, for files and receipts."""
    lost = LostCommits(ports.unit_of_work, end)
    store = attrs.evolve(kasa.files.store, unit_of_work=lost)
    submit = attrs.evolve(kasa.payments.submit, unit_of_work=lost)
    with pytest.raises(type(end)):
        store(shop.clerk, LOGO)
    with pytest.raises(type(end)):
        submit(shop.clerk, NewEvidence(pictures=(b"a picture",)))
    with ports.unit_of_work.read_only(shop.owner) as view:
        files = view.files.listed().items
    assert 2 == len(files)
    assert {LOGO.data, b"a picture"} == {
        b"".join(ports.storage.get(StorageKey(file.key))) for file in files
    }
