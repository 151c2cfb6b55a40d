"""Hears every statement that the connections of an engine send, whoever sends it.

It sits at the driver, below the stores, the opening of transactions and the queue, so nothing is
sent past it. It hears texts, rows and seconds, never values.
"""

from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import Any

import attrs
import psycopg
import sqlalchemy
from sqlalchemy import event


@attrs.frozen(kw_only=True)
class Sent:
    """One statement: its text without values, the rows it gave or wrote, and how long it took.

    ``times`` is how often it was sent, once for each row of values.
    """

    text: str
    rows: int
    seconds: float
    times: int = 1


Hear = Callable[[Sent], None]


class HeardCursor(psycopg.Cursor[Any]):
    """A cursor that tells what it sends."""

    def __init__(self, hear: Hear, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._hear = hear

    def execute(self, query: Any, *arguments: Any, **options: Any) -> "HeardCursor":
        """Send a statement and tell of it, also when it fails."""
        started = perf_counter()
        try:
            super().execute(query, *arguments, **options)
        finally:
            self._tell(query, started)
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """Send a statement once for each row of values, and tell of it."""
        rows = list(params_seq)
        started = perf_counter()
        try:
            super().executemany(query, rows, **options)
        finally:
            self._tell(query, started, times=len(rows))

    def _tell(self, query: Any, started: float, *, times: int = 1) -> None:
        text = query.decode() if isinstance(query, bytes) else str(query)
        took = perf_counter() - started
        self._hear(Sent(text=text, rows=max(self.rowcount, 0), seconds=took, times=times))


def overhear(engine: sqlalchemy.Engine, hear: Hear) -> None:
    """Tell ``hear`` of every statement on connections that the engine opens from now on."""

    def listen(connection: Any, _entry: Any) -> None:
        connection.cursor_factory = partial(HeardCursor, hear)

    event.listen(engine, "connect", listen)
