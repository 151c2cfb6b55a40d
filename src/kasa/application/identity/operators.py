"""Everything that an operator can do about people."""

import attrs

from kasa.application.identity.operating import FindPerson, OperatorWatch, SetEnabled, SetOperator
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Operators:
    """The use cases of operators."""

    set_operator: SetOperator
    set_enabled: SetEnabled
    find: FindPerson

    @classmethod
    def over(cls, ports: Ports) -> "Operators":
        """Build the use cases from their ports."""
        units, clock = ports.unit_of_work, ports.clock
        watch = OperatorWatch(ids=ports.ids, clock=clock)
        return cls(
            set_operator=SetOperator(unit_of_work=units, watch=watch),
            set_enabled=SetEnabled(unit_of_work=units, clock=clock, watch=watch),
            find=FindPerson(unit_of_work=units),
        )
