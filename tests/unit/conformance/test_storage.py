"""The suite of file storage over memory."""

from kasa.adapters.conformance.storage import FileStorageConformance
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.ports.storage import FileStorage


class TestMemoryFileStorage(FileStorageConformance):
    """The storage in a dictionary."""

    def make_ports(self) -> FileStorage:
        """Return an empty storage."""
        return MemoryFileStorage()
