"""What stores and views run their statements with: one tenant's open transaction.

Every statement names its tenant condition itself, ``tenant_id = :tenant``, and the connection
puts the tenant in; row security is the second wall behind it.

Statements are SQLAlchemy's texts, constants of their stores, so each is compiled once; it goes
straight to a cursor of the driver, which costs a third of sending it through SQLAlchemy.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import TextClause, make_url

from kasa.adapters.postgres.constraints import statement_name, translated
from kasa.application.ports.credentials import SecretBox
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId

Row = Mapping[str, Any]
Driver = psycopg.Connection[Any]

STATEMENTS = 1_024
STREAMED_ROWS = 500
_DIALECT = make_url("postgresql+psycopg://").get_dialect()()


class TenantConnection:
    """Runs statements in one tenant's transaction and gives refusals their meaning.

    ``author`` is named in the log when the database refuses a statement; ``box`` seals answers
    that hold a secret.
    """

    def __init__(self, driver: Driver, tenant: TenantId, box: SecretBox | None = None) -> None:
        self.tenant = tenant
        self.box = box
        self.author: UUID | None = None
        self._driver = driver
        self._cursor = driver.cursor(row_factory=dict_row)
        self._rank = LockRank.PAYMENTS
        self._claimed: set[tuple[LockRank, Hashable]] = set()

    def all(self, statement: TextClause, **values: Any) -> Sequence[Row]:
        """Return every row of a statement."""
        return self._run(statement, values).fetchall()

    def first(self, statement: TextClause, **values: Any) -> Row | None:
        """Return the first row of a statement, or None."""
        return self._run(statement, values).fetchone()

    def get(self, statement: TextClause, **values: Any) -> Row:
        """Return the first row of a statement, or raise NotFound."""
        row = self.first(statement, **values)
        if row is None:
            raise NotFound
        return row

    def scalar(self, statement: TextClause, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.first(statement, **values)
        return None if row is None else next(iter(row.values()))

    def stream(self, statement: TextClause, **values: Any) -> Iterator[Row]:
        """Yield the rows of a statement from a cursor of the server, some hundred at a time."""
        try:
            with self._driver.cursor(name=uuid4().hex, row_factory=dict_row) as cursor:
                cursor.itersize = STREAMED_ROWS
                cursor.execute(_text(statement), {**values, "tenant": self.tenant})
                yield from cursor
        except psycopg.Error as error:
            raise self._meaning(error, statement) from None

    def write(self, statement: TextClause, **values: Any) -> int:
        """Run a statement and return how many rows it wrote."""
        return self._run(statement, values).rowcount

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

    def _run(self, statement: TextClause, values: dict[str, Any]) -> psycopg.Cursor[dict[str, Any]]:
        values["tenant"] = self.tenant
        try:
            return self._cursor.execute(_text(statement), values)
        except psycopg.Error as error:
            raise self._meaning(error, statement) from None

    def _meaning(self, error: psycopg.Error, statement: TextClause) -> Exception:
        told = {"statement": statement_name(statement.text), "tenant": str(self.tenant)}
        return translated(error, **told, by=self.author and str(self.author))


@lru_cache(maxsize=STATEMENTS)
def _text(statement: TextClause) -> bytes:
    """Return a statement as the driver sends it."""
    return statement.compile(dialect=_DIALECT).string.encode()
