"""What a store of shops must do."""

import json
from datetime import UTC, datetime
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.conformance.strategies_kernel import tenant_profiles
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import Conflict, NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant, TenantProfile, TenantState

CLOSED_AT = datetime(2026, 11, 2, 3, 0, 0, 123456, tzinfo=UTC)


def in_state(tenant: Tenant, state: TenantState) -> Tenant:
    """Return a shop as it is in a state."""
    opened = attrs.evolve(tenant, state=TenantState.OPEN, closed_at=None, state_before=None)
    match state:
        case TenantState.OPEN:
            return opened
        case TenantState.SUSPENDED:
            return opened.suspend()
        case TenantState.CLOSED:
            return opened.suspend().close(at=CLOSED_AT)
        case TenantState.ERASING:
            return opened.erase(at=CLOSED_AT, forced=True)


class TenancyConformance:
    """The tenant of a unit of work, and the directory across tenants."""

    def make_ports(self) -> Ports:
        """Return the ports under test; it is called once per example."""
        raise NotImplementedError

    def test_a_profile_survives_the_round_trip(self) -> None:
        """Every profile that can be made is loaded as it was saved."""
        ports = self.make_ports()
        owner = new_shop(ports)

        @given(profile=tenant_profiles(), state=st.sampled_from(TenantState))
        def check(profile: TenantProfile, state: TenantState) -> None:
            with ports.unit_of_work(owner) as work:
                tenant = in_state(work.tenants.lock().changed(profile), state)
                work.tenants.save(tenant)
            with ports.unit_of_work.read_only(owner) as view:
                assert tenant == view.tenants.show()
                assert (tenant.profile, tenant.state) == (view.tenant.profile, view.tenant.state)

        check()

    def test_a_missing_tenant_is_not_found(self) -> None:
        """Neither to lock nor to show."""
        ports = self.make_ports()
        nobody = Actor.system(TenantId(ports.ids.new(ports.clock.now())))
        with pytest.raises(NotFound), ports.unit_of_work(nobody) as work:
            work.tenants.lock()
        with pytest.raises(NotFound), ports.unit_of_work.read_only(nobody) as view:
            view.tenants.show()

    def test_a_rollback_keeps_the_old_profile(self) -> None:
        """What is saved in a unit of work that raises is not kept."""
        ports = self.make_ports()
        owner = new_shop(ports)
        with pytest.raises(Conflict), ports.unit_of_work(owner) as work:
            work.tenants.save(work.tenants.lock().suspend())
            raise Conflict
        with ports.unit_of_work.read_only(owner) as view:
            assert view.tenants.show().state is TenantState.OPEN

    @pytest.mark.G8
    def test_only_a_shop_that_is_being_erased_is_forgotten(self) -> None:
        """Open, suspended and closed ones are not; afterwards nothing of it is in any table."""
        ports = self.make_ports()
        owner, other = new_shop(ports), new_shop(ports)
        for state in (TenantState.OPEN, TenantState.SUSPENDED, TenantState.CLOSED):
            with ports.unit_of_work(owner) as work:
                work.tenants.save(in_state(work.tenants.lock(), state))
            with (
                pytest.raises(Exception, match=r"erased|KA003"),
                ports.unit_of_work.platform() as work,
            ):
                work.tenants.forget(owner.tenant)
        with ports.unit_of_work(owner) as work:
            work.tenants.save(in_state(work.tenants.lock(), TenantState.ERASING))
        with ports.unit_of_work.read_only(owner) as view:
            counts = view.tables.counts()
        assert {"tenants", "events"} <= counts.keys()
        gone = list(iter(lambda: forgotten(ports, owner), 0))
        assert sum(gone) == sum(counts.values())
        with ports.unit_of_work.read_only(owner) as view:
            assert view.tables.counts() == {}
        with ports.unit_of_work.read_only(other) as view:
            assert view.tenants.show().state is TenantState.OPEN

    def test_every_row_is_a_line(self) -> None:
        """Of every table, as many as it counts, each as JSON that names its shop."""
        ports = self.make_ports()
        owner = new_shop(ports)
        new_shop(ports)
        with ports.unit_of_work.read_only(owner, snapshot=True) as view:
            counts = view.tables.counts()
            lines = {name: list(view.tables.lines(name)) for name in view.tables.names()}
            assert view.tables.schema()
        assert counts == {name: len(rows) for name, rows in lines.items() if rows}
        assert {str(owner.tenant)} == {
            json.loads(line)["tenant_id"] for rows in lines.values() for line in rows
        }

    def test_the_directory_pages_by_rising_id(self) -> None:
        """Each page starts behind the last one, and no shop is left out."""
        ports = self.make_ports()
        shops = [new_shop(ports).tenant for _ in range(5)]
        start = TenantId(UUID(int=shops[0].int - 1))
        with ports.unit_of_work.platform() as work:
            page = work.tenants.ids(after=start, limit=3)
            rest = work.tenants.ids(after=page[-1], limit=500)
        assert shops == [*page, *rest][:5]


def forgotten(ports: Ports, owner: Actor) -> int:
    """Forget some of a shop, and return how many rows went."""
    with ports.unit_of_work.platform() as work:
        return work.tenants.forget(owner.tenant)
