"""What every store of persons must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Role
from kasa.domain.identity.user import (
    EmailTaken,
    LinkedIdentity,
    Membership,
    User,
    email,
    email_key,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import IdentityId, MembershipId, UserId


class PeopleConformance:
    """Persons, across shops."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_an_address_is_one_persons(self) -> None:
        """A second person with the address of the first is not stored, however it is written."""
        people = People.of(self.make_ports())
        first = people.added()
        assert first.email is not None
        again = attrs.evolve(people.person(), email=email(first.email.upper()))
        with people.ports.unit_of_work.platform() as work:
            assert not work.users.add(again)
            assert first == work.users.by_email(email_key(again.email or first.email))
            with pytest.raises(NotFound):
                work.users.get(again.id)

    def test_an_id_is_added_once(self) -> None:
        """A second time nothing happens, so a crash between two steps is mended by a repeat."""
        people = People.of(self.make_ports())
        first = people.added()
        with people.ports.unit_of_work.platform() as work:
            assert not work.users.add(attrs.evolve(people.person(), id=first.id))
            assert first == work.users.get(first.id)

    def test_everything_of_a_person_survives_the_round_trip(self) -> None:
        """Also what is secret, and what nobody has yet; each save is the next version."""
        people = People.of(self.make_ports())
        bare = attrs.evolve(people.added(), email=None)
        full = attrs.evolve(
            bare,
            email=email(f"new-{bare.id.hex}@example.com"),
            language="km",
            password_hash="$argon2id$v=19$x",  # noqa: S106  # the form of a hash
            short_password=True,
            password_off_at=people.at,
            totp_sealed=b"\x00sealed",
            totp_pending=b"\xffpending",
            totp_step=58_000_000,
            recovery_hashes=(people.digest(), people.digest()),
            operator=True,
            disabled_at=people.at + timedelta(microseconds=1),
        )
        for wanted in (bare, full):
            with people.ports.unit_of_work.platform() as work:
                before = work.users.lock(bare.id)
                work.users.save(attrs.evolve(wanted, version=before.version))
            with people.ports.unit_of_work.platform() as work:
                assert attrs.evolve(wanted, version=before.version + 1) == work.users.get(bare.id)

    def test_a_taken_address_is_refused(self) -> None:
        """Nobody takes the address of somebody else, also by changing their own."""
        people = People.of(self.make_ports())
        first, second = people.added(), people.added()
        with pytest.raises(EmailTaken), people.ports.unit_of_work.platform() as work:
            work.users.save(attrs.evolve(work.users.lock(second.id), email=first.email))
        with people.ports.unit_of_work.platform() as work:
            assert second == work.users.get(second.id)

    def test_who_is_saved_was_locked(self) -> None:
        """Saving without a lock is a bug, and the missing are not found."""
        people = People.of(self.make_ports())
        user = people.added()
        with pytest.raises(RuntimeError), people.ports.unit_of_work.platform() as work:
            work.users.save(user)
        with people.ports.unit_of_work.platform() as work:
            missing = UserId(people.ports.ids.new(people.at))
            with pytest.raises(NotFound):
                work.users.lock(missing)

    def test_many_are_found_at_once(self) -> None:
        """In the order of the question, each once, without those that there are not."""
        people = People.of(self.make_ports())
        first, second = people.added(), people.added()
        missing = UserId(people.ports.ids.new(people.at))
        with people.ports.unit_of_work.platform() as work:
            found = work.users.many([second.id, missing, first.id, second.id])
            assert (second, first) == found
            assert () == work.users.many([])

    def test_another_way_to_sign_in_is_one_persons(self) -> None:
        """Provider and subject belong to whom they were linked first; only they unlink them."""
        people = People.of(self.make_ports())
        first, second = people.added(), people.added()
        linked = _identity(people, first, subject=first.id.hex)
        later = attrs.evolve(
            _identity(people, first, subject=second.id.hex),
            linked_at=people.at + timedelta(seconds=1),
        )
        taken = _identity(people, second, subject=first.id.hex)
        with people.ports.unit_of_work.platform() as work:
            assert work.users.link(linked)
            assert work.users.link(later)
            assert not work.users.link(taken)
            assert (linked, later) == work.users.identities(first.id)
            assert () == work.users.identities(second.id)
            assert not work.users.unlink(second.id, linked.id)
            assert work.users.unlink(first.id, linked.id)
            assert not work.users.unlink(first.id, linked.id)
            assert (later,) == work.users.identities(first.id)

    def test_a_person_knows_their_shops(self) -> None:
        """Those in which they are a member now, by rising identifier."""
        people = People.of(self.make_ports())
        user, owners = people.added(), [new_shop(people.ports) for _ in range(3)]
        members = [
            Membership(
                id=MembershipId(people.ports.ids.new(people.at)),
                user=user.id,
                role=Role.USER,
                joined_at=people.at,
            )
            for _ in owners
        ]
        for owner, member in zip(owners, members, strict=True):
            with people.ports.unit_of_work(owner) as work:
                work.members.add(member)
        with people.ports.unit_of_work(owners[1]) as work:
            work.members.remove(work.members.lock(members[1].id).id)
        with people.ports.unit_of_work.platform() as work:
            wanted = tuple(sorted(owner.tenant for owner in (owners[0], owners[2])))
            assert wanted == work.users.shops(user.id)
            assert () == work.users.shops(UserId(people.ports.ids.new(people.at)))


def _identity(people: People, user: User, *, subject: str) -> LinkedIdentity:
    return LinkedIdentity(
        id=IdentityId(people.ports.ids.new(people.at)),
        user=user.id,
        provider="telegram",
        subject=subject,
        linked_at=people.at,
    )
