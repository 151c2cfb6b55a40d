"""Everything that can be done about who works in a shop."""

import attrs

from kasa.application.identity.member_queries import ListInvitations, MemberQueries
from kasa.application.identity.members import ChangeRole, RemoveMember, TransferOwnership
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Staff:
    """The use cases of members and invitations."""

    change_role: ChangeRole
    remove: RemoveMember
    transfer_ownership: TransferOwnership
    list_invitations: ListInvitations
    queries: MemberQueries

    @classmethod
    def over(cls, ports: Ports) -> "Staff":
        """Build the use cases from their ports."""
        unit_of_work, clock = ports.unit_of_work, ports.clock
        return cls(
            change_role=ChangeRole(unit_of_work=unit_of_work, clock=clock),
            remove=RemoveMember(unit_of_work=unit_of_work, clock=clock),
            transfer_ownership=TransferOwnership(unit_of_work=unit_of_work, clock=clock),
            list_invitations=ListInvitations(unit_of_work=unit_of_work, clock=clock),
            queries=MemberQueries(unit_of_work=unit_of_work),
        )
