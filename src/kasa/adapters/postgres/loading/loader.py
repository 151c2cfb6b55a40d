"""Writes shops into the database by COPY, as the owner: all of a shop or nothing of it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from random import Random
from typing import Any

import attrs
import psycopg
from psycopg import sql

from kasa.adapters.postgres.loading.scenes import tables_in_order
from kasa.adapters.postgres.loading.shops import Cast, Shop
from kasa.adapters.postgres.loading.sizes import sizes
from kasa.adapters.postgres.upgrade import refuse_weak

BATCH = 1_000
"""So many invoices are held in memory before they are written."""
_SHOPS = "SELECT count(*) FROM kasa.tenants"
_LINES = "ALTER TABLE kasa.invoice_lines {} TRIGGER keep_issued_lines"
_SEEN = """
SELECT platform.reference_seen(array_agg(scheme || ':' || value)) FROM kasa.payment_references
WHERE tenant_id = ANY(%s)
"""


@attrs.frozen(kw_only=True)
class Loaded:
    """What was loaded: rows and seconds by table, and how long all of it took."""

    tenants: int
    invoices: int
    rows: Mapping[str, int]
    seconds: Mapping[str, float]
    took: float


@attrs.define(eq=False)
class Loader:
    """Holds rows until they are many, then has them written; a shop is committed when it is whole.

    ``writer`` is one thread: while it waits for the database the next rows are made.
    """

    connection: psycopg.Connection[Any]
    order: Sequence[str]
    writer: ThreadPoolExecutor
    rows: dict[str, int] = attrs.Factory(dict)
    seconds: dict[str, float] = attrs.Factory(dict)
    _held: dict[str, list[str]] = attrs.Factory(dict)
    _invoices: int = 0
    _shops: list[str] = attrs.Factory(list)
    _open: bool = False
    _written: "Future[None] | None" = None

    def add(self, shop: Shop) -> None:
        """Write a shop, or hold it until there is more."""
        self._hold(shop.head())
        self._shops.append(shop.id)
        for scene, texts in shop.scenes():
            self._hold(texts)
            self._invoices += scene.invoices
            if self._invoices >= BATCH:
                self._write()
        self._hold(shop.sums())
        if self._open or self._invoices >= BATCH:
            self.commit()

    def commit(self) -> None:
        """Have what is held written, and every shop that is whole committed."""
        self._write()
        self._then(partial(self._commit, self._shops))
        self._shops, self._open = [], False

    def end(self) -> None:
        """Return when everything is written."""
        if self._written is not None:
            self._written.result()

    def _hold(self, texts: Mapping[str, str]) -> None:
        for table, text in texts.items():
            self._held.setdefault(table, []).append(text)

    def _write(self) -> None:
        if not self._open:
            self._then(self._begin)
        self._then(partial(self._copy_all, self._held))
        self._open, self._held, self._invoices = True, {}, 0

    def _then(self, work: Callable[[], None]) -> None:
        """Hand the next step to the writer when it has done the one before."""
        self.end()
        self._written = self.writer.submit(work)

    def _begin(self) -> None:
        self.connection.execute("BEGIN")
        self.connection.execute(_LINES.format("DISABLE"))

    def _commit(self, shops: list[str]) -> None:
        self.connection.execute(_SEEN, [shops])
        self.connection.execute(_LINES.format("ENABLE"))
        self.connection.execute("COMMIT")

    def _copy_all(self, held: dict[str, list[str]]) -> None:
        for table in self.order:
            texts = held.pop(table, None)
            if texts is not None:
                self._copy(table, texts)
        assert not held, "every table has its place in the order"

    def _copy(self, table: str, held: Sequence[str]) -> None:
        before = time.perf_counter()
        into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier("kasa", table))
        with self.connection.cursor() as cursor:
            with cursor.copy(into) as copy:
                for text in held:
                    copy.write(text)
            self.rows[table] = self.rows.get(table, 0) + max(cursor.rowcount, 0)
        took = time.perf_counter() - before
        self.seconds[table] = self.seconds.get(table, 0.0) + took


@contextmanager
def loading(owner_address: str) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection of the owner on which nothing waits for the disk but the last commit."""
    with psycopg.connect(owner_address, autocommit=True, application_name="kasa-load") as made:
        refuse_weak(made)
        made.execute("SET synchronous_commit = off")
        yield made


def shops_there(owner_address: str) -> int:
    """Return how many shops a database has."""
    with psycopg.connect(owner_address, autocommit=True) as connection:
        row = connection.execute(_SHOPS).fetchone()
    return 0 if row is None else int(row[0])


def load(
    owner_address: str,
    casts: Sequence[Cast],
    *,
    tenants: int,
    invoices: int,
    seed: int,
    today: date,
    tell: Callable[[int, int], None],
) -> Loaded:
    """Fill a database with shops, and tell after each how many shops and invoices it has now."""
    random = Random(seed)  # noqa: S311  # trials are drawn again from their seed
    started = time.perf_counter()
    with loading(owner_address) as connection, ThreadPoolExecutor(1) as writer:
        loader = Loader(connection, tables_in_order(connection), writer)
        done = 0
        for no, size in enumerate(sizes(tenants, invoices, random), 1):
            cast = casts[0] if no % 3 else casts[1 + no // 3 % (len(casts) - 1)]
            loader.add(Shop(cast=cast, invoices=size, today=today, random=random, no=no))
            done += size
            tell(no, done)
        loader.commit()
        loader.end()
        connection.execute("SET synchronous_commit = on")
        for table in loader.rows:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("kasa", table)))
        connection.execute("ANALYZE platform.references_seen")
    return Loaded(
        tenants=tenants,
        invoices=invoices,
        rows=loader.rows,
        seconds=loader.seconds,
        took=time.perf_counter() - started,
    )
