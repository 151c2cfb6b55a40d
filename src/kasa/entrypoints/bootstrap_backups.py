"""The bootstrap's part about backups: what the command line and the worker may ask for.

Beside ``bootstrap`` and ``bootstrap_database`` this is the only module that names adapters.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs

from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM
from kasa.entrypoints.bootstrap import file_storage
from kasa.entrypoints.bootstrap_database import database_of, logins_of, smoke
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.opened_backups import (
    BackupListed,
    BackupsState,
    BackupTaken,
    RestoreTold,
    listed,
    whole_seconds,
)
from kasa.entrypoints.settings import Settings


@attrs.frozen(kw_only=True, eq=False)
class _Tools:
    settings: Settings
    shelf: Any
    programs: Any
    now: Callable[[], datetime]


@contextmanager
def _tools(settings: Settings, stopping: Callable[[], bool] = bool) -> Iterator[_Tools]:
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


def back_up(settings: Settings, *, stopping: Callable[[], bool] = bool) -> BackupTaken:
    """Take a backup of database and files, and remove those that are kept no longer."""
    with ExitStack() as opened, _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.taking import BackupTaker

        taker = BackupTaker(**_source(tools, opened))
        with tools.shelf.turn():
            made = taker.take()
            removed = taker.prune(made)
            copy = _copied(tools, made)
        return BackupTaken(backup=listed(made, tools.now()), removed=removed, copy=copy)


def back_up_base(settings: Settings, *, stopping: Callable[[], bool] = bool) -> BackupListed:
    """Take a base backup of the embedded server: an increment, or once a week a whole one."""
    with ExitStack() as opened, _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.bases import BaseTaker
        from kasa.adapters.postgres.backups.refusals import BackupOwnServer

        if settings.database_url is not None:
            raise BackupOwnServer("Base backups are of the embedded server alone.")
        taker = BaseTaker(**_source(tools, opened))
        with tools.shelf.turn():
            return listed(taker.take(), tools.now())


def _source(tools: _Tools, opened: ExitStack) -> dict[str, Any]:
    """Return what a backup is taken of, and where to."""
    from kasa.adapters.postgres.backups.refusals import BackupLoginMissing

    address = logins_of(tools.settings, opened).backup
    if address is None:
        raise BackupLoginMissing
    return {
        "address": address,
        "storage": file_storage(tools.settings),
        "shelf": tools.shelf,
        "programs": tools.programs,
        "now": tools.now,
    }


def list_backups(settings: Settings, *, check: bool) -> tuple[BackupListed, ...]:
    """Return every backup, the newest first; ``check`` reads all of them, else sizes are looked at.

    Neither the database nor its server is needed.
    """
    with _tools(settings) as tools:
        from kasa.adapters.postgres.backups.bases import chains, links_of, verified_chain
        from kasa.adapters.postgres.backups.manifest import sized, verified

        look, now = verified if check else sized, tools.now()
        dumps = [
            listed(one, now, None if one.code else _refusal(look, one.folder))
            for one in tools.shelf.all()
        ]
        bases = [
            listed(link, now, _refusal(verified_chain, link, tools.programs) if check else None)
            for chain in chains(tools.shelf)
            for link in links_of(chain)
        ]
        return tuple(sorted((*dumps, *bases), key=lambda one: one.name, reverse=True))


def drill_backup(
    settings: Settings, wanted: str | None = None, *, stopping: Callable[[], bool] = bool
) -> BackupListed:
    """Restore a backup, by default the newest, beside the live server, and say what differs."""
    with _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.drilling import Driller

        driller = Driller(
            home=settings.home,
            shelf=tools.shelf,
            programs=tools.programs,
            now=tools.now,
            smoke=smoke,
        )
        with tools.shelf.turn():
            chosen = tools.shelf.newest(tools.now()) if wanted is None else _chosen(tools, wanted)
            driller.drill(chosen)
            return listed(_chosen(tools, chosen.name), tools.now())


def restore_backup(settings: Settings, source: str, *, dry_run: bool = False) -> RestoreTold:
    """Restore a backup, by its name or its path, into an empty KASA_HOME; or only look at it."""
    with _tools(settings) as tools:
        from kasa.adapters.postgres.backups.refusals import BackupOwnServer
        from kasa.adapters.postgres.backups.restoring import Restorer
        from kasa.adapters.postgres.upgrade import newest_revision

        if settings.database_url is not None:
            raise BackupOwnServer
        restorer = Restorer(
            home=settings.home,
            storage=file_storage(settings),
            programs=tools.programs,
            own_storage=settings.storage_url is not None,
        )
        with tools.shelf.turn(), _folder_of(tools, source) as folder:
            made = restorer.check(folder) if dry_run else restorer.restore(folder)
        return RestoreTold(
            at=made.at,
            age_seconds=whole_seconds(tools.now() - made.at),
            files=made.files,
            size=made.size,
            schema=made.schema,
            brought_to=None if dry_run else newest_revision(),
            home=settings.home,
        )


def _is_copied(settings: Settings, found: list[BackupListed]) -> bool:
    """Tell whether the newest backup has its copy, where copies are asked for."""
    if settings.backup_url is None or not found:
        return True
    from kasa.adapters.postgres.backups.copying import SUFFIX

    return (_away(settings.backup_url) / f"{found[0].name}{SUFFIX}").is_file()


def _away(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


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

    target = _away(tools.settings.backup_url)
    try:
        path = sealed_copy(made, target, _sealer(tools.settings).seal)
    except KasaError as error:
        told = f"{made.name} was taken, but has no copy: {error.message}"
        raise type(error)(told) from error
    proven = frozenset(one.name for one in tools.shelf.all() if one.proven)
    forget_copies(target, proven, taken=made.name)
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
        yield _chosen(tools, source).folder


def run_nightly(settings: Settings, stopping: Callable[[], bool]) -> None:
    """Take the backup and run the drill that are due; what goes wrong is kept and told."""
    if settings.database_url is not None and settings.backup_database_url is None:
        return
    with _tools(settings, stopping) as tools:
        from kasa.adapters.postgres.backups.nightly import BACKUP, BASE, DRILL, Nightly

        nightly = Nightly(shelf=tools.shelf, now=tools.now)
        nightly.run_due(BACKUP, lambda: back_up(settings, stopping=stopping))
        if settings.backup_physical == "on":
            nightly.run_due(BASE, lambda: back_up_base(settings, stopping=stopping))
        if tools.shelf.newest_at(tools.now()) is not None:
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
        from kasa.adapters.postgres.backups.nightly import BACKUP, BASE, DRILL

        now, state = tools.now(), tools.shelf.state
        found = [listed(one, now) for one in tools.shelf.all() if one.code is None]
        codes = [state.get(duty.name, {}).get("code") for duty in (BACKUP, BASE, DRILL)]
        return BackupsState(
            on=on,
            away=settings.backup_url is not None,
            copied=_is_copied(settings, found),
            newest=next((one for one in found if one.age_seconds > -3600), None),
            proven=next((one for one in found if one.proven), None),
            failed=next((code for code in codes if code is not None), None),
        )


def _chosen(tools: _Tools, name: str) -> Any:
    """Return a dump or a base backup by its name."""
    from kasa.adapters.postgres.backups.bases import find_link
    from kasa.adapters.postgres.backups.refusals import BackupUnknown

    try:
        return tools.shelf.find(name)
    except BackupUnknown:
        return find_link(tools.shelf, name)


def _refusal(look: Callable[..., Any], *arguments: Any) -> str | None:
    """Return the code of what is wrong with a backup, or None."""
    try:
        look(*arguments)
    except KasaError as error:
        return error.code
    return None
