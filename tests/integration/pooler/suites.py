"""The suites of the folder ``postgres`` once more, word for word, through PgBouncer.

What has the mark ``direct`` is left out: it looks at the server, the pool or the catalogue itself,
or draws many orders of acts. A new module of that folder is taken by itself.
"""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SUITES = Path(__file__).parent.parent / "postgres"
MARKS = (pytest.mark.deep, pytest.mark.pooler, pytest.mark.G1)


class Suites(pytest.File):
    """Every module of the folder ``postgres``, as if it stood here."""

    def collect(self) -> Iterator[pytest.Module]:
        """Return the modules."""
        for path in sorted(SUITES.glob("test_*.py")):
            where = self.nodeid.replace(Path(__file__).name, path.name)
            module = PooledModule.from_parent(self, path=path, nodeid=where)
            for mark in MARKS:
                module.add_marker(mark)
            yield module


class PooledModule(pytest.Module):
    """A module whose tests and fixtures belong to this folder."""

    def _getobj(self) -> ModuleType:
        """Return a copy, because fixtures are looked for in an object once."""
        found = super()._getobj()  # type: ignore[no-untyped-call]  # pytest says no type
        copy = ModuleType(found.__name__, found.__doc__)
        vars(copy).update(vars(found))
        return copy
