"""Copies of invoices: what is written down stays, however often its job runs."""

from collections.abc import Iterable

import attrs
import pytest

from kasa.adapters.memory.documents import PlainInvoicePrinter
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.documents import PrintedInvoice
from kasa.application.ports.jobs import Done, Job, Outcome
from kasa.application.ports.storage import StorageKey, StorageUnavailable
from kasa.domain.files.file import checksum
from kasa.domain.invoicing.document import InvoiceDocument
from tests.unit.conftest import Shop
from tests.unit.invoicing.test_issuing import issued


class FullStorage(MemoryFileStorage):
    """A storage that can be full."""

    full = False

    def put(self, key: StorageKey, chunks: Iterable[bytes]) -> int:
        """Store a file, unless it is full; one that is there is found before that is noticed."""
        if self.full and key not in self._files:
            raise StorageUnavailable
        return super().put(key, chunks)


class OtherPrinter(PlainInvoicePrinter):
    """A newer printer, whose pages differ."""

    def print(self, document: InvoiceDocument, **options: object) -> PrintedInvoice:
        """Return a page that says something else."""
        del document, options
        return PrintedInvoice(data=b"another page", media_type="text/plain", pages=1)


@pytest.fixture
def ports(ports: Ports) -> Ports:
    """Return every port in memory, with a storage that can be full."""
    return attrs.evolve(ports, storage=FullStorage())


def printed(kasa: Kasa, ports: Ports) -> Job:
    """Run every job and return the one that printed."""
    ran: list[Job] = []

    def run(job: Job) -> Outcome:
        ran.append(job)
        return kasa.run(job)

    ports.worker.drain(run)
    return next(job for job in ran if job.reaction == "invoicing.print_original")


def test_a_second_run_that_fails_loses_no_copy(kasa: Kasa, ports: Ports, shop: Shop) -> None:
    """The bytes of a copy are never taken away to be written anew."""
    invoice = issued(kasa, shop)
    job = printed(kasa, ports)
    assert isinstance(ports.storage, FullStorage)
    ports.storage.full = True
    kasa.run(job)
    (copy,) = kasa.invoicing.queries.invoice(shop.viewer, invoice.id).copies
    assert copy.sha256 == checksum(kasa.files.fetch(shop.viewer, copy.file))


def test_a_second_run_that_prints_otherwise_changes_no_copy(
    kasa: Kasa, ports: Ports, shop: Shop
) -> None:
    """A newer worker draws other pages; what is written down still has its bytes."""
    invoice = issued(kasa, shop)
    job = printed(kasa, ports)
    newer = Kasa.over(attrs.evolve(ports, printer=OtherPrinter()))
    assert Done() == newer.run(job)
    (copy,) = kasa.invoicing.queries.invoice(shop.viewer, invoice.id).copies
    assert copy.sha256 == checksum(kasa.files.fetch(shop.viewer, copy.file))
