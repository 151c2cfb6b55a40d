"""Everything that can be done for people."""

import attrs

from kasa.application.identity.admitting import Admit, Verified
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Identity:
    """The use cases of people."""

    verified: Verified
    admit: Admit

    @classmethod
    def over(cls, ports: Ports) -> "Identity":
        """Build the use cases from their ports."""
        return cls(
            verified=Verified(tokens=ports.tokens, clock=ports.clock),
            admit=Admit(admissions=ports.admissions, clock=ports.clock),
        )
