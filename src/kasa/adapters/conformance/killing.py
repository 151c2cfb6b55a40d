"""A process that dies: any port, wrapped so that it ends at the n-th step of what is done to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from kasa.application.ports.bundle import Ports


class Killed(BaseException):
    """The process ended here; no use case catches this."""


class Killer:
    """Counts steps and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        """Take one step, or die."""
        self.left -= 1
        if self.left == 0:
            raise Killed


class Stepping:
    """A port whose calls are two steps each: one before it acts, one after it has.

    A unit of work has a step before it is opened, one before its end, and one after its commit.
    """

    def __init__(self, port: Any, killer: Killer) -> None:
        self._port = port
        self._killer = killer

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Open a unit of work."""
        return self._opened(lambda: self._port(*arguments, **options))

    def __getattr__(self, name: str) -> Any:
        """Return a method of the port, in steps."""
        found = getattr(self._port, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if name in {"read_only", "platform"}:
                return self._opened(lambda: found(*arguments, **options))
            self._killer.step()
            made = found(*arguments, **options)
            self._killer.step()
            return made

        return call

    @contextmanager
    def _opened(self, opens: Callable[[], Any]) -> Iterator[Any]:
        self._killer.step()
        with opens() as work:
            yield work
            self._killer.step()
        self._killer.step()


def mortal(ports: Ports, killer: Killer) -> Ports:
    """Return ports that die at a step of storage, queue or database."""
    return attrs.evolve(
        ports,
        unit_of_work=Stepping(ports.unit_of_work, killer),
        worker=Stepping(ports.worker, killer),
        storage=Stepping(ports.storage, killer),
    )
