"""Figures of starting: what an import costs."""

import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from tests.bench.harness import Figure, Limit, Measure, Side

REPEATS = 3


def _fresh(statement: str) -> Side:
    def side() -> float:
        started = perf_counter()
        for _ in range(REPEATS):
            subprocess.run([sys.executable, "-c", statement], check=True)
        return (perf_counter() - started) / REPEATS

    return side


def figures() -> Iterator[Figure]:
    """Yield the figures of starting."""
    yield Figure(
        id="S1",
        title="import kasa",
        against="python -c pass",
        kasa=_fresh("import kasa"),
        baseline=_fresh("pass"),
        gate=Limit(Measure.DIFFERENCE, 0.080),
        goal=Limit(Measure.RATIO, 1.5),
    )
    yield Figure(
        id="S2",
        title="import kasa.application.kasa",
        against="import attrs",
        kasa=_fresh("import kasa.application.kasa"),
        baseline=_fresh("import attrs"),
        gate=Limit(Measure.RATIO, 8),
        goal=Limit(Measure.RATIO, 5),
    )
