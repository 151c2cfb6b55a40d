"""Acts of the machine and of time: jobs in any allowed order, twice, failed ones, sweeps, waits."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from kasa.application.ports.schedule import SweepFailed
from kasa.application.schedule import SWEEPS
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import KasaError, NotFound, Unavailable
from kasa.domain.kernel.events import JobFailed
from tests.simulation.acts_goods import NOTHING, words
from tests.simulation.faults import Crash
from tests.simulation.shop import Shop
from tests.simulation.world import World

OUTSIDE = ("storage", "recognizer", "bank", "images", "printer")
SPANS_MINUTES = (1, 1, 5, 15, 40, 90, 300, 1500)
DRAWN = [one.name for one in SWEEPS if one.name != "operations.forget_answers"]
"""Sweeps of a world: the server's own clock dates answers, so to its clock each is too old."""


def run_job(world: World, _: Shop) -> str:
    """Run one of the jobs that may run now, not always the first."""
    found = world.runnable()
    if not found:
        return NOTHING
    chosen = found[0] if world.chance(50) else world.random.choice(found)
    return world.run(chosen)


def run_twice(world: World, _: Shop) -> str:
    """Run a job that runs or was done once more: a worker was taken for dead."""
    running = [row for row in world.lines.queued() if row.running]
    chosen = world.one([*world.ended, *running])
    return NOTHING if chosen is None else world.run_twin(chosen)


def work_off(world: World, _: Shop) -> str:
    """Run several jobs."""
    done = 0
    for _turn in range(12):
        found = world.runnable()
        if not found:
            break
        world.run(world.random.choice(found))
        done += 1
    return f"{done} jobs"


def retry_failed(world: World, shop: Shop) -> str:
    """Ask for a job that gave up to be run again."""
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        failed = view.events.trail(kinds=(JobFailed.kind,), limit=20).items
    chosen = world.one(failed)
    if chosen is None:
        return NOTHING
    use = world.kasa.operations.retry_job
    return words(world.ask(shop.owner, "jobs.retry", lambda actor: use(actor, chosen.id)))


def sweep(world: World, _: Shop) -> str:
    """Run a sweep of the schedule."""
    name = world.random.choice(DRAWN)
    try:
        outcome = world.kasa.sweep(name)
    except Crash:
        world.faults.calm()
        return f"{name} crashed"
    if isinstance(outcome, SweepFailed):
        met = world.faults.last or world.faults.down
        world.require(met, "a sweep fails without a cause:", name, outcome.code, outcome.cause)
        return f"{name} {outcome.code}"
    return f"{name} found {outcome.found}"


def wait(world: World, _: Shop) -> str:
    """Let time pass."""
    minutes = world.random.choice(SPANS_MINUTES)
    world.pass_time(timedelta(minutes=minutes))
    return f"{minutes} minutes"


def set_clock_back(world: World, _: Shop) -> str:
    """Set the clock back, as a machine does that was ahead of its time."""
    minutes = world.random.choice([1, 7, 60, 780])
    world.clock.set(world.now() - timedelta(minutes=minutes))
    return f"{minutes} minutes"


def outage(world: World, _: Shop) -> str:
    """Let something outside be away for some steps, or come back."""
    down = world.faults.down
    if down and world.chance(75):
        down.clear()
        return "over"
    down.add(world.random.choice(OUTSIDE))
    return f"of {', '.join(sorted(down))}"


def repeat(world: World, _: Shop) -> str:
    """Send an answered request once more."""
    request = world.one(world.requests)
    return NOTHING if request is None else world.repeat(request)


def pry(world: World, shop: Shop) -> str:
    """Ask one shop for what is another one's: it looks exactly like what is not there."""
    other = world.one([one for one in world.shops if one is not shop])
    if other is None:
        return NOTHING
    world.faults.calm()
    kasa, actor = world.kasa, shop.owner
    tries: list[tuple[Callable[..., object], UUID]] = [
        *((kasa.invoicing.queries.invoice, one) for one in other.invoices[-2:]),
        *((kasa.inventory.queries.product, one.id) for one in other.goods[-2:]),
        *((kasa.payments.queries.payment, one.id) for one in other.claims[-2:]),
        *((kasa.invoicing.queries.customer, one) for one in other.customers[-2:]),
        *((kasa.invoicing.issue, one) for one in other.drafts[-1:]),
        *((kasa.inventory.archive_product, one.id) for one in other.goods[-1:]),
    ]
    for use, thing in tries:
        try:
            seen = use(actor, thing)
        except NotFound:
            continue
        world.require(False, "a shop sees nothing of another's:", seen)
    _too_low(world, shop.viewer, shop)
    return f"{len(tries)} things"


def _too_low(world: World, viewer: Actor, shop: Shop) -> None:
    """Require that somebody who may only look changes nothing."""
    for draft in shop.drafts[-1:]:
        try:
            world.kasa.invoicing.issue(viewer, draft)
        except Unavailable:
            raise
        except KasaError as refusal:
            world.require(refusal.code == "access.role_too_low", "a viewer only looks")
        else:
            world.require(False, "a viewer only looks")
