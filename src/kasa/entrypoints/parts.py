"""How each part of a running installation is: for whoever looks after it, and for alarms."""

import shutil
import time
from collections.abc import Callable, Iterator

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap_backups import backups_state
from kasa.entrypoints.bootstrap_database import worker_state
from kasa.entrypoints.findings import Finding, Health, backup_checks, worker_checks
from kasa.entrypoints.opened import OpenKasa
from kasa.entrypoints.settings import Settings

FRESH_SECONDS = 15
MEBIBYTE = 2**20
DISK_WARN, DISK_FAIL = 2048 * MEBIBYTE, 256 * MEBIBYTE


def parts_of(settings: Settings, opened: OpenKasa) -> tuple[Finding, ...]:
    """Look at every part; nothing that is wrong with one stops the look at the next."""
    return tuple(_looked(settings, opened))


def _looked(settings: Settings, opened: OpenKasa) -> Iterator[Finding]:
    yield _asked("database", lambda: _database(opened))
    yield _asked("worker", lambda: worker_checks(worker_state(settings)))
    yield _asked("backups", lambda: backup_checks(backups_state(settings)))
    yield _asked("disk", lambda: _disk(settings))
    yield _asked("file storage", lambda: _storage(opened))


def _asked(part: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except KasaError as error:
        return Finding(part, Health.FAIL, error.code, "kasa doctor")
    except OSError as error:
        return Finding(part, Health.FAIL, type(error).__name__, "kasa doctor")


def _database(opened: OpenKasa) -> Finding:
    opened.ready()
    return Finding("database", Health.OK, "answers")


def _storage(opened: OpenKasa) -> Finding:
    return Finding("file storage", Health.OK, opened.pings["file storage"]())


def _disk(settings: Settings) -> Finding:
    """Say how much room there is where kasa keeps what it keeps itself."""
    if not settings.home.exists():
        return Finding("disk", Health.OK, "nothing is kept here")
    free = shutil.disk_usage(settings.home).free
    seen = f"{free // MEBIBYTE} MiB are free"
    if free < DISK_FAIL:
        return Finding("disk", Health.FAIL, seen, "make room in KASA_HOME")
    if free < DISK_WARN:
        return Finding("disk", Health.WARN, seen, "make room in KASA_HOME")
    return Finding("disk", Health.OK, seen)


class Looked:
    """What was found, looked at again at most every 15 s, whoever asks."""

    def __init__(self, settings: Settings, opened: OpenKasa) -> None:
        self._settings, self._opened = settings, opened
        self._found: tuple[Finding, ...] = ()
        self._at: float | None = None

    def __call__(self) -> tuple[Finding, ...]:
        """Return the newest findings."""
        if self._at is None or time.monotonic() - self._at > FRESH_SECONDS:
            self._found = parts_of(self._settings, self._opened)
            self._at = time.monotonic()
        return self._found
