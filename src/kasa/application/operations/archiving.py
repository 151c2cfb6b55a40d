"""Old events leave the log for files, a calendar month at a time, and only once those are safe."""

import json
from collections.abc import Iterable
from hashlib import sha256

import attrs

from kasa.application.ports.events import ArchivedEvents, OldEvents
from kasa.application.ports.storage import (
    KEY_BYTES,
    FileStorage,
    StorageKey,
    StorageKeyTaken,
    StorageUnavailable,
    storage_key,
)
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.events import EventsArchived
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import Period, business_date, local_month

EVENTS_OF_A_PART = 5_000
PARTS_OF_A_RUN = 200
FORMAT = "kasa-events-1"


@attrs.frozen(kw_only=True)
class _Batch:
    """What is to leave the log together: some events of one month, and what is known of them."""

    events: OldEvents
    month: Period
    zone: str
    part: int


@attrs.frozen(kw_only=True, eq=False)
class ArchiveEvents:
    """Move events that are older than the law asks for into the file storage.

    A file holds at most 5,000 events of one calendar month and lies beside its manifest. Events
    leave the log in one unit of work with the note of where they are, after the file was read
    back and its digest compared: killed anywhere, nothing is lost and nothing is there twice.
    """

    unit_of_work: UnitOfWorkFactory
    storage: FileStorage
    clock: Clock

    def __call__(self) -> int:
        """Go through every shop, and return how many events left."""
        return every_shop(self._tenants, self.shop)

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)

    def shop(self, tenant: TenantId) -> int:
        """Archive what one shop has due, and return how many events left; twice is nothing."""
        count = 0
        for _ in range(PARTS_OF_A_RUN):
            left = self._next_part(tenant)
            count += left
            if left == 0:
                break
        return count

    def _next_part(self, tenant: TenantId) -> int:
        now, scope = self.clock.now(), Actor.system(tenant)
        batch = self._due(tenant)
        if batch is None:
            return 0
        part = self._stored(tenant, batch)
        with self.unit_of_work(scope) as work:
            before = work.tenant.profile.archived_before(now)
            work.archive.take_out(batch.events.ids, part, before=before)
            told = EventsArchived(
                subject=tenant,
                month=part.month,
                part=part.part,
                events=part.events,
                reactions=part.reactions,
                sha256=part.sha256,
            )
            work.events.record(told, at=now)
        return part.events

    def _due(self, tenant: TenantId) -> _Batch | None:
        now = self.clock.now()
        with self.unit_of_work.read_only(Actor.system(tenant), snapshot=True) as view:
            profile = view.tenant.profile
            oldest = view.archive.oldest(before=profile.archived_before(now))
            if oldest is None:
                return None
            month = local_month(oldest, profile.zone)
            found = view.archive.due(since=month.start, until=month.end, limit=EVENTS_OF_A_PART)
            first = business_date(month.start, profile.zone)
            parts = [one.part for one in view.archive.parts() if one.month == first]
        return _Batch(events=found, month=month, zone=profile.zone, part=max(parts, default=0) + 1)

    def _stored(self, tenant: TenantId, batch: _Batch) -> ArchivedEvents:
        events = batch.events
        assert events.first_at is not None, "the oldest event is one of them"
        assert events.last_at is not None, "the oldest event is one of them"
        data = "".join(f"{line}\n" for line in events.lines).encode()
        month = business_date(batch.month.start, batch.zone)
        name = f"{tenant}:{month}:{batch.part}:{events.ids[0]}"
        facts = {
            "format": FORMAT,
            "tenant": str(tenant),
            "month": month.isoformat(),
            "zone": batch.zone,
            "part": batch.part,
            "events": len(events.ids),
            "reactions": events.reactions,
            "first_id": str(events.ids[0]),
            "last_id": str(events.ids[-1]),
            "first_at": events.first_at.isoformat(),
            "last_at": events.last_at.isoformat(),
            "size_bytes": len(data),
            "sha256": sha256(data).hexdigest(),
        }
        manifest = json.dumps(facts, indent=1).encode()
        return ArchivedEvents(
            month=month,
            part=batch.part,
            events=len(events.ids),
            reactions=events.reactions,
            first_at=events.first_at,
            last_at=events.last_at,
            size_bytes=len(data),
            sha256=sha256(data).hexdigest(),
            key=self._keep(tenant, f"events:{name}", data),
            manifest_sha256=sha256(manifest).hexdigest(),
            manifest_key=self._keep(tenant, f"manifest:{name}", manifest),
            archived_at=self.clock.now(),
        )

    def _keep(self, tenant: TenantId, name: str, data: bytes) -> StorageKey:
        """Store bytes under a key of their own, and return it once they were read back.

        The key holds their digest: a run beside this one that found others never writes over what
        this one has written down. A run that was killed has left the same bytes; damaged ones give
        way.
        """
        wanted = sha256(data).digest()
        key = storage_key(tenant, sha256(name.encode() + wanted).digest()[:KEY_BYTES])
        try:
            self.storage.put(key, [data])
        except StorageKeyTaken:
            if _digest(self.storage.get(key)) == wanted:
                return key
            self.storage.remove(key)
            self.storage.put(key, [data])
        if _digest(self.storage.get(key)) != wanted:
            raise StorageUnavailable("The file storage gave back other bytes than it was given.")
        return key


def _digest(chunks: Iterable[bytes]) -> bytes:
    made = sha256()
    for chunk in chunks:
        made.update(chunk)
    return made.digest()
