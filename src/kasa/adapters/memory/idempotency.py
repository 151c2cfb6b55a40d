"""Stored answers in memory: a request that is repeated gets its answer and does nothing."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs

from kasa.adapters.memory.tables import Table, Working
from kasa.application.ports.work import Scope
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey, KeyReused

KeyId = tuple[UUID | None, str, str]


@attrs.frozen
class StoredAnswer:
    """What was answered to a request, the digest of that request, and when."""

    fingerprint: str
    value: Any
    at: datetime


ANSWERS = Table[KeyId, StoredAnswer]("idempotency_keys")


class MemoryAnswers:
    """The stored answers of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def forget(self, *, before: datetime, limit: int) -> int:
        """Remove the oldest answers from before a moment, at most ``limit``, and count them."""
        known = self._rows.write(ANSWERS)
        old = sorted((row.at, number, key) for number, (key, row) in enumerate(known.items()))
        gone = [key for at, _, key in old if at < before][:limit]
        for key in gone:
            del known[key]
        return len(gone)


def key_id(scope: Scope, key: IdempotencyKey) -> KeyId:
    """Return under what an answer is stored."""
    return scope.caller, key.route, key.value


def store_answer(rows: Working, scope: Scope, value: Any) -> None:
    """Store an answer under the scope's key, if it has one."""
    key = scope.idempotency
    if key is not None:
        # PostgreSQL dates an answer by its own clock, so memory does too.
        stored = StoredAnswer(key.fingerprint, value, datetime.now(UTC))
        rows.add(ANSWERS, key_id(scope, key), stored)


def answer_again(rows: Working, scope: Scope) -> None:
    """Raise ``Answered`` with the stored answer, or ``idempotency.key_reused``."""
    if scope.idempotency is None:
        return
    stored = rows.read(ANSWERS).get(key_id(scope, scope.idempotency))
    if stored is None:
        return
    if stored.fingerprint != scope.idempotency.fingerprint:
        raise KeyReused
    raise Answered(stored.value)
