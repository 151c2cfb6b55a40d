"""What sweeps of every context need: the shops, in batches."""

from collections.abc import Callable

from kasa.application.ports.work import PlatformWork
from kasa.domain.kernel.ids import TenantId

BATCH = 500


def shops_after(work: PlatformWork, after: TenantId | None) -> tuple[TenantId, ...]:
    """Return the next shops by rising identifier, at most 500; none at the end."""
    return work.tenants.ids(after=after, limit=BATCH)


def every_shop(
    following: Callable[[TenantId | None], tuple[TenantId, ...]], act: Callable[[TenantId], int]
) -> int:
    """Act for every shop, batch after batch, and return the sum of what was done.

    ``following`` gives the shops behind one. A shop that fails does not stop the others: what
    failed is raised together at the end, so that the worker logs it.
    """
    after: TenantId | None = None
    total, failed = 0, []
    while tenants := following(after):
        for tenant in tenants:
            try:
                total += act(tenant)
            except Exception as error:  # noqa: BLE001  # one shop's fault is not another's
                failed.append(error)
        after = tenants[-1]
    if failed:
        raise ExceptionGroup(f"{len(failed)} shops could not be swept", failed)
    return total
