"""What every unit of work must do: one tenant, all or nothing, no nesting, answers once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from threading import Thread
from uuid import UUID

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import OPEN
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import Conflict, NotFound
from kasa.domain.kernel.idempotency import Answered, InProgress, KeyReused
from kasa.domain.kernel.ids import PLATFORM, RequestId, TenantId
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from kasa.domain.tenancy.events import TenantReopened, TenantSuspended
from kasa.domain.tenancy.tenant import Tenant, TenantState

WAIT_SECONDS = 10


class WorkConformance:
    """Units of work, the event log they write, and idempotency keys."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_what_returns_has_happened(self) -> None:
        """A clean exit commits rows and events together."""
        ports = self.make_ports()
        owner = new_shop(ports)
        suspend(ports, owner)
        assert state(ports, owner) is TenantState.SUSPENDED
        assert kinds(ports, owner) == [
            "tenancy.tenant_opened",
            "tenancy.tenant_suspended",
        ]

    def test_what_raises_has_not(self) -> None:
        """An exception goes on, and takes rows, counters and events back."""
        ports = self.make_ports()
        owner = new_shop(ports)
        with pytest.raises(Conflict), ports.unit_of_work(owner) as work:
            work.tenants.save(work.tenants.lock().suspend())
            work.usage.spend(Meter.PRODUCTS, 3, period=CAPACITY_PERIOD, limit=9)
            work.events.record(TenantSuspended(subject=owner.tenant), at=ports.clock.now())
            raise Conflict
        assert state(ports, owner) is TenantState.OPEN
        assert kinds(ports, owner) == ["tenancy.tenant_opened"]
        with ports.unit_of_work(owner) as work:
            assert work.usage.used(Meter.PRODUCTS, period=CAPACITY_PERIOD) == 0

    def test_a_unit_of_work_sees_its_own_changes(self) -> None:
        """What is saved is read back before the commit, and by nobody else."""
        ports = self.make_ports()
        owner = new_shop(ports)
        with ports.unit_of_work(owner) as work:
            work.tenants.save(work.tenants.lock().suspend())
            assert work.tenants.lock().state is TenantState.SUSPENDED
            seen = in_thread(lambda: state(ports, owner))
        assert seen == [TenantState.OPEN]

    def test_old_answers_are_forgotten(self) -> None:
        """As many as asked, the oldest first, none that is younger; then the key is free again."""
        ports = self.make_ports()
        owner, now = new_shop(ports), datetime.now(UTC)
        keyed = [with_key(owner, f"key {number}") for number in range(3)]
        for actor in keyed:
            with ports.unit_of_work(actor) as work:
                work.answer("said")
        with ports.unit_of_work(owner) as work:
            assert work.answers.forget(before=now - timedelta(days=1), limit=9) == 0
            assert work.answers.forget(before=now + timedelta(days=1), limit=2) == 2
        for actor in keyed[:2]:
            with ports.unit_of_work(actor) as work:
                work.answer("anew")
        with pytest.raises(Answered), ports.unit_of_work(keyed[2]):
            raise AssertionError("the youngest answer stays")

    @pytest.mark.parametrize("inner", ["work", "view", "platform"])
    def test_units_of_work_do_not_nest(self, inner: str) -> None:
        """Opening one inside another is a bug, and the outer one survives it."""
        ports = self.make_ports()
        owner = new_shop(ports)
        openers: dict[str, Callable[[], AbstractContextManager[object]]] = {
            "work": lambda: ports.unit_of_work(owner),
            "view": lambda: ports.unit_of_work.read_only(owner),
            "platform": ports.unit_of_work.platform,
        }
        with ports.unit_of_work(owner) as work:
            work.tenants.save(work.tenants.lock().suspend())
            with pytest.raises(RuntimeError, match="units of work do not nest"), openers[inner]():
                raise AssertionError("it nested")
        assert state(ports, owner) is TenantState.SUSPENDED

    def test_it_is_known_whether_one_is_open(self) -> None:
        """``OPEN`` is true inside and false outside, also after an error."""
        ports = self.make_ports()
        owner = new_shop(ports)
        with pytest.raises(Conflict), ports.unit_of_work(owner):
            assert OPEN.get()
            raise Conflict
        assert not OPEN.get()
        with ports.unit_of_work.read_only(owner):
            assert OPEN.get()
        assert not OPEN.get()

    def test_the_tenant_is_the_scope_s(self) -> None:
        """The facts are those of the scope's tenant; one that is not there is not found."""
        ports = self.make_ports()
        owner = new_shop(ports)
        with ports.unit_of_work.read_only(owner, snapshot=True) as view:
            assert owner.tenant == view.tenant.id
            assert view.tenants.show().profile == view.tenant.profile
        nobody = Actor.system(TenantId(ports.ids.new(ports.clock.now())))
        with ports.unit_of_work.read_only(nobody) as view, pytest.raises(NotFound):
            _ = view.tenant

    def test_a_foreign_event_is_a_missing_one(self) -> None:
        """Another tenant reads neither the event nor that it exists."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        with ports.unit_of_work.read_only(owner) as view:
            (opened,) = view.events.about(owner.tenant)
        with ports.unit_of_work.read_only(stranger) as view:
            assert view.events.about(owner.tenant) == ()
            with pytest.raises(NotFound):
                view.events.event(opened.id)

    def test_events_say_who_and_for_whom(self) -> None:
        """Author and request of the scope are stamped on every event; a sweep has none."""
        ports = self.make_ports()
        owner = new_shop(ports)
        request = RequestId(ports.ids.new(ports.clock.now()))
        suspend(ports, attrs.evolve(owner, request=request))
        with ports.unit_of_work(Actor.system(owner.tenant)) as work:
            work.events.record(TenantReopened(subject=owner.tenant), at=ports.clock.now())
        with ports.unit_of_work.read_only(owner) as view:
            _, suspended, reopened = view.events.about(owner.tenant)
        assert (owner.user, request) == (suspended.by, suspended.request)
        assert (None, None) == (reopened.by, reopened.request)
        assert (owner.tenant, owner.tenant) == (suspended.tenant, reopened.tenant)

    def test_the_platform_is_a_tenant_of_its_own(self) -> None:
        """Events without tenant belong to ``PLATFORM``, and the directory lists every shop."""
        ports = self.make_ports()
        owner = new_shop(ports)
        subject = ports.ids.new(ports.clock.now())
        with ports.unit_of_work.platform() as work:
            work.events.record(TenantSuspended(subject=subject), at=ports.clock.now())
            before = TenantId(UUID(int=owner.tenant.int - 1))
            assert work.tenants.ids(after=before, limit=1) == (owner.tenant,)
        with ports.unit_of_work.read_only(Actor.system(PLATFORM)) as view:
            (row,) = view.events.about(subject)
        assert (PLATFORM, None) == (row.tenant, row.by)

    def test_a_repeat_gets_the_stored_answer(self) -> None:
        """The same request under the same key is answered and does nothing."""
        ports = self.make_ports()
        owner = with_key(new_shop(ports), "k1")
        first = suspend(ports, owner)
        with pytest.raises(Answered) as answered:
            suspend(ports, owner)
        assert first == answered.value.value
        assert len(kinds(ports, owner)) == 2

    def test_a_key_names_one_request(self) -> None:
        """The same key for other content is refused."""
        ports = self.make_ports()
        owner = new_shop(ports)
        suspend(ports, with_key(owner, "k1"))
        with pytest.raises(KeyReused):
            suspend(ports, with_key(owner, "k1", fingerprint="other"))

    def test_keys_of_others_do_not_matter(self) -> None:
        """Another tenant, another caller and another route have keys of their own."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        other = attrs.evolve(owner, user=stranger.user)
        suspend(ports, with_key(owner, "k1"))
        for actor in (
            with_key(stranger, "k1"),
            with_key(other, "k1"),
            with_key(owner, "k1", route="POST /y"),
        ):
            with ports.unit_of_work(actor) as work:
                work.answer(work.tenants.lock())

    def test_a_rollback_frees_the_key(self) -> None:
        """A request that failed may be sent again."""
        ports = self.make_ports()
        owner = with_key(new_shop(ports), "k1")
        with pytest.raises(Conflict), ports.unit_of_work(owner) as work:
            work.answer(work.tenants.lock())
            raise Conflict
        assert suspend(ports, owner).state is TenantState.SUSPENDED

    def test_a_twin_that_still_runs_is_told(self) -> None:
        """The same request at the same time is refused, not run twice."""
        ports = self.make_ports()
        owner = with_key(new_shop(ports), "k1")
        inside, finish = Signal(), Signal()

        def slow() -> None:
            with ports.unit_of_work(owner) as work:
                inside.set()
                finish.wait(WAIT_SECONDS)
                work.answer(work.tenants.lock())

        thread = Thread(target=slow)
        thread.start()
        try:
            assert inside.wait(WAIT_SECONDS)
            with pytest.raises(InProgress), ports.unit_of_work(owner):
                raise AssertionError("it ran twice")
        finally:
            finish.set()
            thread.join(WAIT_SECONDS)
        with pytest.raises(Answered), ports.unit_of_work(owner):
            raise AssertionError("it ran again")


def suspend(ports: Ports, actor: Actor) -> Tenant:
    """Suspend a tenant, say so, and answer with it."""
    with ports.unit_of_work(actor) as work:
        tenant = work.tenants.lock().suspend()
        work.tenants.save(tenant)
        work.events.record(TenantSuspended(subject=tenant.id), at=ports.clock.now())
        return work.answer(tenant)


def state(ports: Ports, actor: Actor) -> TenantState:
    """Return the committed state of a tenant."""
    with ports.unit_of_work.read_only(actor) as view:
        return view.tenants.show().state


def kinds(ports: Ports, actor: Actor) -> list[str]:
    """Return the kinds of the committed events about a tenant."""
    with ports.unit_of_work.read_only(actor) as view:
        return [row.event.kind for row in view.events.about(actor.tenant)]


def in_thread(call: Callable[[], TenantState]) -> list[TenantState]:
    """Return what a call answers in another thread, where no unit of work is open."""
    answers: list[TenantState] = []
    thread = Thread(target=lambda: answers.append(call()))
    thread.start()
    thread.join(WAIT_SECONDS)
    return answers
