"""Jobs in PostgreSQL, whatever fails in whatever order."""

from collections import Counter
from datetime import timedelta
from typing import ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.jobs_machine import JobsMachine
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from tests.integration.conftest import Database

pytestmark = [pytest.mark.integration, pytest.mark.deep]

PASS = "UPDATE jobs.procrastinate_jobs SET scheduled_at = scheduled_at - %s::interval"


@pytest.mark.direct
def test_jobs_follow_their_rules_in_postgresql(database: Database) -> None:
    """Everything that was committed is done once, in its turn, whatever failed on the way."""

    class PostgresJobsMachine(JobsMachine):
        """The machine over this process's database."""

        covered: ClassVar[Counter[str]] = Counter()

        def make_ports(self, reactions: Reactions) -> Ports:
            """Return ports over an empty queue; those of the example before are closed."""
            database.close()
            return database.ports(reactions)

        def pass_time(self, ports: Ports, span: timedelta) -> None:
            """Move every waiting job nearer."""
            with psycopg.connect(database.addresses.jobs) as connection:
                connection.execute(PASS, [span])

    run_state_machine_as_test(
        PostgresJobsMachine,
        settings=settings(
            max_examples=4,
            stateful_step_count=15,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"done", "retried"} <= set(PostgresJobsMachine.covered)
