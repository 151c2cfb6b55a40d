"""Every row of a shop, read as it lies there: tables and columns are found in the catalogue."""

from collections.abc import Iterator, Mapping

import attrs
from sqlalchemy import TextClause, text

from kasa.adapters.postgres.connection import TenantConnection
from kasa.application.ports.tenancy import is_secret
from kasa.domain.kernel.errors import NotFound

_SCHEMA = text("SELECT version_num FROM platform.version")
_UTC = text("SELECT set_config('TimeZone', 'UTC', true)")
_TABLES = text(
    "SELECT c.relname AS name, "
    "(SELECT array_agg(CAST(a.attname AS text) ORDER BY a.attnum) FROM pg_attribute a "
    "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns, "
    "(SELECT array_agg(CAST(a.attname AS text) ORDER BY k.place) FROM pg_index i "
    "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum "
    "WHERE i.indrelid = c.oid AND i.indisprimary) AS key "
    "FROM pg_class c WHERE c.relnamespace = 'kasa'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND NOT c.relispartition ORDER BY c.relname"
)


@attrs.frozen
class TableShape:
    """A table with its columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def lines(self) -> TextClause:
        """The statement that reads a tenant's rows as lines of JSON."""
        wanted = _quoted(column for column in self.columns if not is_secret(column))
        own = f"SELECT {wanted} FROM kasa.{_name(self.name)} WHERE tenant_id = :tenant"
        ordered = f"{own} ORDER BY {_quoted(self.key)}"
        return text(f"SELECT row_to_json(r)::text AS line FROM ({ordered}) AS r")

    @property
    def count(self) -> str:
        """The statement that counts a tenant's rows."""
        return (
            f"SELECT '{self.name}' AS name, count(*) AS n FROM kasa.{_name(self.name)} "
            "WHERE tenant_id = :tenant"
        )


class PostgresTenantTables:
    """Reads every table of ``kasa``, within the tenant that the connection is bound to."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def schema(self) -> str:
        """Return the revision that says what the tables mean."""
        return str(self._rows.scalar(_SCHEMA))

    def names(self) -> tuple[str, ...]:
        """Return every table that may hold rows of a tenant, sorted."""
        return tuple(shape.name for shape in self._shapes())

    def lines(self, table: str) -> Iterator[str]:
        """Yield the tenant's rows of a table, each as one line of JSON, in the order of its key."""
        shape = next((one for one in self._shapes() if one.name == table), None)
        if shape is None:
            raise NotFound
        self._rows.all(_UTC)
        return (row["line"] for row in self._rows.stream(shape.lines))

    def counts(self) -> Mapping[str, int]:
        """Return how many rows of the tenant each table holds that holds any."""
        counted = text(" UNION ALL ".join(shape.count for shape in self._shapes()))
        return {row["name"]: row["n"] for row in self._rows.all(counted) if row["n"]}

    def _shapes(self) -> tuple[TableShape, ...]:
        return tuple(
            TableShape(row["name"], tuple(row["columns"]), tuple(row["key"]))
            for row in self._rows.all(_TABLES)
        )


def _name(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _quoted(words: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(_name(word) for word in words)
