"""One PostgreSQL database as kasa's ports: what the bootstrap opens and closes."""

from collections.abc import Callable
from random import SystemRandom
from time import sleep
from typing import Any, TypeVar

import attrs
import sqlalchemy

from kasa.adapters.postgres.connections import GRANTED
from kasa.adapters.postgres.constraints import StoreSchema, translated
from kasa.adapters.postgres.embedded import Addresses
from kasa.adapters.postgres.engine import make_engine
from kasa.adapters.postgres.identity.admissions import PostgresAdmissions, PostgresRateLimits
from kasa.adapters.postgres.jobs_schema import has_own_parts
from kasa.adapters.postgres.schedule import PostgresSchedule
from kasa.adapters.postgres.transactions import PostgresUnitOfWorkFactory
from kasa.adapters.postgres.upgrade import (
    StoreSchemaNewer,
    current_revision,
    newest_revision,
    refuse_strong,
    steps_ahead,
    upgrade,
)
from kasa.adapters.postgres.worker import PostgresWorker
from kasa.application.ports.events import Reactions
from kasa.application.ports.system import Ids
from kasa.application.ports.work import Collided
from kasa.domain.kernel.errors import KasaError

REPEATS = 3
REPEAT_WAIT_MILLISECONDS = (20, 200)
AnswerT = TypeVar("AnswerT")


@attrs.frozen(kw_only=True)
class PostgresDatabase:
    """The engine, the units of work and the worker of one process."""

    engine: sqlalchemy.Engine
    unit_of_work: PostgresUnitOfWorkFactory
    admissions: PostgresAdmissions
    rates: PostgresRateLimits
    worker: PostgresWorker
    schedule: PostgresSchedule

    def ping(self) -> None:
        """Return when the database answers, its schema is there and its login is weak enough.

        Raises ``store.unavailable``, ``store.busy``, ``store.schema``, ``store.schema_newer`` when
        it is more than one step ahead, or ``setup.role_too_strong``.
        """
        try:
            with self.engine.connect() as connection:
                refuse_strong(connection)
                current = current_revision(connection)
                whole = has_own_parts(connection)
        except KasaError:
            raise
        except Exception as error:
            meaning = translated(error)
            raise meaning from error
        ahead = -1 if current is None or not whole else steps_ahead(current)
        if ahead < 0:
            raise StoreSchema(found=current, wanted=newest_revision())
        if ahead > 1:
            raise StoreSchemaNewer(found=current, wanted=newest_revision())

    def granted(self) -> int:
        """Return how many connections the server grants to this database."""
        with self.engine.connect() as connection:
            return int(connection.execute(sqlalchemy.text(GRANTED)).scalar_one())

    def close(self) -> None:
        """Close every connection; none is in use any more."""
        self.engine.dispose()


def open_postgres(
    addresses: Addresses,
    reactions: Reactions,
    ids: Ids,
    *,
    threads: int = 8,
    pooled: bool = False,
    listen: bool = True,
    door: str = "kasa",
) -> PostgresDatabase:
    """Return the ports over a database that ``upgrade`` has prepared; nothing is connected yet.

    ``threads`` is the number of units of work at once, ``pooled`` behind PgBouncer in transaction
    mode, ``listen`` off where the address of the jobs leads to a pooler, ``door`` a name that the
    server shows.
    """
    engine = make_engine(addresses.app, threads=threads, pooled=pooled, door=door)
    return PostgresDatabase(
        engine=engine,
        unit_of_work=PostgresUnitOfWorkFactory(engine, reactions, ids),
        admissions=PostgresAdmissions(engine),
        rates=PostgresRateLimits(engine),
        worker=PostgresWorker(addresses.jobs, reactions, listen=listen),
        schedule=PostgresSchedule(addresses.jobs),
    )


def ready_postgres(
    addresses: Addresses, reactions: Reactions, ids: Ids, *, upgrades: bool, **options: Any
) -> PostgresDatabase:
    """Return the ports over a database that answers, or raise what ``ping`` raises.

    ``upgrades``: a schema that is behind is upgraded. ``options`` are those of ``open_postgres``.
    """
    database = open_postgres(addresses, reactions, ids, **options)
    try:
        try:
            database.ping()
        except StoreSchema:
            if not upgrades:
                raise
            upgrade(addresses.owner)
            database.ping()
    except BaseException:
        database.close()
        raise
    return database


def repeated(call: Callable[..., AnswerT], *arguments: Any, **options: Any) -> AnswerT:
    """Call a use case, again at most 3 times while it collides with another unit of work.

    A use case has no effect outside its unit of work, so a repeat is safe.
    """
    for _ in range(REPEATS):
        try:
            return call(*arguments, **options)
        except Collided:
            sleep(SystemRandom().randint(*REPEAT_WAIT_MILLISECONDS) / 1000)
    return call(*arguments, **options)
