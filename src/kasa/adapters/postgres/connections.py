"""How many connections an installation may hold at once, and how many its server grants.

The sum is that of data.md, section 6: every process with all its threads busy at the same moment.
"""

import psycopg

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.queue_app import POOL_SIZE, threads_of
from kasa.application.ports.jobs import WORKER_QUEUES

DOOR_THREADS = 8
THREADS_BESIDE_JOBS = 3
"""Of a worker: the loop, the sweeps, and what looks after it."""
POOLER_SHARE = 4
"""What PgBouncer holds open for one process: its ``default_pool_size`` is at least this."""
BACKUP, OWNER = 2, 1
SPARE = 10
"""For administrators, monitors, and what the server keeps for superusers."""

GRANTED = """SELECT least(current_setting('max_connections')::int,
  CASE WHEN datconnlimit < 0 THEN NULL ELSE datconnlimit END) AS granted
FROM pg_database WHERE datname = current_database()"""


def wanted_connections(*, pooled: bool, listens: bool, doors: int = 1) -> int:
    """Return the sum for some processes of a door, one worker, a backup and an upgrade.

    Behind a pooler the units of work of a process share what the pooler holds open for it.
    """
    worker = threads_of(WORKER_QUEUES) + THREADS_BESIDE_JOBS
    works = (doors + 1) * POOLER_SHARE if pooled else doors * DOOR_THREADS + worker
    return works + POOL_SIZE + int(listens) + BACKUP + OWNER


def granted_connections(address: str) -> int:
    """Return how many connections the server of an address grants to this database.

    Raises ``store.unavailable``.
    """
    try:
        with psycopg.connect(address, prepare_threshold=None, connect_timeout=3) as connection:
            row = connection.execute(GRANTED).fetchone()
    except psycopg.Error as error:
        raise translated(error) from None
    assert row is not None
    return int(row[0])
