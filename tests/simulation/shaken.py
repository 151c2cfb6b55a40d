"""Ports that reach for the next fault: every unit of work, every store, all of the world."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

import attrs

from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job
from kasa.application.ports.work import (
    PlatformWork,
    ReadOnly,
    Scope,
    UnitOfWork,
    UnitOfWorkFactory,
)
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.errors import Unavailable
from kasa.domain.kernel.ids import TenantId
from kasa.domain.payments.bank_reply import CannotTell, CannotTellKind
from tests.simulation.faults import Faults, Point


class _Calls:
    """Something whose every call reaches a place first, and perhaps another one afterwards."""

    def __init__(self, inner: Any, faults: Faults, *points: Point, name: str = "") -> None:
        self._inner, self._faults, self._points, self._name = inner, faults, points, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            self._faults.reach(self._points[0], self._name)
            answer = found(*given, **named)
            for point in self._points[1:]:
                self._faults.reach(point)
            return answer

        return call


class _Stores:
    """A unit of work whose stores reach for faults, and whose answer is remembered."""

    def __init__(self, inner: Any, faults: Faults, answered: Callable[[Any], None]) -> None:
        self._inner, self._faults, self._answered = inner, faults, answered

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in {"tenant", "author"}:
            return found
        return _Calls(found, self._faults, Point.STORE)

    def answer(self, value: Any) -> Any:
        """Hand the answer on, and keep it to compare with what is told later."""
        self._faults.reach(Point.STORE)
        self._answered(value)
        return self._inner.answer(value)


@attrs.define
class Commits:
    """What was committed under each key, and how often a shop's books were changed at all."""

    of: Counter[TenantId] = attrs.Factory(Counter)
    keyed: Counter[str] = attrs.Factory(Counter)
    answers: dict[str, Any] = attrs.Factory(dict)


@attrs.define
class ShakenWorks:
    """Opens the units of work of another factory, and reaches for faults around them."""

    inner: UnitOfWorkFactory
    faults: Faults
    commits: Commits

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""
        return self._open(scope)

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view."""
        return self._view(scope, snapshot=snapshot)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        self.faults.reach(Point.OPENING)
        return self.inner.platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        self.faults.reach(Point.OPENING)
        key = scope.idempotency.value if scope.idempotency else ""
        said: list[Any] = []
        with self.inner(scope) as work:
            yield cast(UnitOfWork, _Stores(work, self.faults, said.append))
            self.faults.reach(Point.COMMIT)
        self.commits.of[scope.tenant] += 1
        if key:
            self.commits.keyed[key] += 1
            self.commits.answers[key] = said[-1] if said else None
        self.faults.reach(Point.COMMITTED)

    @contextmanager
    def _view(self, scope: Scope, *, snapshot: bool) -> Iterator[ReadOnly]:
        self.faults.reach(Point.OPENING)
        with self.inner.read_only(scope, snapshot=snapshot) as view:
            yield cast(ReadOnly, _Stores(view, self.faults, lambda _: None))


class _Bank(_Calls):
    """A bank that cannot be reached is an answer, not an error."""

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            try:
                return found(*given, **named)
            except Unavailable:
                return CannotTell(kind=CannotTellKind.OUTAGE)

        return call


def shaken(ports: Ports, faults: Faults, commits: Commits) -> Ports:
    """Return the ports, each of which a fault may strike."""
    around = (Point.CALLING, Point.CALLED)
    outside = {
        name: cast(Any, _Calls(getattr(ports, name), faults, *around, name=name))
        for name in ("storage", "images", "codes", "recognizer", "printer")
    }
    return attrs.evolve(
        ports,
        unit_of_work=ShakenWorks(ports.unit_of_work, faults, commits),
        bank=cast(Any, _Bank(ports.bank, faults, *around, name="bank")),
        **outside,
    )
