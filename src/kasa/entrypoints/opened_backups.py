"""What the bootstrap tells the entry points about backups."""

from datetime import datetime
from pathlib import Path

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

    ``on`` is false where another party backs up the server. ``away`` tells that copies leave.
    """

    on: bool
    away: bool
    newest: BackupListed | None = None
    proven: BackupListed | None = None
    failed: str | None = None
