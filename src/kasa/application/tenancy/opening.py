"""Opening a shop."""

import attrs

from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.opening import Founder, open_shop
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.ids import MembershipId, TenantId
from kasa.domain.tenancy.tenant import Tenant, TenantProfile


@attrs.frozen(kw_only=True, eq=False)
class OpenTenant:
    """Open a new shop; it is empty and may do everything its plan covers."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, who: PlatformActor, profile: TenantProfile) -> Tenant:
        """Open a shop with this profile and return it; a person who opens it owns it.

        A person proved lately who they are, else ``identity.recent_sign_in_needed``; on the machine
        itself nobody is asked.
        """
        if who.user is not None:
            who.require_recent()
        now = self.clock.now()
        founder = Actor(tenant=TenantId(self.ids.new(now)), user=who.user, request=who.request)
        owner = None
        if who.user is not None:
            owner = Founder(user=who.user, membership=MembershipId(self.ids.new(now)))
        with self.unit_of_work(founder) as work:
            return work.answer(open_shop(work, founder.tenant, profile, at=now, owner=owner))
