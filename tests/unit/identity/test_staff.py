"""Members, invitations and ownership: who may change what, and that it acts at once."""

import re
from datetime import timedelta
from functools import partial

import attrs
import pytest

from kasa.adapters.memory.messenger import RecordingMessenger
from kasa.application.identity.inviting import invitation_token
from kasa.application.identity.joining import NewPerson, PasswordAndNameNeeded, SignInFirst
from kasa.application.identity.visiting import SignedIn
from kasa.domain.identity.access import Actor, RecentSignInNeeded, Role, RoleTooLow
from kasa.domain.identity.invitation import Invitation
from kasa.domain.identity.membership import LastOwner
from kasa.domain.identity.one_time_link import LinkInvalid
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.user import MemberAlready
from kasa.domain.kernel.errors import NotFound, VersionStale
from kasa.domain.kernel.ids import MembershipId
from tests.unit.identity.street import HOME, PASSWORD, Street

DARA = "dara@example.com"
NEW = NewPerson(password=PASSWORD, name="Dara")


@attrs.frozen(kw_only=True)
class House:
    """A shop with its owner, and whoever was let in."""

    street: Street
    first: SignedIn

    @property
    def owner(self) -> Actor:
        """Return the owner, who has just signed in."""
        actor = self.street.admitted(self.first).actor
        assert actor is not None
        return actor

    def token(self, invitation: Invitation) -> str:
        """Return the token that an invitation's mail holds."""
        return invitation_token(self.street.ports.digests, invitation.id)

    def let_in(self, role: Role, address: str = DARA) -> SignedIn:
        """Invite somebody new, who comes."""
        staff = self.street.kasa.identity.staff
        token = self.token(staff.invite(self.owner, address, role))
        joined = staff.redeem_invitation(HOME, None, token, NEW)
        assert joined.signed_in is not None
        assert (self.first.tenant, role) == (joined.tenant, joined.role)
        return joined.signed_in

    def member(self, given: SignedIn) -> MembershipId:
        """Return what a person is in the shop."""
        members = self.street.kasa.identity.staff.queries.members(self.owner)
        return next(one.id for one in members if one.user == given.user)

    def role(self, given: SignedIn) -> Role:
        """Return the role of a person."""
        members = self.street.kasa.identity.staff.queries.members(self.owner)
        return next(one.role for one in members if one.user == given.user)

    def acting(self, given: SignedIn) -> Actor:
        """Return a person as they come in."""
        actor = self.street.admitted(given).actor
        assert actor is not None
        return actor


@pytest.fixture
def house(street: Street) -> House:
    """Return a shop that somebody has just opened."""
    return House(street=street, first=street.sign_up())


def _drained(house: House) -> str:
    """Run every job, and return the texts of all mails."""
    house.street.ports.worker.drain(house.street.kasa.run)
    messenger = house.street.ports.messenger
    assert isinstance(messenger, RecordingMessenger)
    return "\n".join(str(attrs.asdict(one)) for one in messenger.delivered)


def test_the_token_of_an_invitation_goes_out_by_mail_alone(house: House) -> None:
    """It is in the mail to the invited address, and in no answer."""
    invited = house.street.kasa.identity.staff.invite(house.owner, DARA, Role.USER)
    token = house.token(invited)
    assert token not in repr(invited)
    mails = _drained(house)
    assert re.search(rf"invitation\?token={token}\b", mails)
    assert DARA in mails
    house.street.kasa.identity.staff.redeem_invitation(HOME, None, token, NEW)


def test_an_invitation_works_once_and_for_seven_days(house: House) -> None:
    """A second call, a late one, and one of an invitation that was taken back find nothing."""
    staff, street = house.street.kasa.identity.staff, house.street
    token = house.token(staff.invite(house.owner, DARA, Role.VIEWER))
    redeem = staff.redeem_invitation
    redeem(HOME, None, token, NEW)
    with pytest.raises(LinkInvalid):
        redeem(HOME, None, token, NEW)
    ended = staff.invite(house.owner, "late@example.com", Role.VIEWER)
    staff.end_invitation(house.owner, ended.id)
    with pytest.raises(NotFound):
        staff.end_invitation(house.owner, ended.id)
    late = staff.invite(house.owner, "late@example.com", Role.VIEWER)
    street.pass_time(timedelta(days=7))
    for one in (ended, late):
        with pytest.raises(LinkInvalid):
            redeem(HOME, None, house.token(one), NEW)


def test_a_new_invitation_of_an_address_ends_the_earlier_one(house: House) -> None:
    """However the address is written: one open invitation each."""
    staff = house.street.kasa.identity.staff
    first = staff.invite(house.owner, DARA, Role.ADMIN)
    second = staff.invite(house.owner, DARA.upper(), Role.VIEWER)
    assert (second,) == staff.list_invitations(house.owner)
    with pytest.raises(LinkInvalid):
        staff.redeem_invitation(HOME, None, house.token(first), NEW)


def test_somebody_with_an_account_signs_in_first(house: House) -> None:
    """Nothing is consumed by a stranger who found the link, nor by another account."""
    staff, street = house.street.kasa.identity.staff, house.street
    dara, other = street.sign_up(DARA), street.sign_up("other@example.com")
    token = house.token(staff.invite(house.owner, DARA, Role.USER))
    for person in (None, street.person(other)):
        with pytest.raises(SignInFirst):
            staff.redeem_invitation(HOME, person, token, NEW)
    joined = staff.redeem_invitation(HOME, street.person(dara), token)
    assert (house.first.tenant, dara.user, None) == (joined.tenant, joined.user, joined.signed_in)
    with pytest.raises(MemberAlready):
        staff.invite(house.owner, DARA, Role.USER)


def test_a_new_person_chooses_a_password_by_the_rules(house: House) -> None:
    """A refused one consumes nothing."""
    staff = house.street.kasa.identity.staff
    token = house.token(staff.invite(house.owner, DARA, Role.USER))
    with pytest.raises(PasswordAndNameNeeded):
        staff.redeem_invitation(HOME, None, token)
    for wrong in ("short", "dara dara dara dara", "x" * 201):
        new = attrs.evolve(NEW, password=wrong)
        code = house.street.refusal(partial(staff.redeem_invitation, HOME, None, token, new))
        assert str(code).startswith("identity.password_")
    staff.redeem_invitation(HOME, None, token, NEW)


@pytest.mark.D4
def test_a_role_acts_on_the_next_call(house: House) -> None:
    """An access token of the old role opens nothing; a new one has the new rights."""
    staff, street = house.street.kasa.identity.staff, house.street
    dara = house.let_in(Role.ADMIN)
    assert Role.ADMIN.permissions == house.acting(dara).permissions
    staff.change_role(house.owner, house.member(dara), Role.VIEWER)
    assert "identity.token_invalid" == street.comes_in(dara)
    assert dara.refresh is not None
    again = street.kasa.identity.refresh(HOME, dara.refresh)
    assert Role.VIEWER.permissions == house.acting(again).permissions


@pytest.mark.D4
def test_a_removed_member_is_a_stranger_on_the_next_call(house: House) -> None:
    """The shop is not found any more, and the person is still signed in to kasa."""
    staff, street = house.street.kasa.identity.staff, house.street
    dara = house.let_in(Role.USER)
    staff.remove(house.owner, house.member(dara))
    assert "not_found" == street.comes_in(dara)
    assert dara.refresh is not None
    again = street.kasa.identity.refresh(HOME, dara.refresh)
    assert (None, dara.user) == (again.tenant, street.person(again).user)


def test_the_last_owner_stays(house: House) -> None:
    """Lowered, removed or lowered by themselves: first somebody else owns the shop."""
    staff = house.street.kasa.identity.staff
    own = house.member(house.first)
    with pytest.raises(LastOwner):
        staff.change_role(house.owner, own, Role.ADMIN)
    with pytest.raises(LastOwner):
        staff.remove(house.owner, own)
    dara = house.let_in(Role.OWNER)
    assert Role.USER is staff.change_role(house.owner, own, Role.USER).role
    owner = house.acting(dara)
    with pytest.raises(LastOwner):
        staff.remove(owner, next(m.id for m in staff.queries.members(owner) if m.user == dara.user))


def test_ownership_goes_to_a_member(house: House) -> None:
    """They own the shop then, and whoever gave it is an admin; a stranger gets nothing."""
    staff, street = house.street.kasa.identity.staff, house.street
    dara = house.let_in(Role.VIEWER)
    with pytest.raises(RecentSignInNeeded):
        staff.transfer_ownership(attrs.evolve(house.owner, recent=False), house.member(dara))
    with pytest.raises(NotFound):
        staff.transfer_ownership(house.owner, MembershipId(street.id()))
    staff.transfer_ownership(house.owner, house.member(dara))
    for one in (dara, house.first):
        assert "identity.token_invalid" == street.comes_in(one)
    roles = {}
    for one in (dara, house.first):
        assert one.refresh is not None
        again = street.kasa.identity.refresh(HOME, one.refresh)
        roles[one.user] = house.acting(again).permissions
    assert Role.OWNER.permissions == roles[dara.user]
    assert Role.ADMIN.permissions == roles[house.first.user]


def test_admins_manage_whom_they_may(house: House) -> None:
    """Not at all by default; with the setting viewers and users, never admins, never owners."""
    staff, street = house.street.kasa.identity.staff, house.street
    dara = house.let_in(Role.ADMIN)
    mony = house.let_in(Role.USER, "mony@example.com")
    with pytest.raises(RoleTooLow):
        staff.invite(house.acting(dara), "new@example.com", Role.VIEWER)
    shop = street.kasa.tenancy.queries.tenant(house.owner)
    profile = attrs.evolve(shop.profile, admins_manage_members=True)
    street.kasa.tenancy.change_profile(house.owner, profile)
    admin = house.acting(dara)
    staff.invite(admin, "new@example.com", Role.VIEWER)
    staff.change_role(admin, house.member(mony), Role.VIEWER)
    for role in (Role.ADMIN, Role.OWNER):
        with pytest.raises(RoleTooLow):
            staff.invite(admin, "other@example.com", role)
        with pytest.raises(RoleTooLow):
            staff.change_role(admin, house.member(mony), role)
    for other in (house.first, dara):
        with pytest.raises(RoleTooLow):
            staff.change_role(admin, house.member(other), Role.VIEWER)
        with pytest.raises(RoleTooLow):
            staff.remove(admin, house.member(other))
    with pytest.raises(RoleTooLow):
        staff.transfer_ownership(admin, house.member(dara))
    staff.remove(admin, house.member(mony))


def test_admins_and_owners_are_made_after_a_recent_sign_in(house: House) -> None:
    """Invited or raised; viewers and users need none."""
    staff = house.street.kasa.identity.staff
    dara = house.let_in(Role.USER)
    owner = attrs.evolve(house.owner, recent=False)
    for role in (Role.ADMIN, Role.OWNER):
        with pytest.raises(RecentSignInNeeded):
            staff.invite(owner, "new@example.com", role)
        with pytest.raises(RecentSignInNeeded):
            staff.change_role(owner, house.member(dara), role)
    staff.invite(owner, "new@example.com", Role.USER)
    staff.change_role(owner, house.member(dara), Role.VIEWER)


def test_an_old_version_changes_no_role(house: House) -> None:
    """Whoever saw an older role does not write over the newer one."""
    staff = house.street.kasa.identity.staff
    dara = house.member(house.let_in(Role.USER))
    staff.change_role(house.owner, dara, Role.VIEWER, version=1)
    with pytest.raises(VersionStale):
        staff.change_role(house.owner, dara, Role.ADMIN, version=1)


def test_colleagues_see_names_and_managers_addresses(house: House) -> None:
    """Another shop's member is a member who is not there."""
    staff = house.street.kasa.identity.staff
    dara = house.let_in(Role.VIEWER)
    seen = staff.queries.members(house.acting(dara))
    assert [("Sokha", None), ("Dara", None)] == [(one.name, one.email) for one in seen]
    assert [DARA] == [one.email for one in staff.queries.members(house.owner)][1:]
    other = house.street.admitted(house.street.sign_up("far@example.com")).actor
    assert other is not None
    for call in (staff.queries.member, staff.remove, staff.transfer_ownership):
        assert "not_found" == house.street.refusal(partial(call, other, house.member(dara)))


def test_owners_hear_when_the_maker_of_a_key_leaves(house: House) -> None:
    """Keys outlive their makers, so somebody has to look whether they should; once."""
    staff, programs = house.street.kasa.identity.staff, house.street.kasa.identity.programs
    dara = house.let_in(Role.OWNER)
    programs.make_key(house.acting(dara), "Web shop of Dara", ["read"])
    before = _drained(house).count("Web shop of Dara")
    staff.change_role(house.owner, house.member(dara), Role.ADMIN)
    after = _drained(house).count("Web shop of Dara")
    assert (2, 3) == (before, after)
    staff.remove(house.owner, house.member(dara))
    assert 4 == _drained(house).count("Web shop of Dara")
    kinds = [one.kind for one in house.street.security()]
    assert {SecurityKind.KEY_MADE, SecurityKind.ROLE_CHANGED, SecurityKind.MEMBER_REMOVED} <= set(
        kinds
    )
