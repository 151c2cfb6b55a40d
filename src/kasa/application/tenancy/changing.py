"""Changing a shop's profile; suspending it and opening it again."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import hold_cost_currency
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.tenancy.events import TenantChanged, TenantReopened, TenantSuspended
from kasa.domain.tenancy.tenant import Tenant, TenantProfile


@attrs.frozen(kw_only=True, eq=False)
class ChangeProfile:
    """Change what documents print of a shop and how it works; issued documents stay."""

    permission: ClassVar[Permission] = Permission.CHANGE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, profile: TenantProfile, *, version: int | None = None
    ) -> Tenant:
        """Replace the profile; with ``version`` only when nobody else changed it meanwhile.

        Raises ``version.stale``, and ``stock.cost_currency_fixed`` once goods have a value.
        Only an owner lets admins manage members, else ``access.role_too_low``.
        """
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.tenants.lock()
            if version is not None and version != before.version:
                raise VersionStale(current_version=before.version)
            if before.profile.admins_manage_members != profile.admins_manage_members:
                actor.require(Permission.CLOSE_TENANT)
            hold_cost_currency(work, before.profile, profile)
            after = before.changed(profile)
            work.tenants.save(after)
            fields = _changed(before.profile, profile)
            if fields:
                work.events.record(TenantChanged(subject=after.id, fields=fields), at=now)
            return work.answer(after)


def _changed(before: TenantProfile, after: TenantProfile) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in attrs.fields(TenantProfile)
        if getattr(before, field.name) != getattr(after, field.name)
    )


@attrs.frozen(kw_only=True, eq=False)
class SuspendTenant:
    """Pause a shop: it reads, exports and pays for kasa, and writes nothing else."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> Tenant:
        """Suspend the actor's tenant, or raise ``tenant.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            tenant = work.tenants.lock().suspend()
            work.tenants.save(tenant)
            work.events.record(TenantSuspended(subject=tenant.id), at=now)
            return work.answer(tenant)


@attrs.frozen(kw_only=True, eq=False)
class ReopenTenant:
    """Open a suspended shop again."""

    permission: ClassVar[Permission] = Permission.CLOSE_TENANT

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> Tenant:
        """Open the actor's tenant again, or raise ``tenant.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            tenant = work.tenants.lock().reopen()
            work.tenants.save(tenant)
            work.events.record(TenantReopened(subject=tenant.id), at=now)
            return work.answer(tenant)
