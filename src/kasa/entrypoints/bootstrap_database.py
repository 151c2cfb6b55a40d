"""The bootstrap's part about the database: whose logins are used, and what its operator may do.

Beside ``bootstrap`` this is the only module that names adapters.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import attrs

from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import WORKER_QUEUES
from kasa.application.ports.system import Ids
from kasa.application.reactions import REACTIONS
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.opened import ConnectionsCounted, WorkerState
from kasa.entrypoints.settings import Settings

LOG = logging.getLogger(__name__)


def _nothing() -> None:
    """A server of one's own is kept by somebody else."""


@attrs.frozen(kw_only=True)
class Logins:
    """The addresses of one database; ``ensure`` starts an embedded server that went away.

    Without ``backup`` a server of one's own is backed up by somebody else.
    """

    app: str
    owner: str
    jobs: str
    backup: str | None = None
    ensure: Callable[[], None] = _nothing


def logins_of(settings: Settings, opened: ExitStack) -> Logins:
    """Return the logins that the settings name; an embedded server runs until ``opened`` ends."""
    if settings.database_url is not None:
        _check_addresses(settings, settings.database_url)
        return Logins(
            app=settings.database_url,
            owner=settings.owner_database_url or settings.database_url,
            jobs=settings.jobs_database_url or settings.database_url,
            backup=settings.backup_database_url,
        )
    from kasa.adapters.postgres.embedded import EmbeddedServer
    from kasa.adapters.postgres.roles import BACKUP

    server = EmbeddedServer(settings.home)
    opened.callback(server.stop)
    server.start()
    found = server.addresses()
    return Logins(
        app=found.app,
        owner=found.owner,
        jobs=found.jobs,
        backup=server.address(BACKUP),
        ensure=server.start,
    )


def _check_addresses(settings: Settings, app: str) -> None:
    """Raise ``setup.database_address`` for an address that cannot be used."""
    from kasa.adapters.postgres.addresses import AddressInvalid, check_address, same_place

    check_address("KASA_DATABASE_URL", app, pooled=settings.is_pooled)
    others = {
        "KASA_OWNER_DATABASE_URL": settings.owner_database_url,
        "KASA_JOBS_DATABASE_URL": settings.jobs_database_url,
        "KASA_BACKUP_DATABASE_URL": settings.backup_database_url,
    }
    for setting, address in others.items():
        if address is not None:
            check_address(setting, address)
    owner = settings.owner_database_url
    if settings.is_pooled and owner is not None and same_place(owner, app):
        raise AddressInvalid("KASA_OWNER_DATABASE_URL: upgrades need the server's own address.")


def listens(settings: Settings, logins: Logins) -> bool:
    """Whether the worker is told of new jobs: never through a pooler, which loses it silently."""
    from kasa.adapters.postgres.addresses import same_place

    pooled = settings.is_pooled and same_place(logins.app, logins.jobs)
    return settings.listens and not pooled


@contextmanager
def held_database(settings: Settings, *, runs_jobs: bool = True) -> Iterator[Callable[[], None]]:
    """Hold the database that other processes need, or raise what forbids them to start.

    What is yielded starts an embedded server that went away.
    """
    with ExitStack() as opened, named_extras():
        from kasa.adapters.system.clock import RandomIds

        logins = logins_of(settings, opened)
        database = database_of(settings, logins, RandomIds(), threads=1)
        try:
            if runs_jobs:
                database.worker.check(WORKER_QUEUES)
        finally:
            database.close()
        yield logins.ensure


def stored_ports(tools: Ports, settings: Settings, opened: ExitStack) -> Ports:
    """Return ports over the database that the settings name, beside what is given."""
    logins = logins_of(settings, opened)
    database = database_of(settings, logins, tools.ids)
    opened.callback(database.close)
    _log_connections(_summed(settings, logins, database.granted()))
    return over_database(tools, database)


def connections(settings: Settings) -> ConnectionsCounted:
    """Return how many connections this installation may hold, and how many the server grants."""
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.connections import granted_connections

        logins = logins_of(settings, opened)
        return _summed(settings, logins, granted_connections(logins.app))


def _summed(settings: Settings, logins: Logins, granted: int) -> ConnectionsCounted:
    from kasa.adapters.postgres.connections import SPARE, wanted_connections

    return ConnectionsCounted(
        wanted=wanted_connections(
            pooled=settings.is_pooled,
            listens=listens(settings, logins),
            doors=settings.door_processes,
        ),
        limit=granted - SPARE,
    )


def _log_connections(found: ConnectionsCounted) -> None:
    level = logging.DEBUG if found.fit else logging.WARNING
    told = {"connections": found.wanted, "limit": found.limit}
    LOG.log(level, "store.connections", extra=told)


def over_database(tools: Ports, database: Any) -> Ports:
    """Return ports over a database that is open."""
    return attrs.evolve(
        tools,
        unit_of_work=database.unit_of_work.sealing(tools.box),
        admissions=database.admissions,
        rates=database.rates,
        worker=database.worker,
        schedule=database.schedule,
    )


def database_of(settings: Settings, logins: Logins, ids: Ids, *, threads: int = 8) -> Any:
    """Return a database that answers, or raise what forbids its use; ``threads`` at once."""
    from kasa.adapters.postgres.database import ready_postgres
    from kasa.adapters.postgres.embedded import Addresses

    return ready_postgres(
        Addresses(app=logins.app, owner=logins.owner, jobs=logins.jobs),
        REACTIONS,
        ids,
        upgrades=settings.upgrades_at_start,
        threads=threads,
        pooled=settings.is_pooled,
        listen=listens(settings, logins),
    )


SchemaStatus = tuple[str | None, str]
"""The revision that a database has, or None, and the one that this program needs."""


def schema_status(settings: Settings) -> SchemaStatus:
    """Return what is in the database; nothing is changed, but the embedded server is made."""
    with ExitStack() as opened, named_extras():
        return _status(logins_of(settings, opened).owner)


def worker_state(settings: Settings) -> WorkerState:
    """Return how the worker is that runs the jobs of this database.

    Raises ``store.unavailable``, or ``store.schema`` before the first upgrade.
    """
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.rescuing import Rescue

        found = Rescue(logins_of(settings, opened).jobs).state(WORKER_QUEUES)
        return WorkerState(**attrs.asdict(found))


def migrate(settings: Settings, *, managed: bool = False) -> tuple[SchemaStatus, SchemaStatus]:
    """Upgrade the schema and return its status before and after; ``managed``: see the roles."""
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.upgrade import upgrade

        owner = logins_of(settings, opened).owner
        before = _status(owner)
        upgrade(owner, managed=managed)
        return before, _status(owner)


def role_script(*, managed: bool = False) -> str:
    """Return the SQL by which an administrator makes kasa's roles on a server of one's own."""
    with named_extras():
        from kasa.adapters.postgres.roles import role_script as script

        return script(managed=managed)


def renew_passwords(settings: Settings) -> None:
    """Give the logins of the embedded server new passwords, also when the old ones are lost.

    A running server is stopped. Raises ``embedded.no_data`` where there is none.
    """
    with named_extras():
        from kasa.adapters.postgres.embedded import EmbeddedServer
        from kasa.adapters.postgres.passwords import NoData, reset_passwords

        if settings.database_url is not None:
            raise NoData("The server of KASA_DATABASE_URL keeps its own passwords.")
        reset_passwords(EmbeddedServer(settings.home))


def _status(owner: str) -> SchemaStatus:
    from kasa.adapters.postgres.upgrade import found_revision, newest_revision

    return found_revision(owner), newest_revision()


def smoke(addresses: Any) -> tuple[str, ...]:
    """Open a shop, look at the invoices of one that was there, and value its stock."""
    from kasa.adapters.memory.bundle import memory_ports
    from kasa.adapters.postgres.database import open_postgres
    from kasa.adapters.system.clock import RandomIds, SystemClock

    ids = RandomIds()
    database = open_postgres(addresses, REACTIONS, ids, threads=1, door="kasa-drill")
    try:
        ports = attrs.evolve(memory_ports(clock=SystemClock()), ids=ids)
        kasa, faults = Kasa.over(over_database(ports, database)), list[str]()
        operator = PlatformActor(operator=True)
        with database.unit_of_work.platform(operator) as work:
            shops = work.tenants.ids()
        kasa.tenancy.open(operator, TenantProfile(name=name("Drill")))
        for shop in shops[:1]:
            kasa.invoicing.queries.invoices(Actor.system(shop))
            kasa.inventory.queries.valuation(Actor.system(shop))
    except KasaError as error:
        faults.append(f"a use case fails over the restored database: {error.code}")
    finally:
        database.close()
    return tuple(faults)
