"""Tables in dictionaries: frozen rows, copied when first written, swapped in at the commit."""

from collections.abc import Iterable, Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar, cast

import attrs

from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")
Rows = Mapping[str, dict[Any, Any]]
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@attrs.frozen
class Table(Generic[KeyT, RowT]):
    """The name of one table, typed by its key and its frozen rows.

    ``rank`` is its place in the order of locks, if its rows are locked at all.
    """

    name: str
    rank: LockRank | None = None


class Readable(Protocol):
    """What a view or a store reads from: the tables of one tenant at one moment."""

    @property
    def tenant(self) -> TenantId:
        """Whose tables these are."""

    def read(self, table: Table[KeyT, RowT]) -> Mapping[KeyT, RowT]:
        """Return a table, in the order in which its rows were added."""


class Snapshot:
    """The committed tables of one tenant, as a view sees them."""

    def __init__(self, tenant: TenantId, rows: Rows) -> None:
        self.tenant = tenant
        self._rows = rows

    def names(self) -> tuple[str, ...]:
        """Return the tables that were ever written, sorted."""
        return tuple(sorted(self._rows))

    def read(self, table: Table[KeyT, RowT]) -> Mapping[KeyT, RowT]:
        """Return a table, in the order in which its rows were added."""
        return MappingProxyType(self._rows.get(table.name, _NOTHING))


class Working:
    """The tables of one tenant inside a unit of work."""

    def __init__(self, tenant: TenantId, rows: Rows) -> None:
        self.tenant = tenant
        self._before = rows
        self._written: dict[str, dict[Any, Any]] = {}
        self._locked: set[tuple[str, Any]] = set()
        self._rank = LockRank.PAYMENTS

    def read(self, table: Table[KeyT, RowT]) -> Mapping[KeyT, RowT]:
        """Return a table with the changes of this unit of work."""
        rows = self._written if table.name in self._written else self._before
        return MappingProxyType(rows.get(table.name, _NOTHING))

    def write(self, table: Table[KeyT, RowT]) -> dict[KeyT, RowT]:
        """Return a table to change; nobody else sees it before the commit."""
        if table.name not in self._written:
            self._written[table.name] = dict(self._before.get(table.name, _NOTHING))
        return cast(dict[KeyT, RowT], self._written[table.name])

    def get(self, table: Table[KeyT, RowT], key: KeyT) -> RowT:
        """Return a row, or raise NotFound."""
        row = self.read(table).get(key)
        if row is None:
            raise NotFound
        return row

    def lock(self, table: Table[KeyT, RowT], key: KeyT) -> RowT:
        """Return a row that may be saved afterwards, or raise NotFound.

        The unit of work holds the whole tenant, so this only checks that kinds are locked in
        their order; the reverse would be a deadlock in a database.
        """
        row = self.get(table, key)
        self.claim(table, [key])
        return row

    def claim(self, table: Table[KeyT, Any], keys: Iterable[KeyT]) -> None:
        """Note that rows are locked, which need not exist yet, and check the order of kinds."""
        wanted = {(table.name, key) for key in keys}
        if wanted <= self._locked:
            return
        if table.rank is not None:
            if table.rank < self._rank:
                raise RuntimeError(f"{table.name} is locked after {self._rank.name.lower()}")
            self._rank = table.rank
        self._locked |= wanted

    def add(self, table: Table[KeyT, RowT], key: KeyT, row: RowT) -> None:
        """Store a new row; a second one under the same key is a bug."""
        rows = self.write(table)
        if key in rows:
            raise RuntimeError(f"{table.name} has this row already")
        rows[key] = row
        self._locked.add((table.name, key))

    def save(self, table: Table[KeyT, RowT], key: KeyT, row: RowT) -> None:
        """Store a row that was locked or added in this unit of work; any other is a bug."""
        if (table.name, key) not in self._locked:
            raise RuntimeError(f"{table.name}: a row is locked before it is saved")
        self.write(table)[key] = row

    def after(self) -> Rows:
        """Return the tables as they are when the unit of work commits."""
        return {**self._before, **self._written}


class Database:
    """The committed tables of every tenant, and the locks that keep writers apart."""

    def __init__(self) -> None:
        self.mutex = Lock()
        self.rows: dict[TenantId, Rows] = {}
        self.seen_before: set[Any] = set()
        self.keys_in_use: set[tuple[TenantId, Any]] = set()
        self._writers: dict[TenantId, Lock] = {}

    def writer(self, tenant: TenantId) -> Lock:
        """Return the lock that a unit of work of a tenant holds from start to end."""
        with self.mutex:
            return self._writers.setdefault(tenant, Lock())

    def snapshot(self, tenant: TenantId) -> Snapshot:
        """Return the tables of a tenant as they are committed now."""
        return Snapshot(tenant, self.rows.get(tenant, {}))

    def working(self, tenant: TenantId) -> Working:
        """Return the tables of a tenant to change; the caller holds its writer lock."""
        return Working(tenant, self.rows.get(tenant, {}))
