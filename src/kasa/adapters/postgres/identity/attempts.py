"""Counts of tries in PostgreSQL: rows that outlive a crash, locked in the order of their keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.rows import value_of
from kasa.domain.identity.lockout import (
    NOTHING_TRIED,
    LockoutVerdict,
    LoginAttempts,
    Try,
    forgiven,
    given_back,
    take_all,
)

_COLUMNS = "failures, window_start, blocked_until, strikes, total"
# Missing rows are made and present ones locked by one statement; a twin waits for either. The
# commit waits for the disk, whatever the server was told otherwise.
_OPEN = text(
    f"INSERT INTO platform.attempts AS a (key, {_COLUMNS}) "
    "SELECT k.key, 0, NULL, NULL, 0, 0 FROM unnest(CAST(:keys AS bytea[])) AS k (key), "
    "(SELECT set_config('synchronous_commit', 'on', true)) AS surely ORDER BY k.key "
    f"ON CONFLICT (key) DO UPDATE SET strikes = a.strikes RETURNING key, {_COLUMNS}"
)
_LOCK = text(
    f"SELECT key, {_COLUMNS} FROM platform.attempts WHERE key = ANY (:keys) ORDER BY key FOR UPDATE"
)
_SAVE = text(
    "UPDATE platform.attempts AS a SET failures = n.failures, window_start = n.window_start, "
    "blocked_until = n.blocked_until, strikes = n.strikes, total = n.total "
    "FROM unnest(CAST(:keys AS bytea[]), CAST(:failures AS int[]), "
    "CAST(:starts AS timestamptz[]), CAST(:blocked AS timestamptz[]), CAST(:strikes AS int[]), "
    "CAST(:totals AS int[])) AS n (key, failures, window_start, blocked_until, strikes, total) "
    "WHERE a.key = n.key"
)
_CLEAR = text("DELETE FROM platform.attempts WHERE key = ANY (:keys)")
_KNOWN = text(f"SELECT {_COLUMNS} FROM platform.attempts WHERE key = :key")


def _attempts(row: Row) -> LoginAttempts:
    return value_of(row, LoginAttempts)


class PostgresAttempts:
    """Counters of tries, by the keyed digest of whom they count."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def take(self, tries: Sequence[Try], *, at: datetime) -> LockoutVerdict:
        """Take one try on each counter, or on none when one refuses.

        The counters are locked in the order of their keys: two at once count two.
        """
        found = self._rows.all(_OPEN, keys=sorted({one.key for one in tries}))
        known = {bytes(row["key"]): _attempts(row) for row in found}
        verdict = take_all(tries, [known[one.key] for one in tries], at=at)
        if verdict.allowed:
            counted = zip(tries, verdict.attempts, strict=True)
            self._save({one.key: attempts for one, attempts in counted})
        return verdict

    def give_back(self, tries: Sequence[Try]) -> None:
        """Take a try back from each counter, for it was none."""
        known = self._locked([one.key for one in tries])
        rules = {one.key: one.rule for one in tries}
        self._save({key: given_back(attempts, rules[key]) for key, attempts in known.items()})

    def clear(self, keys: Sequence[bytes]) -> None:
        """Forget everything that was tried under these keys."""
        if self._locked(keys):
            self._rows.write(_CLEAR, keys=list(keys))

    def forgive(self, keys: Sequence[bytes]) -> None:
        """Begin the sum of failures anew; what is closed stays closed."""
        known = self._locked(keys)
        self._save({key: forgiven(attempts) for key, attempts in known.items()})

    def known(self, key: bytes) -> LoginAttempts:
        """Return what was tried under a key; nothing, when it was never counted."""
        row = self._rows.first(_KNOWN, key=key)
        return NOTHING_TRIED if row is None else _attempts(row)

    def _locked(self, keys: Sequence[bytes]) -> Mapping[bytes, LoginAttempts]:
        found = self._rows.all(_LOCK, keys=sorted(set(keys)))
        return {bytes(row["key"]): _attempts(row) for row in found}

    def _save(self, counted: Mapping[bytes, LoginAttempts]) -> None:
        if not counted:
            return
        every = list(counted.values())
        columns: dict[str, list[Any]] = {
            "keys": list(counted),
            "failures": [one.failures for one in every],
            "starts": [one.window_start for one in every],
            "blocked": [one.blocked_until for one in every],
            "strikes": [one.strikes for one in every],
            "totals": [one.total for one in every],
        }
        self._rows.write(_SAVE, **columns)
