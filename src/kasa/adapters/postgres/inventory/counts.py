"""The stocktakes of a unit of work."""

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.inventory.values import rows_text
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.application.ports.work import LockRank
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.kernel.ids import CountId, LocationId

_LINES = (
    "(SELECT coalesce(jsonb_object_agg(n.sku_id, jsonb_build_object('sku', n.sku_id, "
    "'counted', n.counted, 'counted_at', n.counted_at, 'seen_version', n.seen_version, "
    "'seen_on_hand', n.seen_on_hand)), CAST('{}' AS jsonb)) FROM stock_count_lines n "
    "WHERE n.tenant_id = c.tenant_id AND n.count_id = c.id) AS lines"
)
SHOW = text(f"SELECT c.*, {_LINES} FROM stock_counts c WHERE c.tenant_id = :tenant AND c.id = :id")
_LOCK = text("SELECT id FROM stock_counts WHERE tenant_id = :tenant AND id = :id FOR NO KEY UPDATE")
_OPENED = text(
    "SELECT id FROM stock_counts WHERE tenant_id = :tenant AND location_id = :location "
    "AND state = 'open' FOR NO KEY UPDATE"
)
_ADD = text(
    "INSERT INTO stock_counts (tenant_id, id, location_id, opened_at, changed_at, skus, state, "
    "version) VALUES (:tenant, :id, :location, :opened_at, :changed_at, CAST(:skus AS jsonb), "
    ":state, :version)"
)
_SAVE = text(
    "UPDATE stock_counts SET changed_at = :changed_at, state = :state, version = :version "
    "WHERE tenant_id = :tenant AND id = :id"
)
_SAVE_LINES = text(
    "INSERT INTO stock_count_lines AS n (tenant_id, count_id, sku_id, counted, counted_at, "
    "seen_version, seen_on_hand) SELECT :tenant, :id, x.* "
    "FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS x(sku_id uuid, counted bigint, "
    "counted_at timestamptz, seen_version bigint, seen_on_hand bigint) "
    "ON CONFLICT (tenant_id, count_id, sku_id) DO UPDATE SET (counted, counted_at, "
    "seen_version, seen_on_hand) = ROW (excluded.counted, excluded.counted_at, "
    "excluded.seen_version, excluded.seen_on_hand) "
    "WHERE (n.counted, n.counted_at, n.seen_version) IS DISTINCT FROM "
    "(excluded.counted, excluded.counted_at, excluded.seen_version)"
)


def count_of(row: Row) -> StockCount:
    """Return a stored stocktake with its lines."""
    return value_of({**row, "location": row["location_id"]}, StockCount)


class PostgresCounts:
    """The stocktakes of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, count: StockCount) -> None:
        """Store a new stocktake, or raise ``count.open`` when one is open at its location."""
        self._rows.added(LockRank.DOCUMENTS, count.id)
        self._rows.write(
            _ADD,
            id=count.id,
            location=count.location,
            opened_at=count.opened_at,
            changed_at=count.changed_at,
            skus=text_of(count.skus),
            state=count.state.value,
            version=count.version,
        )
        self._write_lines(count)

    def lock(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, locked until the work ends, or raise NotFound."""
        self._rows.claim(LockRank.DOCUMENTS, id)
        self._rows.get(_LOCK, id=id)
        return count_of(self._rows.get(SHOW, id=id))

    def opened(self, location: LocationId) -> StockCount | None:
        """Return the open stocktake of a location, locked, or None."""
        found = self._rows.scalar(_OPENED, location=location)
        return None if found is None else self.lock(CountId(found))

    def save(self, count: StockCount) -> None:
        """Store a stocktake that was locked in the same unit of work, with its lines."""
        self._rows.require_claim(LockRank.DOCUMENTS, count.id)
        self._rows.write(
            _SAVE,
            id=count.id,
            changed_at=count.changed_at,
            state=count.state.value,
            version=count.version,
        )
        self._write_lines(count)

    def _write_lines(self, count: StockCount) -> None:
        lines = [
            {
                "sku_id": line.sku,
                "counted": line.counted,
                "counted_at": line.counted_at,
                "seen_version": line.seen_version,
                "seen_on_hand": line.seen_on_hand,
            }
            for line in count.lines.values()
        ]
        if lines:
            self._rows.write(_SAVE_LINES, id=count.id, lines=rows_text(lines))
