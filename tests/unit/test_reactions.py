"""The tables of reactions and sweeps: unique names, policies, both sides equal."""

from datetime import timedelta

import pytest

from kasa.application.kasa import Kasa
from kasa.application.ports.events import Reactions
from kasa.application.ports.jobs import Queue
from kasa.application.ports.schedule import Swept
from kasa.application.reactions import POLICIES, REACTIONS
from kasa.application.schedule import SWEEPS, matched
from kasa.domain.kernel.events import Event
from tests.unit.kernel.test_events import every_event

ORDERED_ENDS = timedelta(hours=1)
CRON_RANGES = (range(60), range(24), range(1, 32), range(1, 13), range(7))


def test_names_are_unique() -> None:
    """A name, also a former one, is of one reaction: jobs wait under it."""
    names = [name for row in REACTIONS.rows for name in (row.name, row.formerly) if name]
    assert sorted(set(names)) == sorted(names)


def test_every_queue_has_a_policy() -> None:
    """A reaction without special wishes takes the policy of its queue."""
    assert set(Queue) == set(POLICIES)


def test_an_ordered_reaction_gives_up_within_an_hour() -> None:
    """What waits behind it must not wait longer."""
    faults = [
        row.name
        for row in REACTIONS.rows
        if row.order is not None and row.policy.give_up_after > ORDERED_ENDS
    ]
    assert faults == []


def test_reactions_are_to_events_that_exist() -> None:
    """Every row names an event of the domain, or chooses among all of them."""
    assert {row.event for row in REACTIONS.rows if row.event is not Event} <= set(every_event())
    assert all(row.when for row in REACTIONS.rows if row.event is Event)


def test_every_reaction_has_its_use_case(kasa: Kasa) -> None:
    """The names of the table and those that kasa can run are the same."""
    assert {row.name for row in REACTIONS.rows} == set(kasa.run.calls)


def test_a_missing_side_is_a_bug() -> None:
    """A reaction without use case, or the reverse, stops the start."""
    with pytest.raises(ValueError, match=r"inventory\.nothing"):
        Reactions(()).matched({"inventory.nothing": print})


def test_every_sweep_has_its_use_case(kasa: Kasa) -> None:
    """The names of the schedule and those that kasa can run are the same, and each runs."""
    assert {row.name for row in SWEEPS} == set(kasa.sweep.calls)
    for row in SWEEPS:
        assert kasa.sweep(row.name) == Swept(0)
    with pytest.raises(ValueError, match="sweeps"):
        matched({})


def test_sweeps_have_unique_names_and_a_schedule() -> None:
    """A sweep is known by its name, and its five fields are numbers or any."""
    names = [row.name for row in SWEEPS]
    assert sorted(set(names)) == sorted(names)
    for row in SWEEPS:
        for field, allowed in zip(row.cron.split(" "), CRON_RANGES, strict=True):
            step = field.removeprefix("*/")
            assert field == "*" or int(step) in allowed
