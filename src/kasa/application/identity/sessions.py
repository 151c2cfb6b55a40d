"""What a person does with their sign-ins: keep one alive, end them, go to another shop."""

from typing import ClassVar

import attrs

from kasa.application.identity.beginning import AccessGiven, Begun, Sessions, long_secret
from kasa.application.identity.notices import Mails
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.ports.system import Clock, Secrets
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.access import PlatformActor, TokenInvalid
from kasa.domain.identity.events import RefreshReused as RefreshReusedFact
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.second_factor import TotpRequired
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.session import (
    RefreshRaced,
    RefreshReused,
    RefreshVerdict,
    Session,
    judge_refresh,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import SessionId, TenantId


@attrs.frozen(kw_only=True, eq=False)
class RefreshSession:
    """Trade a refresh token for the next one and an access token; each works once.

    One that was used more than 10 seconds ago was stolen, from whomever: its sign-in ends, the
    person's others live on, and they are told.
    """

    anybody: ClassVar[bool] = True

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    secrets: Secrets
    sessions: Sessions
    mails: Mails
    watch: Watch

    def __call__(self, visitor: Visitor, token: str) -> SignedIn:
        """Return the next tokens.

        Raises ``identity.token_invalid``, ``identity.refresh_raced`` for an honest parallel call,
        and ``identity.refresh_reused``.
        """
        now = self.clock.now()
        secret, shown = long_secret(self.secrets), digest(token)
        with self.unit_of_work.platform() as work:
            session = work.sessions.rotate(shown, digest(secret), at=now)
            verdict = RefreshVerdict.ROTATED
            if session is None:
                verdict = self._judged(work, shown, visitor)
        if session is not None:
            return self.sessions.given(Begun(session=session, refresh=secret), at=now)
        if verdict is RefreshVerdict.RACED:
            raise RefreshRaced
        if verdict is RefreshVerdict.REUSED:
            raise RefreshReused
        raise TokenInvalid

    def _judged(self, work: PlatformWork, shown: bytes, visitor: Visitor) -> RefreshVerdict:
        """Return why a token was not rotated, and end the sign-in of one that was stolen."""
        known = work.sessions.refresh_token(shown)
        if known is None:
            return RefreshVerdict.INVALID
        token, session = known
        now = self.clock.now()
        user = work.users.get(session.user)
        verdict = judge_refresh(token, session, enabled=user.is_enabled, at=now)
        if verdict is RefreshVerdict.ROTATED:
            # It was used between the two looks: an honest parallel call.
            return RefreshVerdict.RACED
        if verdict is RefreshVerdict.REUSED:
            live = work.sessions.lock(session.id)
            if live.is_alive(now):
                work.sessions.save(live.ended(at=now))
                fact = RefreshReusedFact(subject=user.id, session=str(session.id))
                work.events.record(fact, at=now)
                self.watch.note(
                    work,
                    SecurityKind.REFRESH_REUSED,
                    at=now,
                    user=user.id,
                    session=session.id,
                    visitor=visitor,
                )
                facts = {"device": session.device, "place": visitor.place}
                self.mails.tell(work, user, MailKind.REFRESH_REUSED, at=now, **facts)
        return verdict


@attrs.frozen(kw_only=True, eq=False)
class SignOut:
    """End the sign-in by which a person came; nothing of it works from the next request on."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    watch: Watch

    def __call__(self, person: PlatformActor) -> None:
        """End it; one that has ended stays ended."""
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            session = work.sessions.lock(person.own_session)
            work.sessions.save(session.ended(at=now))
            kind = SecurityKind.SIGNED_OUT
            self.watch.note(work, kind, at=now, user=session.user, session=session.id)


@attrs.frozen(kw_only=True, eq=False)
class SignOutEverywhere:
    """End every sign-in of a person, or every other one."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    watch: Watch

    def __call__(self, person: PlatformActor, *, but_this: bool = False) -> int:
        """End them, and count them."""
        now = self.clock.now()
        kept = person.own_session if but_this else None
        with self.unit_of_work.platform(person) as work:
            ended = work.sessions.end_all(person.person, at=now, but=kept)
            kind = SecurityKind.SIGNED_OUT
            self.watch.note(work, kind, at=now, user=person.person, detail=str(ended))
        return ended


@attrs.frozen(kw_only=True, eq=False)
class EndSession:
    """End one of a person's own sign-ins, such as that of a telephone that was lost."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    watch: Watch

    def __call__(self, person: PlatformActor, session: SessionId) -> None:
        """End it, or raise NotFound for another person's and for one that has ended."""
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            found = work.sessions.lock(session)
            if found.user != person.person or not found.is_alive(now):
                raise NotFound
            work.sessions.save(found.ended(at=now))
            kind = SecurityKind.SIGNED_OUT
            self.watch.note(work, kind, at=now, user=found.user, session=found.id)


@attrs.frozen(kw_only=True, eq=False)
class SwitchTenant:
    """Go to another shop, or as its operator to the platform; a token names one of them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    sessions: Sessions

    def __call__(self, person: PlatformActor, tenant: TenantId | None) -> AccessGiven:
        """Return an access token for a shop, or without one for the platform.

        Raises NotFound for whoever is no member, or no operator; and for an operator who signed in
        without a second factor ``identity.totp_required``.
        """
        now = self.clock.now()
        with self.unit_of_work.platform(person) as work:
            session = work.sessions.lock(person.own_session)
            if not session.is_alive(now):
                raise TokenInvalid
            if tenant is None:
                if not work.users.get(session.user).operator:
                    raise NotFound
                if not session.second_factor:
                    raise TotpRequired
            else:
                session = self._moved(work, session, tenant)
        if tenant is None:
            return self.sessions.platform(session, at=now)
        given = self.sessions.access(session, at=now)
        if given.tenant != tenant:
            raise NotFound
        return given

    def _moved(self, work: PlatformWork, session: Session, tenant: TenantId) -> Session:
        if tenant not in work.users.shops(session.user):
            raise NotFound
        moved = attrs.evolve(session, tenant=tenant)
        work.sessions.save(moved)
        return moved
