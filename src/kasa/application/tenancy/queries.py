"""What members may read about their shop."""

from enum import StrEnum
from typing import ClassVar

import attrs

from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.tenancy.tenant import Tenant


class SetupStep(StrEnum):
    """What a new shop does before it sells: profile, account, product, customer, first invoice.

    A profile is complete with an address and a telephone number, which documents print.
    """

    PROFILE = "profile"
    ACCOUNT = "receiving_account"
    PRODUCT = "product"
    CUSTOMER = "customer"
    INVOICE = "invoice"


@attrs.frozen(kw_only=True)
class SetupState:
    """One step of setting up a shop, and whether it is done."""

    step: SetupStep
    done: bool


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
            profile = view.tenant.profile
            done = {
                SetupStep.PROFILE: bool(profile.address and profile.phone),
                SetupStep.ACCOUNT: bool(view.accounts.listed()),
                SetupStep.PRODUCT: bool(view.stock.products(limit=1).items),
                SetupStep.CUSTOMER: bool(view.customers.page(limit=1).items),
                SetupStep.INVOICE: bool(view.series.listed()),
            }
        return tuple(SetupState(step=step, done=done[step]) for step in SetupStep)
