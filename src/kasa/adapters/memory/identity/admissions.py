"""Who may come in now, over dictionaries."""

from datetime import datetime

import attrs

from kasa.adapters.memory.identity.rows import (
    API_KEYS,
    MEMBERSHIPS,
    SERVICE_CLIENTS,
    SESSIONS,
    USERS,
)
from kasa.adapters.memory.tables import Database
from kasa.adapters.memory.tenancy import TENANTS
from kasa.application.ports.identity.admissions import ClientAdmitted, SessionAdmitted
from kasa.application.ports.identity.attempts import Rate, RateLimits, Taken
from kasa.domain.identity.service import ApiKey, ServiceClient
from kasa.domain.identity.session import USED_EVERY, Session, SessionKind
from kasa.domain.kernel.ids import PLATFORM, ClientId, SessionId, TenantId


class MemoryAdmissions:
    """Says who may come in now."""

    def __init__(self, database: Database, rates: RateLimits) -> None:
        self._database = database
        self._rates = rates

    def session(
        self,
        session: SessionId | bytes,
        *,
        tenant: TenantId | None = None,
        rate: Rate | None = None,
        at: datetime,
    ) -> SessionAdmitted | None:
        """Return a session by its id, or by the digest of its cookie; None when not alive."""
        people = self._database.snapshot(PLATFORM)
        every = people.read(SESSIONS)
        if isinstance(session, bytes):
            found = next((one for one in every.values() if one.token_hash == session), None)
            tenant = tenant or (found.tenant if found else None)
        else:
            found = every.get(session)
        user = people.read(USERS).get(found.user) if found else None
        if found is None or user is None or not found.is_alive(at) or not user.is_enabled:
            return None
        if found.used_at <= at - USED_EVERY:
            self._write_used(found, at)
        taken = self._taken(rate)
        admitted = SessionAdmitted(
            session=found.id,
            user=user.id,
            confirmed_at=found.confirmed_at,
            second_factor=found.second_factor,
            operator=user.operator,
            language=user.language,
            taken=taken.taken,
            retry_after=taken.retry_after,
        )
        return self._in_shop(admitted, tenant)

    def _in_shop(self, admitted: SessionAdmitted, tenant: TenantId | None) -> SessionAdmitted:
        if tenant is None:
            return admitted
        rows = self._database.snapshot(tenant)
        shop = rows.read(TENANTS).get(tenant)
        members = rows.read(MEMBERSHIPS).values()
        member = next((one for one in members if one.user == admitted.user), None)
        return attrs.evolve(
            admitted,
            tenant=tenant,
            tenant_state=shop.state if shop else None,
            role=member.role if member else None,
            version=member.version if member else 0,
            staff_may_review=shop is not None and shop.profile.staff_may_review,
            admins_manage_members=shop is not None and shop.profile.admins_manage_members,
        )

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
        rows = self._database.snapshot(tenant)
        shop = rows.read(TENANTS).get(tenant)
        found: ApiKey | ServiceClient | None
        if secret_hash is None:
            found = rows.read(SERVICE_CLIENTS).get(client)
        else:
            found = rows.read(API_KEYS).get(client)
        if found is None or shop is None or not found.is_live(at):
            return None
        proven = secret_hash in {None, found.secret_hash}
        if proven:
            self._write_day(tenant, found, at)
        taken = self._taken(rate if proven else None)
        return ClientAdmitted(
            client=client,
            tenant=tenant,
            tenant_state=shop.state,
            scopes=found.scopes,
            proven=proven,
            expires_at=found.expires_at,
            used_on=found.used_on,
            taken=taken.taken,
            retry_after=taken.retry_after,
        )

    def _taken(self, rate: Rate | None) -> Taken:
        return self._rates.take(rate) if rate else Taken(taken=0, retry_after=0)

    def _write_used(self, session: Session, at: datetime) -> None:
        with self._database.writer(PLATFORM):
            rows = self._database.working(PLATFORM)
            live = rows.read(SESSIONS).get(session.id, session)
            is_web = live.kind is SessionKind.WEB
            used = live.used(at=at) if is_web else attrs.evolve(live, used_at=at)
            rows.write(SESSIONS)[session.id] = used
            self._database.rows[PLATFORM] = rows.after()

    def _write_day(self, tenant: TenantId, held: ApiKey | ServiceClient, at: datetime) -> None:
        if held.used_on == at.date():
            return
        with self._database.writer(tenant):
            rows = self._database.working(tenant)
            if isinstance(held, ApiKey):
                key = rows.read(API_KEYS).get(held.id, held)
                rows.write(API_KEYS)[held.id] = attrs.evolve(key, used_on=at.date())
            else:
                client = rows.read(SERVICE_CLIENTS).get(held.id, held)
                rows.write(SERVICE_CLIENTS)[held.id] = attrs.evolve(client, used_on=at.date())
            self._database.rows[tenant] = rows.after()
