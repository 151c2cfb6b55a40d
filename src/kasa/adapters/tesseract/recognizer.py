"""Tesseract behind the recogniser's port: language data found, work done in children."""

import sys
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.tesseract.engine import read
from kasa.application.ports.recognizer import RecognizerFailed
from kasa.domain.payments.recognition import Effort, Reading

SYSTEM_FOLDERS = ("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata")
EFFORTS = frozenset(Effort) - {Effort.SECOND_ENGINE}


class LanguageDataMissing(RecognizerFailed):
    """Tesseract's English data is missing: install the extra kasa-till[ocr]."""


def english_data() -> Path | None:
    """Return the English data of the wheel, or None when it is not installed."""
    found = Path(sys.prefix, "share", "tessdata", "eng.traineddata")
    return found if found.is_file() else None


def khmer_data(folders: tuple[str, ...] = SYSTEM_FOLDERS) -> Path | None:
    """Return the Khmer data of the system, the newest version, or None."""
    for folder in folders:
        found = sorted(Path(folder).glob("**/khm.traineddata"), reverse=True)
        if found:
            return found[0]
    return None


class TesseractRecognizer:
    """Reads pictures in child processes, each with its own engine.

    Without Khmer data it reads with the English data alone: Khmer digits, dates and the riel
    sign are then lost, and ``versions`` says so.
    """

    def __init__(self, sandbox: SandboxPool, *, khmer: bool = True) -> None:
        english, found = english_data(), khmer_data() if khmer else None
        if english is None:
            raise LanguageDataMissing
        self.khmer = found is not None
        self._folder = tempfile.TemporaryDirectory(prefix="kasa-tessdata-")
        for data in filter(None, (english, found)):
            Path(self._folder.name, data.name).symlink_to(data)
        self._sandbox = sandbox

    @property
    def available(self) -> frozenset[Effort]:
        """The five steps of one engine."""
        return EFFORTS

    @property
    def versions(self) -> tuple[str, ...]:
        """Engine and language data, with their sizes as the data has no version of its own."""
        return _versions(self._folder.name)

    def recognize(self, picture: bytes, effort: Effort, *, turn: int = 0) -> tuple[Reading, ...]:
        """Return the readings of one step, made in a child process."""
        if effort not in EFFORTS:
            return ()
        return self._sandbox.run(read, self._folder.name, picture, int(effort), turn)

    def ping(self) -> None:
        """Raise RecognizerFailed when no child can start and read."""
        self._sandbox.run(len, b"")

    def close(self) -> None:
        """Remove the folder of links to the language data."""
        self._folder.cleanup()


@lru_cache(maxsize=8)
def _versions(folder: str) -> tuple[str, ...]:
    data = sorted(Path(folder).glob("*.traineddata"))
    return (
        f"tesserocr {version('tesserocr')}",
        *(f"{one.stem} {one.resolve().stat().st_size}" for one in data),
    )
