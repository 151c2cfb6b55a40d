"""Everything that can be asked about a shop's plan."""

import attrs

from kasa.application.ports.bundle import Ports
from kasa.application.subscriptions.queries import SubscriptionQueries


@attrs.frozen(kw_only=True)
class Subscriptions:
    """The use cases of a shop's plan."""

    queries: SubscriptionQueries

    @classmethod
    def over(cls, ports: Ports) -> "Subscriptions":
        """Build the use cases from their ports."""
        return cls(queries=SubscriptionQueries(unit_of_work=ports.unit_of_work, clock=ports.clock))
