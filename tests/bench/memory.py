"""M1, M2: what a child holds at most after reading, against a bare interpreter."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from kasa.adapters.images.drawing import DrawnSampleReceipts
from kasa.adapters.rapidocr.recognizer import RapidocrRecognizer, packaged_models, second_pool
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.tesseract.recognizer import TesseractRecognizer
from kasa.application.ports.recognizer import TextRecognizer
from kasa.domain.payments.recognition import Effort
from tests.bench.harness import Figure, Limit, Measure, Side, Unit
from tests.bench.samples import sample

KIBIBYTES = 1024
PICTURES = 3


def peak() -> int:
    """Return the most memory that this process ever held, in KiB; runs in a child.

    The kernel's own resource figure would begin with what the parent held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def bare() -> float:
    """Return the MiB of a child that did nothing."""
    with SandboxPool() as pool:
        return pool.run(peak) / KIBIBYTES


def after_reading(pool: SandboxPool, recognizer: TextRecognizer, effort: Effort) -> Side:
    """Return a side that reads some pictures and answers the MiB that its child held at most."""
    picture = DrawnSampleReceipts().draw(sample())

    def side() -> float:
        for _ in range(PICTURES):
            recognizer.recognize(picture, effort)
        return pool.run(peak) / KIBIBYTES

    return side


def figures(opened: ExitStack) -> Iterator[Figure]:
    """Yield the memory of a child of each engine."""
    pool = opened.enter_context(SandboxPool())
    recognizer = TesseractRecognizer(pool)
    opened.callback(recognizer.close)
    yield Figure(
        id="M1",
        title="memory of a reading child",
        against="a bare child",
        kasa=after_reading(pool, recognizer, Effort.FIRST),
        baseline=bare,
        gate=Limit(Measure.DIFFERENCE, 130, Unit.MEBIBYTES),
        goal=Limit(Measure.DIFFERENCE, 75, Unit.MEBIBYTES),
        unit=Unit.MEBIBYTES,
    )
    if packaged_models() is None:
        return
    second = opened.enter_context(second_pool())
    yield Figure(
        id="M2",
        title="memory of the second engine's child",
        against="a bare child",
        kasa=after_reading(second, RapidocrRecognizer(second), Effort.SECOND_ENGINE),
        baseline=bare,
        gate=Limit(Measure.DIFFERENCE, 800, Unit.MEBIBYTES),
        goal=Limit(Measure.DIFFERENCE, 720, Unit.MEBIBYTES),
        unit=Unit.MEBIBYTES,
    )
