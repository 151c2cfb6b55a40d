"""The bootstrap's part about backups: what the command line and the worker may ask for.

Beside ``bootstrap`` and ``bootstrap_database`` this is the only module that names adapters.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs

from kasa.application.kasa import Kasa
from kasa.application.reactions import REACTIONS
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import TenantProfile
from kasa.entrypoints.bootstrap import file_storage
from kasa.entrypoints.bootstrap_database import database_of, logins_of, over_database
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.opened_backups import (
    BackupListed,
    BackupsState,
    BackupTaken,
    RestoreTold,
)
from kasa.entrypoints.settings import Settings


@attrs.frozen(kw_only=True, eq=False)
class _Tools:
    settings: Settings
    shelf: Any
    programs: Any
    now: Callable[[], datetime]


def _never() -> bool:
    return False


@contextmanager
def _tools(settings: Settings, stopping: Callable[[], bool] = _never) -> Iterator[_Tools]:
    with named_extras():
        from kasa.adapters.postgres.backups.programs import Programs
        from kasa.adapters.postgres.backups.shelf import Shelf
        from kasa.adapters.postgres.binaries import find_binaries
        from kasa.adapters.system.clock import SystemClock

        yield _Tools(
            settings=settings,
            shelf=Shelf(folder=settings.home / "backups"),
            programs=Programs(binaries=find_binaries(), stopping=stopping),
            now=SystemClock().now,
        )


def back_up(settings: Settings, *, stopping: Callable[[], bool] = _never) -> BackupTaken:
    """Take a backup of database and files, and remove those that are kept no longer."""
    with ExitStack() as opened, _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.refusals import BackupLoginMissing
        from kasa.adapters.postgres.backups.taking import BackupTaker

        address = logins_of(settings, opened).backup
        if address is None:
            raise BackupLoginMissing
        taker = BackupTaker(
            address=address,
            storage=file_storage(settings),
            shelf=tools.shelf,
            programs=tools.programs,
            now=tools.now,
        )
        with tools.shelf.turn():
            made = taker.take()
            removed = taker.prune()
            copy = _copied(tools, made)
        return BackupTaken(backup=_listed(made, tools.now()), removed=removed, copy=copy)


def list_backups(settings: Settings, *, check: bool) -> tuple[BackupListed, ...]:
    """Return every backup, the newest first; ``check`` reads all of them, else sizes are looked at.

    Neither the database nor its server is needed.
    """
    with _tools(settings) as tools:
        from kasa.adapters.postgres.backups.manifest import sized, verified

        look = verified if check else sized
        now = tools.now()
        return tuple(_listed(_looked(one, look), now) for one in tools.shelf.all())


def drill_backup(
    settings: Settings, wanted: str | None = None, *, stopping: Callable[[], bool] = _never
) -> BackupListed:
    """Restore a backup, by default the newest, beside the live server, and say what differs."""
    with _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.drilling import Driller

        driller = Driller(
            home=settings.home,
            shelf=tools.shelf,
            programs=tools.programs,
            now=tools.now,
            smoke=_smoke,
        )
        with tools.shelf.turn():
            chosen = tools.shelf.newest() if wanted is None else tools.shelf.find(wanted)
            driller.drill(chosen)
            return _listed(tools.shelf.find(chosen.name), tools.now())


def restore_backup(settings: Settings, source: str, *, dry_run: bool = False) -> RestoreTold:
    """Restore a backup, by its name or its path, into an empty KASA_HOME; or only look at it."""
    with _tools(settings) as tools:
        from kasa.adapters.postgres.backups.refusals import BackupOwnServer
        from kasa.adapters.postgres.backups.restoring import Restorer

        if settings.database_url is not None:
            raise BackupOwnServer
        restorer = Restorer(
            home=settings.home,
            storage=file_storage(settings),
            programs=tools.programs,
            own_storage=settings.storage_url is not None,
        )
        with tools.shelf.turn(), _folder_of(tools, source) as folder:
            if dry_run:
                made, after = restorer.check(folder), None
            else:
                done = restorer.restore(folder)
                made, after = done.manifest, done.schema
        return RestoreTold(
            at=made.at,
            age_seconds=_seconds(tools.now() - made.at),
            files=made.files,
            size=made.size,
            schema=made.schema,
            brought_to=after,
            home=settings.home,
        )


def _sealer(settings: Settings) -> Any:
    from kasa.adapters.credentials.sealing import FrameSealer
    from kasa.adapters.postgres.backups.refusals import BackupKeyMissing

    if settings.backup_key is None:
        raise BackupKeyMissing
    return FrameSealer(secret=settings.backup_key)


def _copied(tools: _Tools, made: Any) -> str | None:
    """Write the sealed copy that the settings ask for, and return where it lies."""
    if tools.settings.backup_url is None:
        return None
    from kasa.adapters.postgres.backups.copying import forget_copies, sealed_copy

    target = Path(unquote(urlsplit(tools.settings.backup_url).path))
    path = sealed_copy(made, target, _sealer(tools.settings).seal)
    forget_copies(target, frozenset(one.name for one in tools.shelf.all() if one.proven))
    return str(path)


@contextmanager
def _folder_of(tools: _Tools, source: str) -> Iterator[Path]:
    """Yield the folder of a backup: that of a path, of a name, or what a sealed copy holds."""
    path = Path(source)
    if path.is_dir():
        yield path.absolute()
    elif path.is_file():
        from kasa.adapters.postgres.backups.copying import unpacked

        with tools.shelf.unfinished(f"opened-{path.stem}") as folder:
            unpacked(path, folder, _sealer(tools.settings).unseal)
            yield folder
    else:
        yield tools.shelf.find(source).folder


def run_nightly(settings: Settings, stopping: Callable[[], bool]) -> None:
    """Take the backup and run the drill that are due; what goes wrong is kept and told."""
    if settings.database_url is not None and settings.backup_database_url is None:
        return
    with _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.nightly import BACKUP, DRILL, Nightly

        nightly = Nightly(shelf=tools.shelf, now=tools.now)
        nightly.run_due(BACKUP, lambda: back_up(settings, stopping=stopping))
        if tools.shelf.newest_at() is not None:
            nightly.run_due(DRILL, lambda: drill_backup(settings, stopping=stopping))
        alarms = nightly.alarms()
        if alarms:
            _tell_operator(settings, alarms)
            nightly.alarmed(alarms)


def _tell_operator(settings: Settings, codes: tuple[str, ...]) -> None:
    with ExitStack() as opened:
        from kasa.adapters.system.clock import RandomIds, SystemClock

        database = database_of(settings, logins_of(settings, opened), RandomIds(), threads=1)
        opened.callback(database.close)
        with database.unit_of_work.platform(PlatformActor(operator=True)) as work:
            told = [OperatorAlert(subject=PLATFORM, code=code) for code in codes]
            work.events.record(*told, at=SystemClock().now())


def backups_state(settings: Settings) -> BackupsState:
    """Return how the backups are; no database is needed, and nothing is read but manifests."""
    on = settings.database_url is None or settings.backup_database_url is not None
    with _tools(settings) as tools:
        from kasa.adapters.postgres.backups.nightly import BACKUP, DRILL

        now, state = tools.now(), tools.shelf.state
        found = [_listed(one, now) for one in tools.shelf.all() if one.code is None]
        codes = [state.get(duty.name, {}).get("code") for duty in (BACKUP, DRILL)]
        return BackupsState(
            on=on,
            away=settings.backup_url is not None,
            newest=next(iter(found), None),
            proven=next((one for one in found if one.proven), None),
            failed=next((code for code in codes if code is not None), None),
        )


def _looked(one: Any, look: Callable[[Path], Any]) -> Any:
    if one.code is not None:
        return one
    try:
        look(one.folder)
    except KasaError as error:
        return attrs.evolve(one, code=error.code)
    return one


def _listed(one: Any, now: datetime) -> BackupListed:
    made, drill = one.manifest, one.drill
    told: dict[str, Any] = {}
    if made is not None:
        told |= {
            "seconds": made.seconds,
            "size": made.size,
            "files": made.files,
            "server": made.server,
            "schema": made.schema,
        }
    if drill is not None:
        told |= {
            "drilled_at": drill.at,
            "drill_seconds": drill.seconds,
            "differences": drill.differences,
            "warnings": drill.warnings,
        }
    return BackupListed(
        name=one.name,
        at=one.at,
        age_seconds=_seconds(now - one.at),
        proven=one.proven,
        code=one.code,
        **told,
    )


def _seconds(age: timedelta) -> int:
    return int(age.total_seconds())


def _smoke(addresses: Any) -> tuple[str, ...]:
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
