"""Closing a shop, and keeping it after all."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.tenancy.events import TenantClosed, TenantCloseWithdrawn
from kasa.domain.tenancy.tenant import Tenant


@attrs.frozen(kw_only=True, eq=False)
class CloseTenant:
    """Close a shop: it may be erased 30 days later, and until then this can be withdrawn."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> Tenant:
        """Close the actor's tenant, or raise ``tenant.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            tenant = work.tenants.lock().close(at=now)
            work.tenants.save(tenant)
            told = TenantClosed(subject=tenant.id, erasable_at=tenant.erasable_at or now)
            work.events.record(told, at=now)
            return work.answer(tenant)


@attrs.frozen(kw_only=True, eq=False)
class WithdrawClose:
    """Keep a closed shop after all; it is again what it was before."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT
    recent: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> Tenant:
        """Take the closing of the actor's tenant back, or raise ``tenant.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            tenant = work.tenants.lock().withdraw_close()
            work.tenants.save(tenant)
            work.events.record(TenantCloseWithdrawn(subject=tenant.id), at=now)
            return work.answer(tenant)
