"""Old events that leave the log in memory, and a look at everything that a shop has."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from kasa.adapters.memory.events import EVENTS, REACTIONS_DONE
from kasa.adapters.memory.invoicing.rows import INVOICES
from kasa.adapters.memory.payments.rows import PAYMENTS
from kasa.adapters.memory.tables import Readable, Snapshot, Table, Working
from kasa.application.ports.events import ArchivedEvents, EventsMoved, OldEvents
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.events import RecordedEvent
from kasa.domain.kernel.ids import EventId
from kasa.domain.payments.states import PaymentState

ARCHIVES = Table[tuple[date, int], ArchivedEvents]("event_archives")
CLOSED = {InvoiceState.PAID, InvoiceState.VOID}
UNDECIDED = {PaymentState.SUBMITTED, PaymentState.WAITING, PaymentState.IN_REVIEW}


def _old(rows: Readable, before: datetime) -> list[RecordedEvent]:
    invoices = {one.id for one in rows.read(INVOICES).values() if one.state not in CLOSED}
    payments = {one.id for one in rows.read(PAYMENTS).values() if one.state in UNDECIDED}
    found = [
        row
        for row in rows.read(EVENTS).values()
        if row.at < before and row.event.subject not in invoices | payments
    ]
    return sorted(found, key=lambda row: row.id)


def _done(rows: Readable, event: EventId) -> list[str]:
    return sorted(name for known, name in rows.read(REACTIONS_DONE) if known == event)


def _facts(row: object) -> dict[str, object]:
    """Return a row as what JSON can hold, field by field where it has fields."""
    kind: Any = type(row)
    if not attrs.has(kind):
        return {"row": repr(row)}
    found = {field.name: getattr(row, field.name) for field in attrs.fields(kind)}
    return {
        name: value if isinstance(value, int | str | None) else str(value)
        for name, value in found.items()
    }


class MemoryEventArchive:
    """Takes old events out of one tenant's log."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def take_out(self, ids: Sequence[EventId], part: ArchivedEvents, *, before: datetime) -> None:
        """Remove events that an archive holds, and write down where they are."""
        may_go = {row.id for row in _old(self._rows, before)}
        reactions = sum(len(_done(self._rows, one)) for one in ids)
        if not set(ids) <= may_go or (len(set(ids)), reactions) != (part.events, part.reactions):
            raise EventsMoved
        log, done = self._rows.write(EVENTS), self._rows.write(REACTIONS_DONE)
        for mark in [mark for mark in done if mark[0] in set(ids)]:
            del done[mark]
        for one in ids:
            del log[one]
        self._rows.add(ARCHIVES, (part.month, part.part), part)


class MemoryEventArchiveViews:
    """What may leave one tenant's log, and where the rest has gone."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def oldest(self, *, before: datetime) -> datetime | None:
        """Return the moment of the oldest event before a moment that may leave, or None."""
        found = _old(self._rows, before)
        return found[0].at if found else None

    def due(self, *, since: datetime, until: datetime, limit: int) -> OldEvents:
        """Return the oldest events of a period that may leave, at most ``limit``."""
        found = [row for row in _old(self._rows, until) if row.at >= since][:limit]
        done = {row.id: _done(self._rows, row.id) for row in found}
        return OldEvents(
            ids=tuple(row.id for row in found),
            lines=tuple(
                json.dumps({"id": str(row.id), "event": repr(row.event), "reactions": done[row.id]})
                for row in found
            ),
            reactions=sum(len(names) for names in done.values()),
            first_at=min((row.at for row in found), default=None),
            last_at=max((row.at for row in found), default=None),
        )

    def parts(self) -> tuple[ArchivedEvents, ...]:
        """Return what was archived, by month and part."""
        return tuple(row for _, row in sorted(self._rows.read(ARCHIVES).items()))


class MemoryTenantTables:
    """Everything of one tenant, as it lies in the dictionaries."""

    def __init__(self, rows: Snapshot) -> None:
        self._rows = rows

    def schema(self) -> str:
        """Return the revision that says what the tables mean."""
        return "memory"

    def names(self) -> tuple[str, ...]:
        """Return every table that may hold rows of a tenant, sorted."""
        return self._rows.names()

    def lines(self, table: str) -> Iterator[str]:
        """Yield the tenant's rows of a table, each as one line of JSON."""
        for key, row in self._rows.read(Table[object, object](table)).items():
            facts = {"tenant_id": str(self._rows.tenant), "row_key": str(key), **_facts(row)}
            yield json.dumps(facts)

    def counts(self) -> Mapping[str, int]:
        """Return how many rows of the tenant each table holds that holds any."""
        found = {name: len(self._rows.read(Table[object, object](name))) for name in self.names()}
        return {name: count for name, count in found.items() if count}
