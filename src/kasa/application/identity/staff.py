"""Everything that can be done about who works in a shop."""

import attrs

from kasa.application.identity.built import Parts
from kasa.application.identity.inviting import EndInvitation, InviteMember
from kasa.application.identity.inviting_mails import MailInvitation
from kasa.application.identity.joining import RedeemInvitation
from kasa.application.identity.member_queries import ListInvitations, MemberQueries
from kasa.application.identity.members import ChangeRole, RemoveMember, TransferOwnership
from kasa.application.identity.telling import TellOwners
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Staff:
    """The use cases of members and invitations; the mails are reactions."""

    change_role: ChangeRole
    remove: RemoveMember
    transfer_ownership: TransferOwnership
    invite: InviteMember
    end_invitation: EndInvitation
    redeem_invitation: RedeemInvitation
    mail_invitation: MailInvitation
    tell_owners: TellOwners
    list_invitations: ListInvitations
    queries: MemberQueries

    @classmethod
    def over(cls, ports: Ports, parts: Parts) -> "Staff":
        """Build the use cases from their ports, and the parts that those of people share."""
        unit_of_work, clock = ports.unit_of_work, ports.clock
        return cls(
            change_role=ChangeRole(unit_of_work=unit_of_work, clock=clock),
            remove=RemoveMember(unit_of_work=unit_of_work, clock=clock),
            transfer_ownership=TransferOwnership(unit_of_work=unit_of_work, clock=clock),
            invite=InviteMember(
                unit_of_work=unit_of_work,
                clock=clock,
                ids=ports.ids,
                digests=ports.digests,
                messenger=ports.messenger,
            ),
            end_invitation=EndInvitation(unit_of_work=unit_of_work, clock=clock),
            redeem_invitation=RedeemInvitation(
                unit_of_work=unit_of_work,
                clock=clock,
                ids=ports.ids,
                passwords=ports.passwords,
                wishes=parts.wishes,
                sessions=parts.sessions,
            ),
            mail_invitation=MailInvitation(
                unit_of_work=unit_of_work, clock=clock, digests=ports.digests, box=ports.box
            ),
            tell_owners=TellOwners(
                unit_of_work=unit_of_work,
                clock=clock,
                box=ports.box,
                messenger=ports.messenger,
            ),
            list_invitations=ListInvitations(unit_of_work=unit_of_work, clock=clock),
            queries=MemberQueries(unit_of_work=unit_of_work),
        )
