"""What happens to the use of a plan, as facts."""

import attrs

from kasa.domain.kernel.events import Event
from kasa.domain.subscriptions.plan import Meter


@attrs.frozen(kw_only=True)
class UsageCorrected(Event):
    """A capacity meter of the shop, the subject, was set to its live rows."""

    kind = "subscriptions.usage_corrected"

    meter: Meter
    before: int
    after: int
