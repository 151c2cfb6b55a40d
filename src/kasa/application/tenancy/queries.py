"""What members may read about their shop."""

from typing import ClassVar

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.setting_up import SetupState, steps_of
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.tenancy.tenant import Tenant


@attrs.frozen(kw_only=True, eq=False)
class TenancyQueries:
    """What members may read about their shop."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def tenant(self, actor: Actor) -> Tenant:
        """Return the shop with its profile, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.tenants.show()

    def setup(self, actor: Actor) -> tuple[SetupState, ...]:
        """Return the steps of setting up a shop in their order, each done or not."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return steps_of(view)
