"""The edge at which a level runs low: once on the way down, armed again on the way up."""

import attrs

from kasa.domain.kernel.ids import LocationId, SkuId


@attrs.frozen(kw_only=True)
class LowStock:
    """A level ran low: what is available, the mark it reached, and the number of this alert."""

    sku: SkuId
    location: LocationId
    available: int
    low_at: int
    alert_no: int


def fires(available: int, low_at: int | None, *, armed: bool) -> bool:
    """Return whether an armed level has reached its mark."""
    return armed and low_at is not None and available <= low_at


def arms(available: int, rearm_at: int | None) -> bool:
    """Return whether a level has risen above the mark that arms it again."""
    return rearm_at is not None and available > rearm_at
