"""Whether totals are what their rows add up to: a difference is told, use alone is repaired."""

from collections.abc import Sequence
from typing import ClassVar

import attrs

from kasa.application.ports.books import Difference
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.recounting import recount
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.events import BooksDiffered, OperatorAlert
from kasa.domain.kernel.ids import TenantId

BOOKS_DIFFER = "store.books_differ"
TOLD_LIMIT = 100


@attrs.frozen(kw_only=True)
class Reconciled:
    """The totals that differed; none is the good answer."""

    differences: tuple[Difference, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class ReconcileBooks:
    """Compare every total of a shop with its rows.

    A capacity meter that differs is set to its live rows. Nothing else is ever corrected: it is
    told as an event (the first 100), stock by its own audit, and to the operator.
    """

    permission: ClassVar[Permission] = Permission.CHANGE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> Reconciled:
        """Return what differed before anything was repaired."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            found = view.books.differences()
        if not found:
            return Reconciled()
        with self.unit_of_work(actor) as work:
            for row in found:
                if row.total.meter is not None:
                    recount(work, row.total.meter, at=now)
            alert = OperatorAlert(subject=actor.tenant, code=BOOKS_DIFFER)
            work.events.record(*_told(actor.tenant, found), alert, at=now)
            return work.answer(Reconciled(differences=found))


def _told(tenant: TenantId, found: Sequence[Difference]) -> list[BooksDiffered]:
    told = [row for row in found if row.total.meter is None and not row.total.is_stock]
    return [
        BooksDiffered(
            subject=tenant,
            total=row.total.value,
            thing=row.thing,
            stored=row.stored,
            counted=row.counted,
        )
        for row in told[:TOLD_LIMIT]
    ]


@attrs.frozen(kw_only=True, eq=False)
class ReconcileEveryShop:
    """The nightly comparison: every shop, one after the other."""

    unit_of_work: UnitOfWorkFactory
    reconcile: ReconcileBooks

    def __call__(self) -> int:
        """Return how many totals differed in all."""
        return every_shop(
            self._tenants, lambda tenant: len(self.reconcile(Actor.system(tenant)).differences)
        )

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)
