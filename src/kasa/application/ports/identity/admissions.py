"""The one look at the store that every request begins with."""

from datetime import date, datetime
from typing import Protocol

import attrs

from kasa.application.ports.identity.attempts import Rate
from kasa.domain.identity.access import Role
from kasa.domain.kernel.ids import ClientId, SessionId, TenantId, UserId
from kasa.domain.tenancy.tenant import TenantState


@attrs.frozen(kw_only=True)
class SessionAdmitted:
    """A living session of an enabled person, and what they are in the shop that was asked for.

    ``role`` is None for whoever is no member, then ``version`` is 0. ``taken`` and
    ``retry_after`` are those of the rate, 0 when none was asked.
    """

    session: SessionId
    user: UserId
    confirmed_at: datetime
    second_factor: bool
    operator: bool
    language: str = "en"
    tenant: TenantId | None = None
    tenant_state: TenantState | None = None
    role: Role | None = None
    version: int = 0
    staff_may_review: bool = False
    admins_manage_members: bool = False
    taken: int = 0
    retry_after: int = 0


@attrs.frozen(kw_only=True)
class ClientAdmitted:
    """A living API key or service client of a shop, with its scopes.

    ``proven`` is false for a living key whose secret was another: nobody is let in by it.
    """

    client: ClientId
    tenant: TenantId
    tenant_state: TenantState
    scopes: frozenset[str]
    proven: bool = True
    expires_at: datetime | None = None
    used_on: date | None = None
    taken: int = 0
    retry_after: int = 0


class Admissions(Protocol):
    """Says who may come in now; one statement each, outside every unit of work, never kept."""

    def session(
        self,
        session: SessionId | bytes,
        *,
        tenant: TenantId | None = None,
        rate: Rate | None = None,
        at: datetime,
    ) -> SessionAdmitted | None:
        """Return a session by its id, or by the digest of its cookie; None when it is not alive.

        Of a cookie the shop is the session's own unless one is asked for. Counts the rate for
        whoever is let in. Writes down when a session was used, at most every 10 minutes.
        """

    def client(
        self,
        tenant: TenantId,
        client: ClientId,
        *,
        secret_hash: bytes | None,
        rate: Rate | None = None,
        at: datetime,
    ) -> ClientAdmitted | None:
        """Return an API key by the digest of its secret, or without one a service client.

        None when it is unknown, ended or expired (``at`` is the first moment that is too late);
        not ``proven`` when its secret is another. A client's own secret is no API key. Counts the
        rate for whoever is let in; writes ``used_on`` at most once a day.
        """
