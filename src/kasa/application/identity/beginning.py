"""Beginning, renewing and ending sign-ins, and the tokens that carry them."""

from datetime import datetime

import attrs

from kasa.application.identity.notices import Mails
from kasa.application.identity.visiting import SignedIn, Visitor, digest
from kasa.application.identity.watching import Watch
from kasa.application.ports.credentials import TokenSigner
from kasa.application.ports.system import Ids, Secrets
from kasa.application.ports.work import PlatformWork, UnitOfWorkFactory
from kasa.domain.identity.access import Actor
from kasa.domain.identity.mail import MailKind
from kasa.domain.identity.security import SecurityKind
from kasa.domain.identity.session import SESSIONS_MAX, Session, SessionKind
from kasa.domain.identity.token import ACCESS_LIFE, Claims, TokenKind
from kasa.domain.identity.user import User
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import SessionId, TenantId


@attrs.frozen(kw_only=True)
class AccessGiven:
    """An access token, and when it ends."""

    token: str = attrs.field(repr=False)
    expires_at: datetime
    tenant: TenantId | None = None


@attrs.frozen(kw_only=True)
class Begun:
    """A sign-in that was stored, with the secrets of which only digests were."""

    session: Session
    refresh: str | None = attrs.field(default=None, repr=False)
    cookie: str | None = attrs.field(default=None, repr=False)
    device: str | None = attrs.field(default=None, repr=False)


def long_secret(secrets: Secrets) -> str:
    """Return 256 unguessable bits as 44 characters of base64url."""
    return secrets.token() + secrets.token()


@attrs.frozen(kw_only=True, eq=False)
class Sessions:
    """Begins sign-ins, and makes their tokens."""

    unit_of_work: UnitOfWorkFactory
    tokens: TokenSigner
    ids: Ids
    secrets: Secrets
    mails: Mails
    watch: Watch

    def begin(
        self,
        work: PlatformWork,
        user: User,
        visitor: Visitor,
        *,
        at: datetime,
        tenant: TenantId | None = None,
        is_first: bool = False,
    ) -> Begun:
        """Store a new sign-in of a locked person whose proofs were right, and remember the browser.

        Of more than 20 the oldest ends. Of an unknown browser, and of one that ended, they hear;
        not of the very first, from which they opened their account.
        """
        known = work.sessions.knows(user.id, visitor.device_hash) and visitor.has_device
        device = None if known else self.secrets.token()
        live = work.sessions.of(user.id, at=at)
        begun = self._stored(
            work, user, visitor, at=at, tenant=self._home(work, user, live, tenant)
        )
        work.sessions.remember(user.id, digest(device) if device else visitor.device_hash, at=at)
        self._end_oldest(work, user, live, at=at)
        self.watch.note(
            work,
            SecurityKind.SIGNED_IN,
            at=at,
            user=user.id,
            session=begun.session.id,
            visitor=visitor,
        )
        if not known and not is_first:
            facts = {"device": visitor.label, "place": visitor.place}
            self.mails.tell(work, user, MailKind.NEW_DEVICE, at=at, **facts)
        return attrs.evolve(begun, device=device)

    def renew(self, work: PlatformWork, user: User, old: SessionId, *, at: datetime) -> Begun:
        """End a sign-in and begin another in its place: what its person may do has changed."""
        before = work.sessions.lock(old)
        work.sessions.save(before.ended(at=at))
        visitor = Visitor(address=before.place, browser=before.device, kind=before.kind)
        return self._stored(work, user, visitor, at=at, tenant=before.tenant)

    def _stored(
        self,
        work: PlatformWork,
        user: User,
        visitor: Visitor,
        *,
        at: datetime,
        tenant: TenantId | None,
    ) -> Begun:
        secret = long_secret(self.secrets)
        is_web = visitor.kind is SessionKind.WEB
        session = attrs.evolve(
            Session.begun(SessionId(self.ids.new(at)), user.id, kind=visitor.kind, at=at),
            token_hash=digest(secret) if is_web else None,
            tenant=tenant,
            second_factor=user.has_second_factor,
            device=visitor.label,
            place=visitor.place,
        )
        work.sessions.add(session, None if is_web else digest(secret))
        if is_web:
            return Begun(session=session, cookie=secret)
        return Begun(session=session, refresh=secret)

    def _home(
        self,
        work: PlatformWork,
        user: User,
        live: tuple[Session, ...],
        tenant: TenantId | None,
    ) -> TenantId | None:
        """Return the shop to come to: the one just made, else that of last time, else the first."""
        if tenant is not None:
            return tenant
        shops = work.users.shops(user.id)
        before = [one.tenant for one in live if one.tenant in shops]
        return before[0] if before else next(iter(shops), None)

    def _end_oldest(
        self, work: PlatformWork, user: User, live: tuple[Session, ...], *, at: datetime
    ) -> None:
        for old in live[SESSIONS_MAX - 1 :]:
            locked = work.sessions.lock(old.id)
            work.sessions.save(locked.ended(at=at))
            self.mails.tell(work, user, MailKind.SESSION_ENDED, at=at, device=locked.device)

    def given(self, begun: Begun, *, at: datetime) -> SignedIn:
        """Return what the person gets; no unit of work is open."""
        access = self.access(begun.session, at=at)
        return SignedIn(
            user=begun.session.user,
            session=begun.session.id,
            tenant=access.tenant,
            access=access.token,
            access_expires_at=access.expires_at,
            refresh=begun.refresh,
            cookie=begun.cookie,
            device=begun.device,
            expires_at=begun.session.expires_at,
        )

    def access(self, session: Session, *, at: datetime) -> AccessGiven:
        """Return a token for a sign-in, in its shop while they are a member of it."""
        version = None
        if session.tenant is not None:
            version = self._version(session.tenant, session)
        tenant = session.tenant if version is not None else None
        return self._signed(session, TokenKind.ACCESS, tenant, version=version or 0, at=at)

    def platform(self, session: Session, *, at: datetime) -> AccessGiven:
        """Return a token of an operator, which names no shop."""
        return self._signed(session, TokenKind.PLATFORM, None, version=0, at=at)

    def _version(self, tenant: TenantId, session: Session) -> int | None:
        try:
            with self.unit_of_work.read_only(Actor.system(tenant)) as view:
                member = view.members.of(session.user)
        except NotFound:
            return None
        return None if member is None else member.version

    def _signed(
        self,
        session: Session,
        kind: TokenKind,
        tenant: TenantId | None,
        *,
        version: int,
        at: datetime,
    ) -> AccessGiven:
        claims = Claims(
            kind=kind,
            subject=session.user,
            session=session.id,
            tenant=tenant,
            version=version,
            issued_at=at,
            expires_at=at + ACCESS_LIFE,
        )
        token = self.tokens.sign(claims)
        return AccessGiven(token=token, expires_at=claims.expires_at, tenant=tenant)
