"""A whole day of a shop over PostgreSQL: the same answers and events as in dictionaries."""

import pytest

from kasa.adapters.memory.outside import StoppedClock
from tests.integration.conftest import Database
from tests.unit.samples.story import CHAPTERS, told, told_in_memory

pytestmark = pytest.mark.integration


def test_a_day_in_postgresql_is_a_day_in_memory(database: Database) -> None:
    """Every use case of the story answers with the same states and records the same kinds."""
    clock = StoppedClock()
    stored = told(database.ports(clock=clock), clock)
    remembered = told_in_memory(CHAPTERS)
    assert set(remembered.answers) == set(stored.answers)
    assert set(remembered.events) == set(stored.events)
    for name, answer in remembered.answers.items():
        state = getattr(answer, "state", None)
        assert state == getattr(stored.answers[name], "state", None)
