"""What members may read about the use of their plan."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.entitlements import usage_period
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.subscriptions.plan import Meter


@attrs.frozen(kw_only=True)
class MeterUsed:
    """What is used of one meter, in its own unit; ``limit`` None is unlimited.

    A capacity counts what is alive and never starts anew; ``resets_at`` is for the others.
    """

    meter: Meter
    kind: str
    used: int
    limit: int | None
    resets_at: datetime | None


@attrs.frozen(kw_only=True, eq=False)
class SubscriptionQueries:
    """What members may read about the use of their plan."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def usage(self, actor: Actor) -> tuple[MeterUsed, ...]:
        """Return the use of every meter, in the order of the meters."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            start, resets_at = usage_period(view.tenant, now)
            counted = view.usage.counted(start)
        return tuple(
            MeterUsed(
                meter=meter,
                kind="capacity" if meter.is_capacity else "period",
                used=counted.get(meter, 0),
                limit=None,
                resets_at=None if meter.is_capacity else resets_at,
            )
            for meter in Meter
        )
