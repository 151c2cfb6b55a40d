"""Plan and quota, asked inside the unit of work that creates what is counted."""

from datetime import date, datetime

import attrs

from kasa.application.ports.work import TenantFacts, UnitOfWork
from kasa.domain.kernel.errors import NotEntitled
from kasa.domain.kernel.moments import anchored_month, business_date, day_start
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Feature, Meter


class QuotaReached(NotEntitled):
    """The plan's limit of these is reached, so nothing was stored; free some, or take a larger one.

    ``limit`` and ``used`` are in the meter's unit; ``resets_at`` is when a period starts anew.
    """

    code = "plan.quota_reached"


@attrs.frozen
class Entitlements:
    """What the tenant of a unit of work may use at one moment.

    Until plans exist every feature is on since the tenant was opened and every limit is
    ``UNLIMITED``; use is counted all the same.
    """

    work: UnitOfWork
    at: datetime = attrs.field(kw_only=True)

    def require(self, feature: Feature) -> None:
        """Return when the plan has a feature, else raise ``plan.feature_locked``."""
        assert self.covers(feature), "every feature is on until plans exist"

    def covers(self, feature: Feature) -> bool:
        """Tell whether the plan has a feature."""
        return feature in Feature

    def spend(self, meter: Meter, n: int) -> None:
        """Count ``n`` >= 0 units, all or none, or raise ``plan.quota_reached``."""
        period, limit = self._period(meter), UNLIMITED
        if self.work.usage.spend(meter, n, period=period, limit=limit) is None:
            raise QuotaReached(
                feature=meter.value,
                kind="capacity" if meter.is_capacity else "period",
                limit=limit,
                used=self.work.usage.used(meter, period=period),
                resets_at=self._reset(meter),
            )

    def release(self, meter: Meter, n: int) -> None:
        """Give ``n`` units of a capacity meter back; a period meter never gives back."""
        if not meter.is_capacity:
            raise ValueError(f"{meter.value} counts what happened")
        self.work.usage.release(meter, n, period=CAPACITY_PERIOD)

    def _reset(self, meter: Meter) -> str | None:
        """Return when a period meter starts anew, an ISO moment; None for what is alive."""
        if meter.is_capacity:
            return None
        return usage_period(self.work.tenant, self.at)[1].isoformat()

    def _period(self, meter: Meter) -> date:
        if meter.is_capacity:
            return CAPACITY_PERIOD
        return usage_period(self.work.tenant, self.at)[0]


def usage_period(tenant: TenantFacts, at: datetime) -> tuple[date, datetime]:
    """Return the local date on which the usage period of a moment starts, and when it ends."""
    opened = business_date(tenant.opened_at, tenant.zone)
    today = business_date(at, tenant.zone)
    following = anchored_month(day_start(opened, "UTC"), day_start(today, "UTC")).end
    return usage_period_start(opened, today), day_start(following.date(), tenant.zone)


def usage_period_start(opened: date, today: date) -> date:
    """Return the local date on which the usage period of ``today`` starts.

    Periods are months counted from the day the tenant was opened, month ends clamped.
    """
    period = anchored_month(day_start(opened, "UTC"), day_start(today, "UTC"))
    return period.start.date()
