"""What the bootstrap tells the entry points about backups."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

WARN_AFTER_SECONDS = 48 * 3600
ALERT_AFTER_SECONDS = 7 * 24 * 3600


@attrs.frozen(kw_only=True)
class BackupListed:
    """A backup as its operator sees it: a dump, a base, or an increment.

    ``code`` says why it is refused, if it is. ``proven`` is whether a drill has passed it; of its
    last drill ``drilled_at``, ``drill_seconds`` and what differed.
    """

    name: str
    kind: str = "dump"
    at: datetime
    age_seconds: int
    seconds: int = 0
    size: int = 0
    files: int = 0
    server: str = ""
    schema: str = ""
    proven: bool = False
    drilled_at: datetime | None = None
    drill_seconds: int | None = None
    differences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    code: str | None = None


@attrs.frozen(kw_only=True)
class BackupTaken:
    """A backup that was taken, what was removed for it, and where its copy lies."""

    backup: BackupListed
    removed: tuple[str, ...] = ()
    copy: str | None = None


@attrs.frozen(kw_only=True)
class RestoreTold:
    """What was restored, or would be: when it was taken, and its schema before and after."""

    at: datetime
    age_seconds: int
    files: int
    size: int
    schema: str | None
    brought_to: str | None
    home: Path


@attrs.frozen(kw_only=True)
class BackupsState:
    """How the backups are: the newest, the newest proven, and what failed last, by its code.

    ``on`` is false where another party backs up the server. ``away`` tells that copies leave, and
    ``copied`` that the newest has its copy there.
    """

    on: bool
    away: bool
    copied: bool = True
    newest: BackupListed | None = None
    proven: BackupListed | None = None
    failed: str | None = None


def listed(one: Any, now: datetime, code: str | None = None) -> BackupListed:
    """Return a dump or a base backup as its operator sees it; ``code`` is of a look at it."""
    code = one.code or code
    told: dict[str, Any] = {}
    if one.manifest is not None:
        parts = ("seconds", "size", "files", "server", "schema")
        told = {part: getattr(one.manifest, part) for part in parts}
    if one.drill is not None:
        told |= {
            "drilled_at": one.drill.at,
            "drill_seconds": one.drill.seconds,
            "differences": one.drill.differences,
            "warnings": one.drill.warnings,
        }
    return BackupListed(
        name=one.name,
        kind=one.kind,
        at=one.at,
        age_seconds=whole_seconds(now - one.at),
        proven=code is None and one.proven,
        code=code,
        **told,
    )


def whole_seconds(age: timedelta) -> int:
    """Return a span in whole seconds."""
    return int(age.total_seconds())
