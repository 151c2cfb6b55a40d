"""What the doctor says of backups."""

from datetime import UTC, datetime

import attrs
import pytest

from kasa.entrypoints.findings import Health, age_told, backup_checks
from kasa.entrypoints.opened_backups import BackupListed, BackupsState

AT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
NEWEST = BackupListed(name="20261121T203000Z-0000", at=AT, age_seconds=3600, proven=True)
WELL = BackupsState(on=True, away=True, newest=NEWEST, proven=NEWEST)
HOURS_49 = 49 * 3600


@pytest.mark.parametrize(
    ("state", "health", "words"),
    [
        (WELL, Health.OK, "60 min old"),
        (attrs.evolve(WELL, on=False, newest=None), Health.OK, "server that is named"),
        (attrs.evolve(WELL, newest=None), Health.WARN, "none yet"),
        (attrs.evolve(WELL, newest=None, failed="backup.disk_full"), Health.WARN, "disk_full"),
        (
            attrs.evolve(WELL, newest=attrs.evolve(NEWEST, age_seconds=HOURS_49)),
            Health.WARN,
            "2 d old (backup.too_old)",
        ),
        (attrs.evolve(WELL, failed="store.unavailable"), Health.WARN, "store.unavailable"),
        (attrs.evolve(WELL, proven=None), Health.WARN, "none is proven"),
        (attrs.evolve(WELL, away=False), Health.WARN, "this machine alone"),
        (attrs.evolve(WELL, copied=False), Health.WARN, "no copy in KASA_BACKUP_URL"),
    ],
)
def test_the_doctor_says_what_is_missing(state: BackupsState, health: Health, words: str) -> None:
    """Young, proven and elsewhere too is well; each lack is a warning, never a failure."""
    found = backup_checks(state)
    assert health is found.health
    assert words in found.seen
    assert bool(found.mend) == (health is Health.WARN)


def test_ages_are_told_as_people_tell_them() -> None:
    """In the largest unit of which there are two."""
    told = {119: "119 s", 120: "2 min", 7200: "2 h", 100_000: "27 h", 172_800: "2 d"}
    assert told == {seconds: age_told(seconds) for seconds in told}
