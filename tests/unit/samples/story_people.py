"""Who works in the shop of the story, and which programs act for it."""

from collections.abc import Iterator
from typing import Any

import attrs

from kasa.adapters.memory.outside import StoppedClock
from kasa.domain.identity.access import Role
from kasa.domain.identity.user import Membership
from kasa.domain.kernel.ids import MembershipId, UserId
from tests.unit.journeys.steps import Steps


def _joined(steps: Steps, role: Role, user: UserId) -> Membership:
    now = steps.ports.clock.now()
    member = Membership(
        id=MembershipId(steps.ports.ids.new(now)), user=user, role=role, joined_at=now
    )
    with steps.ports.unit_of_work(steps.owner) as work:
        work.members.add(member)
    return member


def people(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    """Tell of a member who rises, owns, and of one who leaves."""
    staff, owner = steps.kasa.identity.staff, attrs.evolve(steps.owner, recent=True)
    _joined(steps, Role.OWNER, owner.person)
    clerk = _joined(steps, Role.USER, UserId(steps.ports.ids.new(clock.now())))
    viewer = _joined(steps, Role.VIEWER, UserId(steps.ports.ids.new(clock.now())))
    yield staff.change_role(owner, clerk.id, Role.ADMIN)
    yield staff.transfer_ownership(owner, clerk.id)
    yield staff.remove(owner, viewer.id)
    invited = staff.invite(owner, "dara@example.com", Role.VIEWER)
    yield staff.end_invitation(owner, invited.id)


def programs(steps: Steps, clock: StoppedClock) -> Iterator[Any]:
    """Tell of a key and of a client that are made, replaced and ended."""
    acts, owner = steps.kasa.identity.programs, attrs.evolve(steps.owner, recent=True)
    key = acts.make_key(owner, "Web shop", ["read", "invoices"])
    yield key
    new = acts.rotate_key(owner, key.key.id)
    yield new
    yield acts.end_key(owner, new.key.id)
    client = acts.make_client(owner, "Phone relay", ["alerts:write"])
    yield client
    later = acts.rotate_client(owner, client.client.id)
    yield acts.end_client(owner, later.client.id)
