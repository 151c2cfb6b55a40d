"""Records what is asked of every store, so that a stranger may ask the very same."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import attrs

from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.application.ports.jobs import Job
from kasa.application.ports.work import PlatformWork, ReadOnly, Scope, UnitOfWork
from kasa.domain.identity.access import PlatformActor
from tests.integration.conftest import rows_of

Method = tuple[str, str, str]
"""The kind of a unit of work, the name of a store in it, the name of a method."""

CALLS_KEPT = 3
INTERNAL = {("events", "append"), ("events", "answer")}
"""What the factory of units of work calls at their end."""


class Undone(Exception):
    """What ends a unit of work that shall leave nothing."""


def without_claims(work: UnitOfWork | ReadOnly) -> None:
    """Let things be saved that were not locked before, as a bug might."""
    vars(rows_of(work))["require_claim"] = _allow


def _allow(*_: object) -> None:
    """Require nothing."""


@attrs.frozen
class Call:
    """One call of a method of a store."""

    method: Method
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]

    def on(self, work: object) -> Any:
        """Return what the same call answers in another unit of work."""
        _, store, method = self.method
        answer = getattr(getattr(work, store), method)(*self.arguments, **self.options)
        return tuple(answer) if isinstance(answer, Iterator) else answer


def methods_of(work: object) -> set[Method]:
    """Return every public method of every store of a unit of work, found by looking."""
    return {
        (type(work).__name__, name, method)
        for name, store in vars(work).items()
        if not name.startswith("_")
        for method in dir(store)
        if not method.startswith("_") and callable(getattr(store, method))
        if (name, method) not in INTERNAL
    }


class _Spy:
    def __init__(self, store: object, note: Callable[[str, tuple[Any, ...], Any], None]) -> None:
        self._store = store
        self._note = note

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name.startswith("_") or not callable(found):
            return found

        def noted(*arguments: Any, **options: Any) -> Any:
            self._note(name, arguments, options)
            return found(*arguments, **options)

        return noted


@attrs.define
class Recording:
    """Units of work that remember how their stores were called, the last times of each method."""

    inner: PostgresUnitOfWorkFactory
    kept: dict[Method, deque[Call]] = attrs.field(factory=dict)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, by method."""
        return tuple(call for calls in self.kept.values() for call in calls)

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work."""
        return self._watched(self.inner(scope))

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view."""
        return self._watched(self.inner.read_only(scope, snapshot=snapshot))

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant; it has no tenant's rows."""
        return self.inner.platform(scope)

    @contextmanager
    def _watched(self, opened: AbstractContextManager[Any]) -> Iterator[Any]:
        with opened as work:
            kind = type(work).__name__
            for name, store in list(vars(work).items()):
                if not name.startswith("_"):
                    setattr(work, name, _Spy(store, self._noting(kind, name)))
            yield work

    def _noting(self, kind: str, name: str) -> Callable[[str, tuple[Any, ...], Any], None]:
        def note(method: str, arguments: tuple[Any, ...], options: Any) -> None:
            key = (kind, name, method)
            kept = self.kept.setdefault(key, deque(maxlen=CALLS_KEPT))
            kept.append(Call(key, arguments, options))

        return note
