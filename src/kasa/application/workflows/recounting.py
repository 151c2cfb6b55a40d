"""Use is counted anew from what is alive."""

from datetime import datetime

from kasa.application.ports.work import UnitOfWork
from kasa.domain.subscriptions.events import UsageCorrected
from kasa.domain.subscriptions.plan import Meter


def recount(work: UnitOfWork, meter: Meter, *, at: datetime) -> None:
    """Set a capacity meter to its live rows, and record it when that changes it."""
    before, after = work.usage.recount(meter)
    if before != after:
        corrected = UsageCorrected(subject=work.tenant.id, meter=meter, before=before, after=after)
        work.events.record(corrected, at=at)
