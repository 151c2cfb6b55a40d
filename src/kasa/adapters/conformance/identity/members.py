"""What every store of members and invitations must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Role
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.user import MemberAlready, Membership, email
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import InvitationId, LinkId, MembershipId, UserId

SECOND = timedelta(seconds=1)


class MembersConformance:
    """Members of one shop and invitations into it."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_member_survives_the_round_trip(self) -> None:
        """By the id and by the person; changed, and removed."""
        people = People.of(self.make_ports())
        owner, member = new_shop(people.ports), joined(people, Role.USER)
        with people.ports.unit_of_work(owner) as work:
            work.members.add(member)
            assert member == work.members.of(member.user)
        with people.ports.unit_of_work(owner) as work:
            raised = work.members.lock(member.id).with_role(Role.ADMIN)
            work.members.save(raised)
        with people.ports.unit_of_work.read_only(owner) as view:
            assert raised == view.members.show(member.id)
            assert raised == view.members.of(member.user)
            assert view.members.of(UserId(people.ports.ids.new(people.at))) is None
        with people.ports.unit_of_work(owner) as work:
            work.members.remove(work.members.lock(member.id).id)
        with people.ports.unit_of_work.read_only(owner) as view:
            assert view.members.of(member.user) is None
            with pytest.raises(NotFound):
                view.members.show(member.id)

    def test_a_person_is_a_member_once(self) -> None:
        """A second membership of one person in a shop is refused; another shop is another thing."""
        people = People.of(self.make_ports())
        owner, other = new_shop(people.ports), new_shop(people.ports)
        member = joined(people, Role.USER)
        again = attrs.evolve(member, id=MembershipId(people.ports.ids.new(people.at)))
        with people.ports.unit_of_work(owner) as work:
            work.members.add(member)
        with pytest.raises(MemberAlready), people.ports.unit_of_work(owner) as work:
            work.members.add(again)
        with people.ports.unit_of_work(other) as work:
            work.members.add(again)

    def test_members_are_listed_as_they_joined(self) -> None:
        """Owners among them are found alone, locked."""
        people = People.of(self.make_ports())
        owner = new_shop(people.ports)
        roles = (Role.OWNER, Role.VIEWER, Role.OWNER)
        members = [
            attrs.evolve(joined(people, role), joined_at=people.at - number * SECOND)
            for number, role in enumerate(roles)
        ]
        with people.ports.unit_of_work(owner) as work:
            for member in members:
                work.members.add(member)
        with people.ports.unit_of_work(owner) as work:
            owners = {one.id for one in work.members.owners()}
            assert {members[0].id, members[2].id} == owners
            work.members.save(members[0].with_role(Role.ADMIN))
        with people.ports.unit_of_work.read_only(owner) as view:
            wanted = (members[2], members[1], members[0].with_role(Role.ADMIN))
            assert wanted == view.members.all()

    def test_a_foreign_member_is_a_missing_one(self) -> None:
        """Another shop neither shows, locks nor removes them."""
        people = People.of(self.make_ports())
        owner, stranger = new_shop(people.ports), new_shop(people.ports)
        member = joined(people, Role.OWNER)
        with people.ports.unit_of_work(owner) as work:
            work.members.add(member)
        with people.ports.unit_of_work(stranger) as work:
            assert () == work.members.owners()
            assert work.members.of(member.user) is None
            with pytest.raises(NotFound):
                work.members.lock(member.id)
        with people.ports.unit_of_work.read_only(stranger) as view:
            assert () == view.members.all()

    def test_an_invitation_survives_the_round_trip(self) -> None:
        """It is found by its link and, while it is open, by its address however it is written."""
        people = People.of(self.make_ports())
        owner, invitation = new_shop(people.ports), invited(people)
        with people.ports.unit_of_work(owner) as work:
            work.invitations.add(invitation)
        with people.ports.unit_of_work(owner) as work:
            shouted = email(invitation.email.upper())
            assert invitation == work.invitations.open_for(shouted, at=people.at)
            assert work.invitations.open_for(shouted, at=invitation.until) is None
            assert work.invitations.open_for(email("x@example.com"), at=people.at) is None
            assert invitation == work.invitations.of_link(invitation.link)
            unknown = LinkId(people.ports.ids.new(people.at))
            assert work.invitations.of_link(unknown) is None
            assert invitation == work.invitations.lock(invitation.id)
            work.invitations.save(attrs.evolve(invitation, accepted_at=people.at, version=2))
        with people.ports.unit_of_work(owner) as work:
            assert work.invitations.open_for(invitation.email, at=people.at) is None
            found = work.invitations.of_link(invitation.link)
            assert attrs.evolve(invitation, accepted_at=people.at, version=2) == found

    def test_open_invitations_are_listed_newest_first(self) -> None:
        """Accepted, ended and expired ones are neither listed nor counted."""
        people = People.of(self.make_ports())
        owner = new_shop(people.ports)
        first, second, accepted, ended, late = (invited(people) for _ in range(5))
        with people.ports.unit_of_work(owner) as work:
            for one in (
                first,
                second,
                attrs.evolve(accepted, accepted_at=people.at),
                attrs.evolve(ended, ended_at=people.at),
                attrs.evolve(late, until=people.at),
            ):
                work.invitations.add(one)
            assert work.invitations.count_open(at=people.at) == 2
        with people.ports.unit_of_work.read_only(owner) as view:
            assert (second, first) == view.invitations.open(at=people.at)

    def test_a_foreign_invitation_is_a_missing_one(self) -> None:
        """Another shop neither finds nor counts it."""
        people = People.of(self.make_ports())
        owner, stranger = new_shop(people.ports), new_shop(people.ports)
        invitation = invited(people)
        with people.ports.unit_of_work(owner) as work:
            work.invitations.add(invitation)
        with people.ports.unit_of_work(stranger) as work:
            assert work.invitations.of_link(invitation.link) is None
            assert work.invitations.open_for(invitation.email, at=people.at) is None
            assert work.invitations.count_open(at=people.at) == 0
            with pytest.raises(NotFound):
                work.invitations.lock(invitation.id)
        with people.ports.unit_of_work.read_only(stranger) as view:
            assert () == view.invitations.open(at=people.at)


def joined(people: People, role: Role) -> Membership:
    """Return a membership of somebody, not stored."""
    return Membership(
        id=MembershipId(people.ports.ids.new(people.at)),
        user=UserId(people.ports.ids.new(people.at)),
        role=role,
        joined_at=people.at,
    )


def invited(people: People) -> Invitation:
    """Return an invitation for a week, not stored."""
    own = InvitationId(people.ports.ids.new(people.at))
    return Invitation(
        id=own,
        link=LinkId(people.ports.ids.new(people.at)),
        email=email(f"{own.hex}@example.com"),
        role=Role.ADMIN,
        invited_by=UserId(people.ports.ids.new(people.at)),
        invited_at=people.at,
        until=people.at + timedelta(days=7),
    )
