"""Files whose time is over: exports after a week, pictures of receipts long after their invoice."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.files.events import FileRemoved
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import FileId, TenantId
from kasa.domain.kernel.moments import add_months
from kasa.domain.subscriptions.plan import Meter

EXPORTS_KEPT = timedelta(days=7)
BATCH = 100
BATCHES_OF_A_RUN = 500


@attrs.frozen(kw_only=True, eq=False)
class ClearFiles:
    """Remove exports that are a week old, and pictures of receipts that are needed no more.

    A picture goes when the shop's months are over since its invoice was paid, voided or written
    off; of a payment without an invoice, since it was decided. What was read from it, its digest
    and its references stay. The bytes go in a reaction.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        """Go through every shop, and return how many files went."""
        return every_shop(self._tenants, self.shop)

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)

    def shop(self, tenant: TenantId) -> int:
        """Remove those of one shop, a batch in a unit of work; twice is nothing."""
        count = 0
        for _ in range(BATCHES_OF_A_RUN):
            found = self._over(tenant)
            count += self._remove(tenant, found)
            if len(found) < BATCH:
                break
        return count

    def _over(self, tenant: TenantId) -> tuple[FileId, ...]:
        now = self.clock.now()
        with self.unit_of_work.read_only(Actor.system(tenant)) as view:
            months = view.tenant.profile.evidence_months
            exports = view.files.older(FileKind.EXPORT, before=now - EXPORTS_KEPT, limit=BATCH)
            spent = view.files.spent_receipts(before=add_months(now, -months), limit=BATCH)
        return (*exports, *spent)[:BATCH]

    def _remove(self, tenant: TenantId, wanted: Iterable[FileId]) -> int:
        count = 0
        with self.unit_of_work(Actor.system(tenant)) as work:
            for file_id in sorted(wanted):
                with suppress(NotFound):
                    self._let_go(work, file_id)
                    count += 1
        return count

    def _let_go(self, work: UnitOfWork, file_id: FileId) -> None:
        now, file = self.clock.now(), work.files.lock(file_id)
        work.files.remove(file)
        if file.kind is FileKind.RECEIPT:
            Entitlements(work, at=now).release(Meter.RECEIPTS, file.size_bytes)
        removed = FileRemoved(subject=file.id, key=file.key, size_bytes=file.size_bytes)
        work.events.record(removed, at=now)
