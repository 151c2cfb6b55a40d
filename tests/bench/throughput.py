"""V2: pictures per second with two processes, against one."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import perf_counter

from kasa.adapters.conformance.pictures import plain_png
from kasa.adapters.images.drawing import DrawnSampleReceipts
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.tesseract.recognizer import TesseractRecognizer
from kasa.domain.payments.recognition import Effort
from tests.bench.harness import Figure, Limit, Measure, Side, Unit
from tests.bench.samples import sample

PICTURES = 6
PROCESSES = 2
BUSY = 0.6


def rate(processes: int, opened: ExitStack) -> Side:
    """Return a side that reads some pictures at once and answers how many a second."""
    pool = opened.enter_context(SandboxPool(processes=processes))
    recognizer = TesseractRecognizer(pool)
    opened.callback(recognizer.close)
    threads = opened.enter_context(ThreadPoolExecutor(processes))
    picture = DrawnSampleReceipts().draw(sample())
    list(threads.map(lambda _: recognizer.recognize(plain_png(), Effort.FIRST), range(processes)))

    def side() -> float:
        started = perf_counter()
        list(threads.map(lambda _: recognizer.recognize(picture, Effort.FIRST), range(PICTURES)))
        return PICTURES / (perf_counter() - started)

    return side


def hindered() -> str:
    """Say why two processes cannot be measured: too few cores, or others at work."""
    cores = os.cpu_count() or 1
    if cores < PROCESSES:
        return f"{cores} core, {PROCESSES} are needed"
    load = os.getloadavg()[0]
    if cores - load < PROCESSES - BUSY:
        return f"{PROCESSES} free cores are needed; of {cores} others use {load:.1f}"
    return ""


def figures(opened: ExitStack) -> Iterator[Figure]:
    """Yield V2."""
    yield Figure(
        id="V2",
        title="pictures a second, 2 processes",
        against="1 process",
        kasa=rate(PROCESSES, opened),
        baseline=rate(1, opened),
        gate=Limit(Measure.RATIO_OF_RATES, 1.6),
        goal=Limit(Measure.RATIO_OF_RATES, 1.9),
        unit=Unit.PER_SECOND,
        hindered=hindered,
    )
