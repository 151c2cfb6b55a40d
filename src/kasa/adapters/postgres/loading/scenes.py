"""What was rehearsed, as text that can be written again: the rows that an act has left."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

import attrs
import psycopg
from psycopg import sql

from kasa.adapters.postgres.loading.places import (
    Move,
    Place,
    Values,
    Writer,
    cut,
    escaped,
    unescaped,
)
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD

KeyT = TypeVar("KeyT", bound=Hashable)

SUMMED = frozenset({"number_series", "usage_counters"})
"""Tables whose rows count what happened: written by the loader, which adds it up."""
DAILY = frozenset({"exchange_rates"})
"""Tables with a row for each day, whoever needs it."""

Rows = Mapping[str, frozenset[str]]
"""The lines of a shop, by table."""

_ORDER = """
WITH RECURSIVE tables AS (
  SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'kasa'::regnamespace
  AND c.relkind IN ('r', 'p') AND NOT c.relispartition),
edges AS (
  SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint
  WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'kasa'::regnamespace),
depths AS (
  SELECT oid, 0 AS depth FROM tables
  UNION SELECT e.child, d.depth + 1 FROM depths d JOIN edges e ON e.parent = d.oid)
SELECT t.relname FROM tables t JOIN depths d USING (oid)
GROUP BY t.relname ORDER BY max(d.depth), t.relname
"""


@attrs.frozen(kw_only=True)
class Document:
    """A field whose digest stands elsewhere: both are made anew for every copy."""

    place: int
    digest: int
    write: Writer


@attrs.frozen(kw_only=True, eq=False)
class Scene:
    """Some acts of one shop, ready to be copied.

    ``used`` is what they added to each usage counter, by its meter, and whether that one starts
    anew; ``given`` how many numbers of each series they gave.
    """

    texts: Mapping[str, Writer]
    rows: Mapping[str, int]
    values: Values
    documents: tuple[Document, ...]
    names: tuple[Place, ...]
    given: Mapping[str, int]
    used: Mapping[tuple[str, bool], int]
    first_day: date

    @property
    def invoices(self) -> int:
        """How many invoices a copy has."""
        return self.rows.get("invoices", 0)

    def copy(self, move: Move) -> dict[str, str]:
        """Return the text of one copy by table, as COPY reads it."""
        values = self._values(move)
        return {table: write(values) for table, write in self.texts.items()}

    def identifiers(self, move: Move) -> dict[str, str]:
        """Return which identifier of the rehearsal became which."""
        values = self.values.of_copy(move)
        return {
            place.text: value
            for place, value in zip(self.names, values, strict=True)
            if place.kind == "id"
        }

    def _values(self, move: Move) -> list[str]:
        values = self.values.of_copy(move)
        for document in self.documents:
            text = document.write(values)
            values[document.place] = escaped(text)
            values[document.digest] = sha256(text.encode()).hexdigest()
        return values


def tables_in_order(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Return the tables of shops, each behind those that it points at."""
    return tuple(row[0] for row in connection.execute(_ORDER).fetchall())


def rows_of_shop(connection: psycopg.Connection[Any], tenant: object) -> dict[str, frozenset[str]]:
    """Return every row of a shop, as COPY writes it."""
    found = {}
    for table in tables_in_order(connection):
        wanted = sql.SQL("COPY (SELECT * FROM {} WHERE tenant_id = {}) TO STDOUT").format(
            sql.Identifier("kasa", table), sql.Literal(str(tenant))
        )
        with connection.cursor() as cursor, cursor.copy(wanted) as lines:
            text = b"".join(bytes(part) for part in lines).decode()
        found[table] = frozenset(text.split("\n")) - {""}
    return found


def scene(before: Rows, after: Rows, first_day: date) -> Scene:
    """Return what happened between two looks at a shop, from a day on.

    Nothing that was there may have changed, but the tables that count.
    """
    for table in before.keys() - SUMMED:
        assert before[table] <= after[table], f"an act has changed what was there: {table}"
    new = {table: sorted(after[table] - before.get(table, frozenset())) for table in after}
    kept = {table: lines for table, lines in new.items() if lines and table not in SUMMED}
    places: dict[Place, int] = {}
    hidden, documents = _documents(kept, places)
    texts = {
        table: cut("".join(f"{line}\n" for line in lines), places)
        for table, lines in hidden.items()
    }
    return Scene(
        texts=texts,
        rows={table: len(lines) for table, lines in kept.items()},
        values=Values.of(places),
        documents=documents,
        names=tuple(places),
        given=_added(before, after, "number_series", _given),
        used=_added(before, after, "usage_counters", _used),
        first_day=first_day,
    )


def _documents(
    rows: Mapping[str, list[str]], places: dict[Place, int]
) -> tuple[dict[str, list[str]], tuple[Document, ...]]:
    """Take out every field whose digest stands in a row: copies get their own digests."""
    every = {field for field in _fields(rows) if len(field) > 64}
    digests = {sha256(unescaped(field).encode()).hexdigest(): field for field in every}
    told = {field for field in _fields(rows) if len(field) == 64}
    found = {digests[one]: one for one in sorted(told & digests.keys())}
    signs = {field: f"\x01{no}\x01" for no, field in enumerate(found)}
    hidden = {
        table: ["\t".join(signs.get(field, field) for field in line.split("\t")) for line in lines]
        for table, lines in rows.items()
    }
    documents = [
        Document(
            place=places.setdefault(Place("document", signs[field]), len(places)),
            digest=places.setdefault(Place("digest", digest), len(places)),
            write=cut(unescaped(field), places),
        )
        for field, digest in found.items()
    ]
    return hidden, tuple(documents)


def _fields(rows: Mapping[str, list[str]]) -> Iterable[str]:
    return (field for lines in rows.values() for line in lines for field in line.split("\t"))


def _added(
    before: Rows, after: Rows, table: str, read: Callable[[list[str]], tuple[KeyT, int]]
) -> dict[KeyT, int]:
    """Return by how much each row of a table that counts has risen."""
    sums: dict[KeyT, int] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for line in rows.get(table, ()):
            key, count = read(line.split("\t"))
            sums[key] = sums.get(key, 0) + sign * count
    return {key: count for key, count in sums.items() if count}


def _used(fields: list[str]) -> tuple[tuple[str, bool], int]:
    _, meter, period, used = fields
    return (meter, period != str(CAPACITY_PERIOD)), int(used)


def _given(fields: list[str]) -> tuple[str, int]:
    _, series, _year, first, following, *_ = fields
    return series, int(following) - int(first)
