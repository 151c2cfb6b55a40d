"""Figures of speed as ratios against a baseline that is measured in the same run.

Both sides of a figure run alternately, in an order shuffled by the printed seed. The result is the
median of the per-round ratios. The baseline runs twice in each round: their spread is the noise.
"""

from collections.abc import Callable
from enum import StrEnum
from random import Random
from statistics import median

import attrs

NOISE_MAX = 0.10
NOISY_FACTOR = 1.5
ROUNDS = 5

Side = Callable[[], float]
"""Runs its work once and returns the seconds that one unit of it took."""


class Measure(StrEnum):
    """What a limit holds down."""

    RATIO = "ratio"
    SECONDS = "seconds"
    DIFFERENCE = "difference"


@attrs.frozen
class Limit:
    """A gate fails the run; a goal is what is built for and is printed beside it."""

    measure: Measure
    most: float

    @property
    def text(self) -> str:
        """How the table shows it."""
        if self.measure is Measure.RATIO:
            return f"≤ {self.most:g}×"
        return f"≤ {self.most * 1000:g} ms"


@attrs.frozen(kw_only=True)
class Figure:
    """One row of the table: what is measured, against what, and what it may cost."""

    id: str
    title: str
    against: str
    kasa: Side
    baseline: Side
    gate: Limit | None = None
    goal: Limit | None = None


@attrs.frozen(kw_only=True)
class Result:
    """The medians of a figure, the range of its ratios, its noise and what follows."""

    figure: Figure
    kasa: float
    baseline: float
    ratios: tuple[float, ...]
    noise: float

    @property
    def ratio(self) -> float:
        """The median of the per-round ratios."""
        return median(self.ratios)

    def value(self, limit: Limit) -> float:
        """Return what a limit of this figure holds down."""
        return {
            Measure.RATIO: self.ratio,
            Measure.SECONDS: self.kasa,
            Measure.DIFFERENCE: self.kasa - self.baseline,
        }[limit.measure]

    def keeps(self, limit: Limit | None, *, slack: float = 1.0) -> bool:
        """Tell whether a limit is kept, with some slack."""
        return limit is None or self.value(limit) <= limit.most * slack

    @property
    def verdict(self) -> str:
        """Say ``ok``, ``goal_missed``, ``noisy`` or ``failed``."""
        noisy = self.noise > NOISE_MAX
        if not self.keeps(self.figure.gate, slack=NOISY_FACTOR if noisy else 1.0):
            return "failed"
        if not self.keeps(self.figure.gate):
            return "noisy"
        return "ok" if self.keeps(self.figure.goal) else "goal_missed"


def measure(figure: Figure, *, rounds: int, random: Random) -> Result:
    """Measure a figure: a warm-up, then its sides in shuffled order."""
    figure.baseline()
    figure.kasa()
    took: dict[str, list[float]] = {"kasa": [], "baseline": [], "again": []}
    sides = {"kasa": figure.kasa, "baseline": figure.baseline, "again": figure.baseline}
    for _ in range(rounds):
        for name in random.sample(list(sides), len(sides)):
            took[name].append(sides[name]())
    pairs = zip(took["baseline"], took["again"], strict=True)
    means = [(first + second) / 2 for first, second in pairs]
    return Result(
        figure=figure,
        kasa=median(took["kasa"]),
        baseline=median(means),
        ratios=tuple(own / mean for own, mean in zip(took["kasa"], means, strict=True)),
        noise=abs(1 - median(took["again"]) / median(took["baseline"])),
    )
