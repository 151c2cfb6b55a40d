"""Stored answers: a request that is repeated gets its answer and does nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.sealed_answers import read_answer, stored_answer
from kasa.application.ports.work import Scope
from kasa.domain.kernel.idempotency import Answered, IdempotencyKey, InProgress, KeyReused

NOBODY = UUID(int=0)
"""The caller of a job's own key."""
IN_PROGRESS_SECONDS = 5

_MATCH = "k.tenant_id = :tenant AND k.caller = :caller AND k.route = :route AND k.key = :key"
_LOOK = text(f"SELECT fingerprint, type, answer FROM idempotency_keys k WHERE {_MATCH}")  # noqa: S608  # a constant is put in
_TAKE = text(
    "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0)) AS taken, "  # noqa: S608  # a constant is put in
    f"k.fingerprint, k.type, k.answer FROM (SELECT 1) one LEFT JOIN idempotency_keys k ON {_MATCH}"
)
STORE = (
    "INSERT INTO idempotency_keys (tenant_id, caller, route, key, fingerprint, type, answer) "
    "VALUES (:tenant, :caller, :route, :key, :fingerprint, :type, :answer)"
)
_FORGET = text(
    "DELETE FROM idempotency_keys WHERE tenant_id = :tenant AND ctid = ANY (ARRAY("
    "SELECT o.ctid FROM idempotency_keys o WHERE o.tenant_id = :tenant AND o.at < :before "
    "ORDER BY o.at LIMIT :limit))"
)


class PostgresAnswers:
    """The stored answers of one unit of work."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def forget(self, *, before: datetime, limit: int) -> int:
        """Remove the oldest answers from before a moment, at most ``limit``, and count them."""
        return self._rows.write(_FORGET, before=before, limit=limit)


def take_key(rows: TenantConnection, scope: Scope) -> None:
    """Lock the scope's key for this transaction, if it has one.

    Raises ``Answered`` with the stored answer, ``idempotency.in_progress`` while a twin runs,
    ``idempotency.key_reused`` for another request under the same key.
    """
    key = scope.idempotency
    if key is None:
        return
    names = _names(scope, key)
    name = ":".join((str(rows.tenant), *map(str, names.values())))
    row = rows.get(_TAKE, name=name, **names)
    _tell(rows, row, key, scope)
    if not row["taken"]:
        raise InProgress(retry_after=IN_PROGRESS_SECONDS)


def look_again(rows: TenantConnection, scope: Scope) -> None:
    """Raise ``Answered`` when a twin finished since; used after a unit of work has failed.

    ``idempotency.key_reused`` when what finished under the key was another request.
    """
    key = scope.idempotency
    if key is None:
        return
    row = rows.first(_LOOK, **_names(scope, key))
    if row is not None:
        _tell(rows, row, key, scope)


def answer_row(rows: TenantConnection, scope: Scope, value: Any) -> dict[str, Any]:
    """Return an answer as the values of ``STORE``, under the scope's key; nothing without one."""
    key = scope.idempotency
    if key is None:
        return {}
    kind, answer = stored_answer(value, rows.box, _place(rows, scope, key))
    given = {"fingerprint": key.fingerprint, "type": kind, "answer": answer}
    return {**given, **_names(scope, key)}


def _names(scope: Scope, key: IdempotencyKey) -> dict[str, Any]:
    return {"caller": scope.caller or NOBODY, "route": key.route, "key": key.value}


def _place(rows: TenantConnection, scope: Scope, key: IdempotencyKey) -> str:
    """Return to what the seal of an answer is bound."""
    return f"answer:{rows.tenant}:{scope.caller or NOBODY}:{key.route}:{key.value}"


def _tell(rows: TenantConnection, row: Row, key: IdempotencyKey, scope: Scope) -> None:
    if row["type"] is None:
        return
    if row["fingerprint"] != key.fingerprint:
        raise KeyReused
    place = _place(rows, scope, key)
    raise Answered(read_answer(row["type"], row["answer"], rows.box, place))
