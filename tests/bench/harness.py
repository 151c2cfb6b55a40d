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
"""Runs its work once and returns what one unit of it took, in the unit of the figure."""


class Unit(StrEnum):
    """What the sides of a figure answer."""

    SECONDS = "ms"
    MEBIBYTES = "MiB"
    PER_SECOND = "/s"

    def text(self, value: float) -> str:
        """Return a value as the table shows it."""
        if self is Unit.PER_SECOND:
            return f"{value:.3g}/s"
        return f"{value * (1000 if self is Unit.SECONDS else 1):.3g} {self.value}"


class Measure(StrEnum):
    """What a limit holds down, or up: a rate is better when it is higher."""

    RATIO = "ratio"
    RATIO_OF_RATES = "ratio of rates"
    SECONDS = "seconds"
    DIFFERENCE = "difference"


@attrs.frozen
class Limit:
    """A gate fails the run; a goal is what is built for and is printed beside it."""

    measure: Measure
    most: float
    unit: Unit = Unit.SECONDS

    @property
    def text(self) -> str:
        """How the table shows it."""
        if self.measure is Measure.RATIO_OF_RATES:
            return f"≥ {self.most:g}×"
        if self.measure is Measure.RATIO:
            return f"≤ {self.most:g}×"
        more = "+" if self.measure is Measure.DIFFERENCE else ""
        return f"≤ {more}{self.unit.text(self.most)}"

    def is_kept_by(self, value: float, slack: float) -> bool:
        """Tell whether a value keeps the limit, with some slack for noise."""
        if self.measure is Measure.RATIO_OF_RATES:
            return value * slack >= self.most
        return value <= self.most * slack


@attrs.frozen(kw_only=True)
class Figure:
    """One row of the table: what is measured, against what, and what it may cost.

    ``hindered`` says why it cannot be measured here and now, or nothing.
    """

    id: str
    title: str
    against: str
    kasa: Side
    baseline: Side
    gate: Limit | None = None
    goal: Limit | None = None
    unit: Unit = Unit.SECONDS
    hindered: Callable[[], str] = str


@attrs.frozen(kw_only=True)
class Result:
    """The medians of a figure, the range of its ratios, its noise and what follows.

    ``why`` says why it could not be measured; then it has no figures and counts as nothing.
    """

    figure: Figure
    kasa: float
    baseline: float
    ratios: tuple[float, ...]
    noise: float
    why: str = ""

    @property
    def ratio(self) -> float:
        """The median of the per-round ratios."""
        return median(self.ratios)

    def value(self, limit: Limit) -> float:
        """Return what a limit of this figure holds down."""
        return {
            Measure.RATIO: self.ratio,
            Measure.RATIO_OF_RATES: self.ratio,
            Measure.SECONDS: self.kasa,
            Measure.DIFFERENCE: self.kasa - self.baseline,
        }[limit.measure]

    def keeps(self, limit: Limit | None, *, slack: float = 1.0) -> bool:
        """Tell whether a limit is kept, with some slack."""
        return limit is None or limit.is_kept_by(self.value(limit), slack)

    @property
    def verdict(self) -> str:
        """Say ``ok``, ``goal_missed``, ``noisy``, ``failed`` or ``not_measured``."""
        if self.why:
            return "not_measured"
        noisy = self.noise > NOISE_MAX
        if not self.keeps(self.figure.gate, slack=NOISY_FACTOR if noisy else 1.0):
            return "failed"
        if not self.keeps(self.figure.gate):
            return "noisy"
        return "ok" if self.keeps(self.figure.goal) else "goal_missed"


def measure(figure: Figure, *, rounds: int, random: Random) -> Result:
    """Measure a figure: a warm-up, then its sides in shuffled order.

    A side that is hindered, as by other work on the machine, is not measured at all.
    """
    if why := figure.hindered():
        return Result(figure=figure, kasa=0, baseline=0, ratios=(0,), noise=0, why=why)
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
