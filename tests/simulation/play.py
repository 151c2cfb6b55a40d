"""The play: steps are drawn, faults strike, laws are held against the books, and then it ends."""

from datetime import timedelta

import attrs

from kasa.application.ports.jobs import WORKER_QUEUES
from kasa.application.schedule import SWEEPS
from kasa.domain.payments.states import PaymentState
from tests.simulation.acts import ACTS
from tests.simulation.acts_goods import NOTHING, add_product, open_shop
from tests.simulation.books import Books
from tests.simulation.faults import Fault
from tests.simulation.laws import Watch
from tests.simulation.world import LAST_STEPS, Broken, World

CHANCES = {
    Fault.CRASH: 6,
    Fault.CUT: 4,
    Fault.FORGOTTEN: 4,
    Fault.AWAY: 3,
    Fault.UNCLEAR: 2,
    Fault.SLOW: 3,
    Fault.MEANWHILE: 8,
}
NO_FAULT = 70
ASIDE = tuple(act for act in ACTS if act.aside)
LOOK_AT_ALL_EVERY = 25
TOLD = 1200
CALM_DAYS = 9
"""Longer than anything waits: a customer 2 days, a bank a week."""
CALM_STEP = timedelta(hours=12)


class Failed(AssertionError):
    """A world broke; the message says where, what happened last, and how to see it again."""


@attrs.frozen(kw_only=True)
class Ended:
    """A world that came to rest: what its shops' books say, and how it went."""

    world: World
    books: tuple[Books, ...]


def play(world: World, steps: int, *, look_every: int = 1) -> Ended:
    """Play some steps and let the world come to rest; raise ``Failed`` when a law breaks."""
    watch = Watch(world)
    world.faults.meanwhile = lambda: _aside(world)
    number = 0
    try:
        open_shop(world)
        add_product(world, world.shops[0])
        for number in range(1, steps + 1):
            _step(world, watch, number, look_every)
        number += 1
        return Ended(world=world, books=_rest(world, watch))
    except BaseException as error:
        raise Failed(told(world, number, error)) from error


def told(world: World, number: int, error: BaseException) -> str:
    """Return how a world broke."""
    last = "\n".join(f"  {line}" for line in world.story[-LAST_STEPS:])
    return (
        f"seed {world.seed}, step {number}: {type(error).__name__}: {str(error)[:TOLD]}\n"
        f"The last steps:\n{last}\n  now: {world.now_doing}\n"
        f"Again: make simulate SEED={world.seed} EXAMPLES={number}"
    )


def _step(world: World, watch: Watch, number: int, look_every: int) -> None:
    shop = world.random.choice(world.shops)
    (act,) = world.random.choices(ACTS, weights=[one.weight for one in ACTS])
    world.faults.draw(world.random, CHANCES, none=NO_FAULT)
    world.now_doing = f"{number}. shop {shop.number}, {act.kind}"
    said = act.call(world, shop)
    world.faults.calm()
    world.kinds[act.kind] += said != NOTHING
    world.tell(f"{world.now_doing}: {said}")
    if number % LOOK_AT_ALL_EVERY == 0:
        for one in world.shops:
            watch.look(one)
    elif number % look_every == 0:
        watch.look(shop)


def _aside(world: World) -> None:
    """Let somebody else do something to its end."""
    shop = world.random.choice(world.shops)
    (act,) = world.random.choices(ASIDE, weights=[one.weight for one in ASIDE])
    said = act.call(world, shop)
    world.faults.calm()
    world.kinds[act.kind] += said != NOTHING
    world.story.append(f"   meanwhile: shop {shop.number}, {act.kind}: {said}")


def _rest(world: World, watch: Watch) -> tuple[Books, ...]:
    """Let everything work, time pass, and every job be done; require that nothing waits."""
    world.faults.calm()
    world.faults.last = ""
    world.faults.down.clear()
    world.now_doing = "the world comes to rest"
    end = world.now() + timedelta(days=CALM_DAYS)
    while world.now() < end:
        _work_off(world)
        _sweep(world)
        _work_off(world)
        waiting = [row.due for row in world.lines.queued()]
        if not waiting:
            world.clock.set(end)
            _sweep(world)
        soon = min([*waiting, world.now() + CALM_STEP])
        world.clock.set(max(soon, world.now() + timedelta(minutes=5)))
    _work_off(world)
    books = tuple(watch.look(shop) for shop in world.shops)
    left = [row.job for row in world.lines.queued() if row.job.queue in WORKER_QUEUES]
    world.require(not left, "no job waits for ever:", left)
    for one in books:
        for payment in one.payments:
            resting = payment.state not in {PaymentState.SUBMITTED, PaymentState.WAITING}
            world.require(resting, "every payment comes to rest:", payment)
    return books


def _sweep(world: World) -> None:
    for sweep in SWEEPS:
        outcome = world.kasa.sweep(sweep.name)
        world.require(not hasattr(outcome, "code"), "a sweep works:", sweep.name, outcome)


def _work_off(world: World) -> None:
    while found := world.runnable():
        world.run(found[0])


__all__ = ["Broken", "Ended", "Failed", "play"]
