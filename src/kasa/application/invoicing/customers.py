"""Customers: added, edited, archived, restored."""

from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.invoicing.events import CustomerAdded, CustomerChanged
from kasa.domain.kernel.ids import CustomerId
from kasa.domain.subscriptions.plan import Meter


@attrs.frozen(kw_only=True, eq=False)
class AddCustomer:
    """Add a customer's record."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.CUSTOMERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, details: CustomerDetails) -> Customer:
        """Store a new customer, or raise ``customer.phone_taken``, ``plan.quota_reached``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            customer_id = CustomerId(self.ids.new(now))
            customer = Customer(id=customer_id, details=details, created_at=now, updated_at=now)
            Entitlements(work, at=now).spend(self.meter, 1)
            work.customers.add(customer)
            work.events.record(CustomerAdded(subject=customer.id), at=now)
            return work.answer(customer)


@attrs.frozen(kw_only=True, eq=False)
class EditCustomer:
    """Change a customer's record; issued documents keep what they said."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, customer_id: CustomerId, details: CustomerDetails, *, version: int
    ) -> Customer:
        """Store other details, or raise ``version.stale``, ``customer.phone_taken``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.customers.lock(customer_id)
            after = before.edited(details, version=version, at=now)
            work.customers.save(after)
            fields = tuple(
                field.name
                for field in attrs.fields(CustomerDetails)
                if getattr(before.details, field.name) != getattr(details, field.name)
            )
            work.events.record(CustomerChanged(subject=after.id, fields=fields), at=now)
            return work.answer(after)


@attrs.frozen(kw_only=True, eq=False)
class ArchiveCustomer:
    """Put a customer's record away; it takes no new invoice and counts no more."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.CUSTOMERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, customer_id: CustomerId, *, version: int) -> Customer:
        """Archive it, or raise ``version.stale``; an archived one stays so."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.customers.lock(customer_id)
            after = before.archived(version=version, at=now)
            work.customers.save(after)
            if before.archived_at is None:
                Entitlements(work, at=now).release(self.meter, 1)
            work.events.record(CustomerChanged(subject=after.id, fields=("archived_at",)), at=now)
            return work.answer(after)


@attrs.frozen(kw_only=True, eq=False)
class RestoreCustomer:
    """Take an archived customer's record into use again; it counts again."""

    permission: ClassVar[Permission] = Permission.WRITE_CATALOGUE
    meter: ClassVar[Meter] = Meter.CUSTOMERS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, customer_id: CustomerId, *, version: int) -> Customer:
        """Restore it, or raise ``version.stale``, ``plan.quota_reached``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            before = work.customers.lock(customer_id)
            if before.archived_at is not None:
                Entitlements(work, at=now).spend(self.meter, 1)
            after = before.restored(version=version, at=now)
            work.customers.save(after)
            work.events.record(CustomerChanged(subject=after.id, fields=("archived_at",)), at=now)
            return work.answer(after)
