"""Worlds over memory, and over whatever keeps the books otherwise."""

from datetime import timedelta
from random import Random

import attrs

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.payment_providers import ScriptedBankChecker
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.adapters.memory.tables import Database
from kasa.adapters.memory.transactions import MemoryUnitOfWorkFactory
from kasa.adapters.memory.worker import MemoryWorker
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.reactions import REACTIONS
from tests.simulation.faults import Faults
from tests.simulation.ids import RoundIds
from tests.simulation.lines import Lines, MemoryLines
from tests.simulation.shaken import Commits, shaken
from tests.simulation.world import BEGINNING, World


def world_over(seed: int, ports: Ports, lines: Lines, clock: StoppedClock, ids: RoundIds) -> World:
    """Return an empty world over ports and their queue."""
    recognizer, bank = ScriptedRecognizer(), ScriptedBankChecker()
    ports = attrs.evolve(ports, recognizer=recognizer, bank=bank)
    faults, commits = Faults(), Commits()
    world = World(
        seed=seed,
        random=Random(seed),
        clock=clock,
        kasa=Kasa.over(shaken(ports, faults, commits)),
        plain=ports,
        lines=lines,
        faults=faults,
        commits=commits,
        recognizer=recognizer,
        bank=bank,
    )
    faults.calmed = ids.round_up
    faults.wait = lambda: world.pass_time(timedelta(minutes=world.random.choice([1, 4, 30])))
    return world


def in_memory(seed: int) -> World:
    """Return a world in dictionaries."""
    clock, ids, jobs = StoppedClock(BEGINNING), RoundIds(), MemoryJobQueue()
    ports = attrs.evolve(
        memory_ports(clock=clock),
        unit_of_work=MemoryUnitOfWorkFactory(Database(), jobs, REACTIONS, ids),
        worker=MemoryWorker(jobs, clock),
        ids=ids,
    )
    return world_over(seed, ports, MemoryLines(jobs), clock, ids)
