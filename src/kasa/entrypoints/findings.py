"""What is found of each part: how it is, what was seen, and what mends it."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import attrs

from kasa.entrypoints.opened import ConnectionsCounted, WorkerState
from kasa.entrypoints.opened_backups import WARN_AFTER_SECONDS, BackupsState

WORKER_SILENCE = timedelta(seconds=60)
WAITING_LIMIT = timedelta(minutes=2)
START_WORKER = "kasa worker"
NOT_OURS = "kasa takes none of the server that is named: KASA_BACKUP_DATABASE_URL is not set"


class Health(StrEnum):
    """How a part is: a warning limits what kasa can do, a failure stops it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@attrs.frozen
class Finding:
    """One line of the doctor: the part, how it is, what was seen, and what mends it."""

    part: str
    health: Health
    seen: str
    mend: str = ""


def connection_check(found: ConnectionsCounted) -> Finding:
    """Say whether the server grants what all processes may hold at once, and some to spare."""
    seen = f"{found.wanted} at most, {found.limit} to be had"
    if found.fit:
        return Finding("connections", Health.OK, seen)
    mend = "raise max_connections of the server, or put PgBouncer before it"
    return Finding("connections", Health.FAIL, seen, mend)


def backup_checks(state: BackupsState) -> Finding:
    """Say whether there is a backup that is young, proven, and not on this machine alone."""
    part, newest = "backups", state.newest
    if not state.on:
        return Finding(part, Health.OK, NOT_OURS)
    if newest is None:
        seen = f"none could be taken ({state.failed})" if state.failed else "there is none yet"
        return Finding(part, Health.WARN, seen, "kasa db backup")
    seen = f"the newest is {age_told(newest.age_seconds)} old"
    lacks = (
        (newest.age_seconds > WARN_AFTER_SECONDS, " (backup.too_old)", "kasa db backup"),
        (state.failed, f", the last try failed ({state.failed})", "kasa db backup"),
        (state.proven is None, ", none is proven", "kasa db drill"),
        (not state.away, ", all on this machine alone", "set KASA_BACKUP_URL and KASA_BACKUP_KEY"),
        (not state.copied, " and has no copy in KASA_BACKUP_URL", "kasa db backup"),
    )
    for lacking, words, mend in lacks:
        if lacking:
            return Finding(part, Health.WARN, seen + words, mend)
    return Finding(part, Health.OK, seen)


def age_told(seconds: int) -> str:
    """Return an age in the unit that people would use."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def worker_checks(state: WorkerState) -> Finding:
    """Say whether a worker is alive, what has been waiting for it, and when it last swept."""
    words = [
        _waiting(state),
        "no sweep ran yet" if state.swept is None else f"newest sweep {_moment(state.swept)}",
    ]
    if state.heartbeat is None or state.now - state.heartbeat > WORKER_SILENCE:
        seen = "never ran" if state.seen is None else f"last seen {_moment(state.seen)}"
        return Finding("worker", Health.WARN, ", ".join([seen, *words]), START_WORKER)
    told = ", ".join(["alive", *words])
    if state.waiting_since is not None and state.now - state.waiting_since > WAITING_LIMIT:
        return Finding("worker", Health.WARN, told, "start more workers, or look at their log")
    return Finding("worker", Health.OK, told)


def _waiting(state: WorkerState) -> str:
    if state.waiting_since is None:
        return "no job waits"
    seconds = int((state.now - state.waiting_since).total_seconds())
    return f"the oldest job has waited for {max(seconds, 0)} s"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
