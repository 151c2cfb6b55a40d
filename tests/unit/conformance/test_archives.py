"""The suite of archives over memory."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest

from kasa.adapters.conformance.archives import ArchivesConformance
from kasa.adapters.memory.archives import MemoryArchive
from kasa.application.ports.archives import ArchiveExists, ArchiveReader, ArchiveWriter


class TestMemoryArchive(ArchivesConformance):
    """The archive in a dictionary."""

    @pytest.fixture(autouse=True)
    def at_a_place(self) -> None:
        """Take an empty place."""
        self.place = MemoryArchive()

    def make_ports(self) -> AbstractContextManager[ArchiveWriter]:
        """Return what writes to the place."""
        return self._writer()

    @contextmanager
    def _writer(self) -> Iterator[ArchiveWriter]:
        if self.place.entries:
            raise ArchiveExists
        yield self.place.beside()

    def reader(self) -> AbstractContextManager[ArchiveReader]:
        """Return what reads from the place."""
        return nullcontext(self.place)
