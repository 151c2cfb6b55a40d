"""What every adapter of file storage has to do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from kasa.application.ports.storage import (
    CHUNK_BYTES,
    FileStorage,
    StorageKey,
    StorageKeyInvalid,
    StorageKeyTaken,
    storage_key,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

SHOP = TenantId(UUID("019aa000-0000-7000-8000-000000000001"))
OTHER_SHOP = TenantId(UUID("019aa000-0000-7000-8000-00000000000f"))


def key(number: int, tenant: TenantId = SHOP) -> StorageKey:
    """Return the key of a numbered file."""
    return storage_key(tenant, number.to_bytes(16, "big"))


class FileStorageConformance:
    """The rules of ``ports.storage.FileStorage``; a subclass makes the storage."""

    def make_ports(self) -> FileStorage:
        """Return an empty storage."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        "data", [b"", b"receipt", bytes(range(256)) * 4 * (CHUNK_BYTES // 1024 + 1) * 3]
    )
    def test_bytes_come_back(self, data: bytes) -> None:
        """What was stored in chunks comes back whole, with its size, as often as asked."""
        storage = self.make_ports()
        half = len(data) // 2
        assert storage.put(key(1), [data[:half], data[half:]]) == len(data)
        assert b"".join(storage.get(key(1))) == data
        assert b"".join(storage.get(key(1))) == data
        assert storage.size(key(1)) == len(data)

    def test_files_are_never_written_over(self) -> None:
        """A second file of one key is refused, and the first one stays."""
        storage = self.make_ports()
        storage.put(key(1), [b"first"])
        for again in (b"second", b"first", b""):
            with pytest.raises(StorageKeyTaken):
                storage.put(key(1), [again])
        assert b"".join(storage.get(key(1))) == b"first"

    def test_one_of_many_writers_wins(self) -> None:
        """Of many that write one key at once exactly one succeeds, and its bytes stay."""
        storage = self.make_ports()

        def write(number: int) -> int | None:
            try:
                storage.put(key(1), [bytes([number]) * 1000])
            except StorageKeyTaken:
                return None
            return number

        with ThreadPoolExecutor(8) as writers:
            winners = [number for number in writers.map(write, range(16)) if number is not None]
        assert len(winners) == 1
        assert b"".join(storage.get(key(1))) == bytes(winners) * 1000

    def test_a_broken_upload_leaves_nothing(self) -> None:
        """When the chunks fail half way there is no file, and the key is still free."""
        storage = self.make_ports()

        def chunks() -> Iterator[bytes]:
            yield b"half"
            raise ConnectionError

        with pytest.raises(ConnectionError):
            storage.put(key(1), chunks())
        with pytest.raises(NotFound):
            storage.size(key(1))
        assert storage.put(key(1), [b"whole"]) == 5

    def test_what_is_not_there(self) -> None:
        """A missing file is NotFound at once, and removing it changes nothing."""
        storage = self.make_ports()
        for ask in (storage.get, storage.size):
            with pytest.raises(NotFound):
                ask(key(1))
        storage.remove(key(1))

    def test_removed_files_are_gone(self) -> None:
        """A removed file is gone, others stay, and its key can be used again."""
        storage = self.make_ports()
        storage.put(key(1), [b"one"])
        storage.put(key(2), [b"two"])
        storage.remove(key(1))
        with pytest.raises(NotFound):
            storage.get(key(1))
        assert b"".join(storage.get(key(2))) == b"two"
        assert storage.put(key(1), [b"new"]) == 3

    def test_a_tenant_is_removed_alone(self) -> None:
        """Removing all files of a tenant counts them and leaves those of others."""
        storage = self.make_ports()
        for number in range(3):
            storage.put(key(number), [b"mine"])
        storage.put(key(1, OTHER_SHOP), [b"theirs"])
        assert {key(number) for number in range(3)} == set(storage.keys_of(SHOP))
        assert storage.remove_all(SHOP) == 3
        assert list(storage.keys_of(SHOP)) == []
        assert storage.remove_all(SHOP) == 0
        assert b"".join(storage.get(key(1, OTHER_SHOP))) == b"theirs"

    def test_every_key_is_listed(self) -> None:
        """The keys of all files, of every tenant, are listed once each, and no others."""
        storage = self.make_ports()
        assert list(storage.keys()) == []
        wanted = {key(1), key(2), key(1, OTHER_SHOP)}
        for one in (*wanted, key(3)):
            storage.put(one, [b"x"])
        storage.remove(key(3))
        assert sorted(wanted) == sorted(storage.keys())

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "/etc/passwd",
            "../secret",
            f"{SHOP}/../{OTHER_SHOP}/{'0' * 32}",
            f"{SHOP}/{'0' * 31}",
            f"{SHOP}/{'0' * 32}\n",
            f"{SHOP}/{'0' * 32}/..",
            f"{SHOP}/receipt.png",
            f"{SHOP}".upper() + f"/{'0' * 32}",
        ],
    )
    def test_other_names_are_no_keys(self, name: str) -> None:
        """Only keys that ``storage_key`` makes are taken, wherever they are used."""
        storage = self.make_ports()
        for use in (
            lambda: storage.put(StorageKey(name), [b"x"]),
            lambda: storage.get(StorageKey(name)),
            lambda: storage.size(StorageKey(name)),
            lambda: storage.remove(StorageKey(name)),
        ):
            with pytest.raises(StorageKeyInvalid):
                use()

    def test_ping(self) -> None:
        """A storage that works answers without a trace."""
        storage = self.make_ports()
        storage.ping()
        assert storage.remove_all(SHOP) == 0
