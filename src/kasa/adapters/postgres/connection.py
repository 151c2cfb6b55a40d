"""What stores and views run their statements with: one tenant's open transaction.

Every statement names its tenant condition itself, ``tenant_id = :tenant``, and the connection
puts the tenant in; row security is the second wall behind it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import Executable, RowMapping, Uuid, bindparam

from kasa.adapters.postgres.constraints import translated
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

TENANT = bindparam("tenant", type_=Uuid())
"""The tenant in Core statements: ``.where(tenants.c.tenant_id == TENANT)``."""

Row = RowMapping


class TenantConnection:
    """Runs statements in one tenant's transaction and gives refusals their meaning."""

    def __init__(self, connection: sqlalchemy.Connection, tenant: TenantId) -> None:
        self.tenant = tenant
        self._connection = connection
        self._rank = LockRank.PAYMENTS
        self._claimed: set[tuple[LockRank, Hashable]] = set()

    def all(self, statement: Executable, **values: Any) -> Sequence[Row]:
        """Return every row of a statement."""
        return self._run(statement, values).mappings().all()

    def first(self, statement: Executable, **values: Any) -> Row | None:
        """Return the first row of a statement, or None."""
        return self._run(statement, values).mappings().first()

    def get(self, statement: Executable, **values: Any) -> Row:
        """Return the first row of a statement, or raise NotFound."""
        row = self.first(statement, **values)
        if row is None:
            raise NotFound
        return row

    def scalar(self, statement: Executable, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        return self._run(statement, values).scalar()

    def write(self, statement: Executable, **values: Any) -> int:
        """Run a statement and return how many rows it wrote."""
        return self._run(statement, values).rowcount

    def write_all(self, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a statement once for each row of values, in one round trip; nothing for none."""
        values = [{"tenant": self.tenant, **row} for row in rows]
        if values:
            self._execute(statement, values)

    def claim(self, rank: LockRank, *keys: Hashable) -> None:
        """Note that rows of a kind are locked now, and check the order of kinds.

        The reverse order would be a deadlock of two units of work, so it is a bug.
        """
        wanted: set[tuple[LockRank, Hashable]] = {(rank, key) for key in keys}
        if wanted <= self._claimed:
            return
        if rank < self._rank:
            raise RuntimeError(f"{rank.name.lower()} locked after {self._rank.name.lower()}")
        self._rank = rank
        self._claimed |= wanted

    def added(self, rank: LockRank, key: Hashable) -> None:
        """Note a row that was inserted under a fresh identifier; nobody else can wait for it."""
        self._claimed.add((rank, key))

    def require_claim(self, rank: LockRank, key: Hashable) -> None:
        """Return when a row was locked or added in this transaction; else it is a bug."""
        if (rank, key) not in self._claimed:
            raise RuntimeError(f"{rank.name.lower()}: a row is locked before it is saved")

    def _run(
        self, statement: Executable, values: Mapping[str, Any]
    ) -> sqlalchemy.CursorResult[Any]:
        return self._execute(statement, {"tenant": self.tenant, **values})

    def _execute(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> sqlalchemy.CursorResult[Any]:
        try:
            return self._connection.execute(statement, values)
        except sqlalchemy.exc.DBAPIError as error:
            meaning = translated(error, type(statement).__name__)
            if meaning is error:
                raise
            raise meaning from error
