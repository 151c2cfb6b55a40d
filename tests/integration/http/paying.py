"""A shop behind the door whose pictures say what a test wants."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import attrs

from kasa.adapters.conformance.receipts import aba_success
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Role
from kasa.domain.kernel.ids import UserId
from kasa.domain.payments.evidence import UNREADABLE
from kasa.entrypoints.http.front import Front
from tests.integration.http.client import Web
from tests.integration.http.shop import Shop, Street, street_over
from tests.unit.payments.alerting import aba_text
from tests.unit.payments.desk import Desk


@attrs.define(eq=False)
class Till:
    """A shop of a desk, called through the door."""

    desk: Desk
    street: Street
    shop: Shop

    def invoice(self) -> UUID:
        """Issue an invoice of 25,000 riel."""
        return self.desk.issue().id

    def reads(self, picture: bytes, **fields: str) -> None:
        """Let a picture show a receipt without a time, with these fields read."""
        shown = aba_success(paid_at=UNREADABLE)
        told: dict[str, Any] = {name: read(value) for name, value in fields.items()}
        self.desk.reader.show(picture, attrs.evolve(shown, **told))

    def shows(self, picture: bytes) -> None:
        """Let a picture show a receipt that pays an invoice of 25,000 riel."""
        self.desk.reader.show(picture, aba_success())

    def work_off(self) -> None:
        """Do every job."""
        self.desk.drain()

    def alert_text(self) -> str:
        """Return what a bank's bot posts about 25,000 riel."""
        return aba_text()


def till_over(
    caller: Callable[[Front], Web], make: Callable[[StoppedClock], Ports] | None = None
) -> Till:
    """Return a till over memory, or over the ports that are made with its clock."""
    clock = StoppedClock(PAID_AT)
    ports = memory_ports(clock=clock) if make is None else make(clock)
    desk = Desk.open(ports, clock)
    street = street_over(ports, caller)
    tenant = desk.owner.tenant
    people = {role: UserId(UUID(int=tenant.int ^ place)) for place, role in enumerate(Role)}
    till = Till(desk, street, Shop(tenant, street.web, street.admission, people))
    till.reads(b"a receipt")
    return till
