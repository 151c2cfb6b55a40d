"""A shop to be loaded: when it opened, on which days its scenes play, what it counts."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

import attrs

from kasa.adapters.postgres.loading.places import Move
from kasa.adapters.postgres.loading.scenes import DAILY, Scene
from kasa.application.entitlements import usage_period_start
from kasa.domain.invoicing.numbering import DEFAULT_TEMPLATE
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD

SPAN_DAYS = 700
SHORTEST_SPAN_DAYS = 60
SCENE_DAYS = 5
EVERY_SECONDS = 300
"""Scenes of one day begin so far apart; of the largest shop at most 150 do, from 8 to 20:30."""
SALT_BITS, SALT_SHIFT = 42, 20


@attrs.frozen(kw_only=True)
class Cast:
    """What was rehearsed of one kind of shop: its opening, whole chapters, and single invoices."""

    head: Scene
    whole: tuple[Scene, ...]
    single: Scene


@attrs.define(kw_only=True, eq=False)
class Shop:
    """One shop while its rows are written: first ``head``, then ``scenes``, at last ``sums``.

    ``no`` is its number in the load, from which its names are counted, so that shops differ.
    """

    cast: Cast
    invoices: int
    today: date
    random: Random
    no: int = 0
    id: str = ""
    _opened: date = attrs.field(init=False)
    _span: int = attrs.field(init=False)
    _numbers: dict[tuple[str, int], int] = attrs.Factory(dict)
    _last_days: dict[tuple[str, int], date] = attrs.Factory(dict)
    _used: dict[tuple[str, date], int] = attrs.Factory(dict)
    _days: set[date] = attrs.Factory(set)
    _own: Mapping[str, str] = attrs.Factory(dict)
    _counted: int = 0

    def __attrs_post_init__(self) -> None:
        self._counted = self.no
        few = self.invoices < self.cast.whole[0].invoices * SHORTEST_SPAN_DAYS
        self._span = self.random.randint(SHORTEST_SPAN_DAYS, SPAN_DAYS) if few else SPAN_DAYS
        self._opened = self.today - timedelta(self._span + SCENE_DAYS)

    def head(self) -> dict[str, str]:
        """Return the rows of the opening, by table."""
        scene = self.cast.head
        move = self._move(scene, self._opened, 0)
        self._own = scene.identifiers(move)
        texts = scene.copy(move)
        self.id = texts["tenants"].partition("\t")[0]
        self._count(scene, self._opened)
        return texts

    def scenes(self) -> Iterator[tuple[Scene, dict[str, str]]]:
        """Yield each scene with its rows; the days rise, and none lies ahead of today."""
        whole, single = divmod(self.invoices, self.cast.whole[0].invoices)
        plan = [*self.random.choices(self.cast.whole, k=whole), *[self.cast.single] * single]
        for turn, scene in enumerate(plan):
            day = self._opened + timedelta(1 + turn * self._span // len(plan))
            before = self._days_before(turn, len(plan))
            texts = scene.copy(self._move(scene, day, EVERY_SECONDS * before))
            self._count(scene, day)
            if day in self._days:
                for table in DAILY:
                    texts.pop(table, None)
            self._days.add(day)
            yield scene, texts

    def sums(self) -> dict[str, str]:
        """Return the rows that count what was written."""
        used = (
            f"{self.id}\t{meter}\t{start}\t{count}\n"
            for (meter, start), count in sorted(self._used.items())
        )
        series = (
            f"{self.id}\t{name}\t{year}\t1\t{last + 1}\t{DEFAULT_TEMPLATE}\t"
            f"{self._last_days[name, year]}\n"
            for (name, year), last in sorted(self._numbers.items())
        )
        return {"usage_counters": "".join(used), "number_series": "".join(series)}

    def _days_before(self, turn: int, turns: int) -> int:
        """Return how many scenes began on the same day before."""
        first = -(-(turn * self._span // turns) * turns // self._span)
        return turn - first

    def _move(self, scene: Scene, day: date, seconds: int) -> Move:
        return Move(
            days=(day - scene.first_day).days,
            seconds=seconds,
            salt=self.random.getrandbits(SALT_BITS) << SALT_SHIFT,
            year=day.year,
            numbers={name: self._numbers.get((name, day.year), 0) for name in scene.values.given},
            counted=self._counted,
            own=self._own,
        )

    def _count(self, scene: Scene, day: date) -> None:
        self._counted += scene.values.counted
        for name, given in scene.given.items():
            self._numbers[name, day.year] = self._numbers.get((name, day.year), 0) + given
            self._last_days[name, day.year] = day
        for (meter, anew), used in scene.used.items():
            start = usage_period_start(self._opened, day) if anew else CAPACITY_PERIOD
            self._used[meter, start] = self._used.get((meter, start), 0) + used
