"""A damaged, old or foreign backup is refused by its code, and nothing is called restored."""

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kasa.adapters.credentials.sealing import FrameSealer
from kasa.adapters.postgres.backups import restoring
from kasa.adapters.postgres.backups.copying import sealed_copy
from kasa.adapters.postgres.backups.manifest import (
    DUMP,
    FIGURES,
    LISTED,
    MANIFEST,
    PARTS,
    read_manifest,
    verified,
)
from kasa.adapters.postgres.backups.restoring import AFTERWARDS
from kasa.adapters.postgres.backups.shelf import Shelved
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap import open_kasa
from kasa.entrypoints.bootstrap_backups import restore_backup
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.request import Openers
from kasa.entrypoints.settings import Settings
from tests.integration.backups.conftest import Live

pytestmark = [pytest.mark.integration, pytest.mark.G4]

KEY = "0123456789abcdef" * 3


def _code(call: Callable[[], object]) -> str:
    with pytest.raises(KasaError) as refused:
        call()
    return refused.value.code


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def _stored(backup: Path) -> Path:
    return max(
        (path for path in (backup / "files").glob("*/*")), key=lambda one: one.stat().st_size
    )


def _rewritten(backup: Path, **changes: Any) -> None:
    """Change what a manifest says, and give it the digest that goes with it."""
    document = json.loads((backup / MANIFEST).read_text())
    told = {**document["manifest"], **changes}
    digest = sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    (backup / MANIFEST).write_text(json.dumps({"manifest": told, "sha256": digest}))


def test_a_look_that_finds_damage_ends_with_3(
    harmed: Path, target: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What watches the backups by exit code hears of a byte that changed, and of which backup."""
    shelf = target / "backups"
    shelf.mkdir(parents=True)
    kept = harmed.rename(shelf / harmed.name)
    monkeypatch.setenv("KASA_HOME", str(target))
    opener = partial(open_kasa, Settings(home=target))
    openers = Openers(stored=opener, tools=opener)
    assert 0 == run(["db", "backups", "--check"], openers)
    _flip(kept / DUMP, 5000)
    assert 3 == run(["db", "backups", "--check", "--json"], openers)
    assert f"{kept.name}: backup.checksum" in capfd.readouterr().out


def test_a_whole_backup_is_whole(harmed: Path) -> None:
    """Before it is harmed, a copy of the backup passes."""
    assert verified(harmed) == read_manifest(harmed)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("where", [0.0, 0.5, 0.999])
def test_a_flipped_byte_is_found(harmed: Path, part: str, where: float) -> None:
    """One changed byte anywhere in a part."""
    path = harmed / part
    _flip(path, int(path.stat().st_size * where))
    assert _code(lambda: verified(harmed)) == "backup.checksum"


def test_a_flipped_byte_in_a_stored_file_or_the_manifest_is_found(harmed: Path) -> None:
    """Pictures are read as well, and the manifest has a digest of its own."""
    stored = _stored(harmed)
    _flip(stored, 1)
    assert _code(lambda: verified(harmed)) == "backup.checksum"
    _flip(stored, 1)
    text = (harmed / MANIFEST).read_text()
    (harmed / MANIFEST).write_text(text.replace('"files": ', '"files": 1'))
    assert _code(lambda: verified(harmed)) == "backup.checksum"


@pytest.mark.parametrize("part", [*PARTS, MANIFEST])
def test_a_cut_or_missing_part_is_truncated(harmed: Path, part: str) -> None:
    """A part that ends early, or is not there at all."""
    path = harmed / part
    os.truncate(path, path.stat().st_size - 1)
    assert _code(lambda: verified(harmed)) == "backup.truncated"
    path.unlink()
    assert _code(lambda: verified(harmed)) == "backup.truncated"


def test_a_cut_or_missing_stored_file_is_named(harmed: Path) -> None:
    """A picture that the database needs is not there."""
    stored = _stored(harmed)
    os.truncate(stored, 1)
    assert _code(lambda: verified(harmed)) == "backup.truncated"
    stored.unlink()
    assert _code(lambda: verified(harmed)) == "backup.file_missing"


@pytest.mark.parametrize(
    "changes",
    [{"server": "19.0"}, {"schema": "r9999_later"}, {"format": 2}],
    ids=["server", "schema", "format"],
)
def test_a_newer_backup_needs_a_newer_kasa(harmed: Path, changes: dict[str, Any]) -> None:
    """Another major version, a newer schema, another format."""
    _rewritten(harmed, **changes)
    assert _code(lambda: verified(harmed)) == "backup.version"


def test_something_else_is_foreign(harmed: Path, tmp_path: Path) -> None:
    """An empty folder, the folder of another program, a manifest of something else."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert _code(lambda: verified(empty)) == "backup.foreign"
    (empty / MANIFEST).write_text("[]")
    assert _code(lambda: verified(empty)) == "backup.foreign"
    (empty / MANIFEST).write_text("not json")
    assert _code(lambda: verified(empty)) == "backup.foreign"
    _rewritten(harmed, kind="other-backup")
    assert _code(lambda: verified(harmed)) == "backup.foreign"


def test_nothing_damaged_is_restored(harmed: Path, target: Path) -> None:
    """A refused backup leaves an empty home empty, and says its code."""
    _flip(harmed / FIGURES, 10)
    assert _code(lambda: restore_backup(Settings(home=target), str(harmed))) == "backup.checksum"
    assert not (target / "pg").exists()
    assert not (target / "restoring").exists()
    (harmed / LISTED).unlink()
    assert _code(lambda: restore_backup(Settings(home=target), str(harmed))) == "backup.truncated"
    assert list((target / "files").iterdir()) == []


def test_nothing_is_restored_over_data(taken: Shelved, target: Path) -> None:
    """Neither over a database, nor over its passwords, nor over files."""
    for name in ("pg", "database.json", "files/00000000-0000-0000-0000-000000000000/" + "0" * 32):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        refused = _code(lambda: restore_backup(Settings(home=target), str(taken.folder)))
        assert refused == "backup.target_not_empty"
        assert path.exists()
        shutil.rmtree(target)


@pytest.mark.deep
def test_a_restore_that_failed_late_can_be_repeated(
    taken: Shelved, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it fails after files were put back, the same command begins anew and ends well."""

    def full(address: str) -> None:
        raise OSError(28, f"No space left on device for {len(address)} letters")

    settings = Settings(home=target)
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "upgrade", full)
        assert _code(lambda: restore_backup(settings, str(taken.folder))) == "backup.disk_full"
    assert not (target / "pg").exists()
    assert _code(EmbeddedServer(target).start) == "backup.unfinished"
    restore_backup(settings, str(taken.folder))
    server = EmbeddedServer(target)
    server.start()
    try:
        with psycopg.connect(server.address(SUPERUSER)) as connection:
            told = [
                connection.execute(f"SHOW {name}".encode()).fetchone()
                for name in ("fsync", "synchronous_commit", "full_page_writes")
            ]
    finally:
        server.stop()
    assert [("on",)] * 3 == told


def test_an_unfinished_home_serves_nobody(target: Path) -> None:
    """While the mark of a restore is there, no server is made or started."""
    target.mkdir(mode=0o711)
    (target / "restoring").touch()
    assert _code(EmbeddedServer(target).start) == "backup.unfinished"
    assert [path.name for path in target.iterdir()] == ["restoring"]


def test_what_must_not_come_back_to_life_fits_the_tables(live: Live) -> None:
    """What a restore ends is a statement that its table, once it is there, understands."""
    with psycopg.connect(live.address) as connection:
        for table, statement in AFTERWARDS.items():
            row = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if row is not None and row[0] is not None:
                connection.execute(f"EXPLAIN {statement}".encode())


def test_an_unknown_backup_is_not_found(target: Path) -> None:
    """A name of no backup, and a path that leads nowhere."""
    for source in ("20260101T000000Z-0000", "../../nowhere", "/nowhere"):
        assert _code(partial(restore_backup, Settings(home=target), source)) == "backup.unknown"


def test_a_sealed_copy_opens_with_its_key_alone(
    taken: Shelved, target: Path, tmp_path: Path
) -> None:
    """Wrong key, no key, one flipped byte, a cut file, another file: each its code."""
    copy = sealed_copy(taken, tmp_path / "away", FrameSealer(secret=KEY).seal)
    assert b"kasa-backup" not in copy.read_bytes()

    def tried(path: Path = copy, key: str | None = KEY) -> str:
        return _code(
            lambda: restore_backup(Settings(home=target, backup_key=key), str(path), dry_run=True)
        )

    told = restore_backup(Settings(home=target, backup_key=KEY), str(copy), dry_run=True)
    assert (told.at, told.brought_to) == (taken.at, None)
    assert tried(key=KEY[::-1]) == "backup.wrong_key"
    assert tried(key=None) == "backup.key_missing"
    _flip(copy, copy.stat().st_size // 2)
    assert tried() == "backup.checksum"
    os.truncate(copy, copy.stat().st_size - 1000)
    assert tried() == "backup.truncated"
    copy.write_bytes(b"something else")
    assert tried() == "backup.foreign"
    assert not [path for path in (target / "backups").iterdir() if path.name != "lock"]
