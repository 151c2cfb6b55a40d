"""What goes wrong, and where: one planned fault a step, struck at a drawn place of the code."""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from random import Random

import attrs

from kasa.domain.kernel.errors import Unavailable


class Crash(BaseException):
    """The process died here; nothing of it runs any more, not even what would tidy up."""


class Lost(Unavailable):
    """The world, or the database, could not be reached."""

    code = "simulation.lost"


class Point(StrEnum):
    """Where a fault may strike."""

    OPENING = "opening a unit of work"
    STORE = "a statement of a store"
    COMMIT = "just before a commit"
    COMMITTED = "just after a commit"
    CALLING = "calling the world"
    CALLED = "the world has answered"


class Fault(StrEnum):
    """What strikes."""

    CRASH = "crash"
    CUT = "cut"
    FORGOTTEN = "forgotten"
    AWAY = "away"
    UNCLEAR = "unclear"
    SLOW = "slow"
    MEANWHILE = "meanwhile"


OUTSIDE = frozenset({Point.OPENING, Point.CALLING, Point.CALLED})
"""Places where no unit of work is open."""

PLACES: dict[Fault, frozenset[Point]] = {
    Fault.CRASH: frozenset(Point),
    Fault.CUT: frozenset({Point.STORE}),
    Fault.FORGOTTEN: frozenset({Point.COMMITTED}),
    Fault.AWAY: frozenset({Point.OPENING, Point.CALLING}),
    Fault.UNCLEAR: frozenset({Point.CALLED}),
    Fault.SLOW: OUTSIDE,
    Fault.MEANWHILE: OUTSIDE,
}
"""``cut``: the connection is gone in a unit of work. ``forgotten``: a commit's answer is lost.

``unclear``: the world did it and its answer is lost. ``meanwhile``: somebody else does something.
"""

REACH = {Fault.CRASH: 9, Fault.CUT: 9}
"""How many places a fault may let pass before it strikes; two where nothing is said."""


@attrs.define
class Plan:
    """The fault that a step will meet, after so many places that it could strike at."""

    fault: Fault
    left: int


@attrs.define(kw_only=True)
class Faults:
    """Strikes what was planned; the world says how to cut, to wait, and what happens meanwhile."""

    cut: Callable[[], bool] = lambda: False
    wait: Callable[[], None] = lambda: None
    meanwhile: Callable[[], None] = lambda: None
    calmed: Callable[[], None] = lambda: None
    struck: Counter[tuple[Fault, Point]] = attrs.Factory(Counter)
    plan: Plan | None = None
    dead: bool = False
    last: str = ""
    down: set[str] = attrs.Factory(set)

    def draw(self, random: Random, chances: dict[Fault, int], *, none: int) -> None:
        """Plan a fault for the next step, or none, by weights."""
        self.last = ""
        kinds: list[Fault | None] = [None, *chances]
        (fault,) = random.choices(kinds, weights=[none, *chances.values()])
        self.plan = None if fault is None else Plan(fault, random.randint(1, REACH.get(fault, 2)))

    def calm(self) -> None:
        """Let nothing go wrong from here on; a process that died was started again."""
        self.plan, self.dead = None, False
        self.calmed()

    def reach(self, point: Point, name: str = "") -> None:
        """Strike here when it is this place's turn; what is ``down`` cannot be reached."""
        if self.dead:
            raise Crash
        if name in self.down:
            raise Lost
        plan = self.plan
        if plan is None or point not in PLACES[plan.fault]:
            return
        plan.left -= 1
        if plan.left == 0:
            self.plan = None
            self.struck[plan.fault, point] += 1
            self.last = f"{plan.fault}: {point}"
            self._strike(plan.fault)

    def _strike(self, fault: Fault) -> None:
        if fault is Fault.CRASH:
            self.dead = True
            raise Crash
        if fault is Fault.SLOW:
            self.wait()
        elif fault is Fault.MEANWHILE:
            self.meanwhile()
        elif fault is not Fault.CUT or not self.cut():
            raise Lost
