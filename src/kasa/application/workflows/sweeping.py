"""What sweeps of every context need: the shops, in batches."""

from kasa.application.ports.work import PlatformWork
from kasa.domain.kernel.ids import TenantId

BATCH = 500


def shops_after(work: PlatformWork, after: TenantId | None) -> tuple[TenantId, ...]:
    """Return the next shops by rising identifier, at most 500; none at the end."""
    return work.tenants.ids(after=after, limit=BATCH)
