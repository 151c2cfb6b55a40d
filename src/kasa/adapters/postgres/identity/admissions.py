"""Who may come in now: one statement in a transaction of its own; and the counts of calls."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy
from psycopg.rows import dict_row

from kasa.adapters.postgres.constraints import translated
from kasa.adapters.postgres.engine import Begin, DatabaseRole, checked_out, driver_of, opening
from kasa.application.ports.identity.admissions import ClientAdmitted, SessionAdmitted
from kasa.application.ports.identity.attempts import Rate, Taken
from kasa.domain.identity.access import Role
from kasa.domain.kernel.ids import PLATFORM, ClientId, SessionId, TenantId, UserId
from kasa.domain.tenancy.tenant import TenantState

_ACTOR = (
    b"SELECT * FROM platform.actor(%(session)s, %(cookie)s, %(tenant)s, %(rate_key)s, %(n)s, "
    b"%(window)s, %(at)s)"
)
_CLIENT = (
    b"SELECT * FROM platform.client(%(tenant)s, %(client)s, %(secret_hash)s, %(rate_key)s, %(n)s, "
    b"%(window)s, %(at)s)"
)
_TAKE = (
    b"INSERT INTO platform.rates AS r (key, taken, window_start) VALUES (%(key)s, %(n)s, now()) "
    b"ON CONFLICT (key) DO UPDATE SET "
    b"taken = CASE WHEN r.window_start <= now() - %(window)s THEN %(n)s ELSE r.taken + %(n)s END, "
    b"window_start = CASE WHEN r.window_start <= now() - %(window)s THEN now() "
    b"ELSE r.window_start END RETURNING taken, "
    b"ceil(extract(epoch FROM window_start + %(window)s - now()))::int AS retry_after"
)
Row = Mapping[str, Any]


class PostgresAdmissions:
    """Says who may come in now."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self._engine = engine

    def session(
        self,
        session: SessionId | bytes,
        *,
        tenant: TenantId | None = None,
        rate: Rate | None = None,
        at: datetime,
    ) -> SessionAdmitted | None:
        """Return a session by its id, or by the digest of its cookie; None when not alive."""
        row = self._ask(
            _ACTOR,
            session=None if isinstance(session, bytes) else session,
            cookie=session if isinstance(session, bytes) else None,
            tenant=tenant,
            at=at,
            **_rate(rate),
        )
        return None if row is None else _admitted(row)

    def client(
        self,
        tenant: TenantId,
        client: ClientId,
        *,
        secret_hash: bytes | None,
        rate: Rate | None = None,
        at: datetime,
    ) -> ClientAdmitted | None:
        """Return an API key by the digest of its secret, or without one a service client."""
        told = {"tenant": tenant, "client": client, "secret_hash": secret_hash, "at": at}
        row = self._ask(_CLIENT, **told, **_rate(rate))
        if row is None:
            return None
        return ClientAdmitted(
            client=client,
            tenant=tenant,
            tenant_state=TenantState(row["tenant_state"]),
            scopes=frozenset(row["scopes"]),
            proven=row["proven"],
            expires_at=row["expires_at"],
            used_on=row["used_on"],
            taken=row["taken"] or 0,
            retry_after=row["retry_after"] or 0,
        )

    def _ask(self, statement: bytes, **values: Any) -> Row | None:
        with checked_out(self._engine) as connection:
            try:
                cursor = driver_of(connection).cursor(row_factory=dict_row)
                return cursor.execute(statement, values).fetchone()
            except psycopg.Error as error:
                raise translated(error, statement="select from platform") from None


class PostgresRateLimits:
    """Counts calls across processes; a crash of the server may lose the counts."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self._engine = engine

    def take(self, rate: Rate) -> Taken:
        """Count ``n`` more calls and return how many there are in the window now."""
        opened = opening(Begin.WRITE, DatabaseRole.PLATFORM, PLATFORM).encode()
        values = {"key": rate.key, "n": rate.n, "window": rate.window}
        with checked_out(self._engine) as connection:
            driver = driver_of(connection)
            try:
                driver.execute(opened, prepare=False)
                row = driver.cursor(row_factory=dict_row).execute(_TAKE, values).fetchone()
                driver.execute(b"COMMIT", prepare=False)
            except psycopg.Error as error:
                raise translated(error, statement="insert into rates") from None
        assert row is not None
        return Taken(taken=row["taken"], retry_after=row["retry_after"])


def _rate(rate: Rate | None) -> dict[str, Any]:
    if rate is None:
        return {"rate_key": None, "n": 0, "window": timedelta()}
    return {"rate_key": rate.key, "n": rate.n, "window": rate.window}


def _admitted(row: Row) -> SessionAdmitted:
    state, role = row["tenant_state"], row["role"]
    return SessionAdmitted(
        session=SessionId(row["session_id"]),
        user=UserId(row["user_id"]),
        confirmed_at=row["confirmed_at"],
        second_factor=row["second_factor"],
        operator=row["operator"],
        language=row["language"],
        tenant=None if row["tenant_id"] is None else TenantId(row["tenant_id"]),
        tenant_state=None if state is None else TenantState(state),
        role=None if role is None else Role(role),
        version=row["version"] or 0,
        staff_may_review=bool(row["staff_may_review"]),
        admins_manage_members=bool(row["admins_manage_members"]),
        taken=row["taken"] or 0,
        retry_after=row["retry_after"] or 0,
    )
