"""The door's two questions: is this token ours, and who is let in now."""

import base64
import binascii
import re
from datetime import timedelta
from hashlib import sha256
from typing import NoReturn
from uuid import UUID

import attrs

from kasa.application.ports.credentials import TokenSigner
from kasa.application.ports.identity.admissions import (
    Admissions,
    ClientAdmitted,
    SessionAdmitted,
)
from kasa.application.ports.identity.attempts import Rate
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import SCOPES, Actor, PlatformActor, TokenInvalid
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.identity.session import RECENT
from kasa.domain.identity.token import Claims, TokenKind
from kasa.domain.kernel.errors import NotFound, Throttled
from kasa.domain.kernel.ids import ClientId, RequestId, SecurityEventId, TenantId
from kasa.domain.tenancy.tenant import TenantState

KEY_PREFIX = "kasa_"
HALF = 43
_KEY = re.compile(r"kasa_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})\Z")
WRITE_WINDOW = timedelta(minutes=1)


class RateLimited(Throttled):
    """Too many calls; come back a little later."""

    code = "rate.limited"


@attrs.frozen(kw_only=True)
class PresentedKey:
    """An API key as it came in: shop and key as it names them, and the digest of its secret."""

    tenant: TenantId
    client: ClientId
    secret_hash: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class PresentedCookie:
    """A web session's cookie as it came in."""

    token_hash: bytes = attrs.field(repr=False)


Presented = Claims | PresentedKey | PresentedCookie
"""What a caller showed, found to have the right shape and signature, and not yet looked up."""


@attrs.frozen(kw_only=True)
class Admitted:
    """Who was let in: ``actor`` in a shop, ``person`` where somebody signed in stands behind it.

    A person without a shop has no ``actor``; an API key and a service no ``person``.
    ``on_behalf_of`` is the member whom a service names for the audit trail.
    """

    actor: Actor | None = None
    person: PlatformActor | None = None
    tenant_state: TenantState | None = None
    language: str | None = None
    on_behalf_of: str | None = None

    @property
    def is_suspended(self) -> bool:
        """Whether the shop may only read, export and pay kasa."""
        return self.tenant_state not in {None, TenantState.OPEN}


@attrs.frozen(kw_only=True)
class WriteRate:
    """How many calls of a kind a caller has; the door chooses kind and numbers."""

    kind: str
    limit: int
    window: timedelta = WRITE_WINDOW
    n: int = 1


def key_text(tenant: TenantId, client: ClientId, secret: bytes) -> str:
    """Return an API key as its owner gets it: shop and key in one half, the secret in the other."""
    return f"{KEY_PREFIX}{_half(tenant.bytes + client.bytes)}_{_half(secret)}"


def _half(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def presented_key(text: str) -> PresentedKey:
    """Return an API key taken apart by position, or raise ``identity.token_invalid``.

    Only the one way of writing each half is taken, so a changed last letter is another key.
    """
    found = _KEY.match(text)
    if found is None:
        raise TokenInvalid
    names, secret = (_bytes(half) for half in found.groups())
    return PresentedKey(
        tenant=TenantId(UUID(bytes=names[:16])),
        client=ClientId(UUID(bytes=names[16:])),
        secret_hash=sha256(secret).digest(),
    )


def _bytes(half: str) -> bytes:
    try:
        content = base64.b64decode(half + "=", altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TokenInvalid from error
    if _half(content) != half:
        raise TokenInvalid
    return content


@attrs.frozen(kw_only=True, eq=False)
class Verified:
    """Check a bearer token or API key by itself: shape, signature, ends; no store is asked."""

    tokens: TokenSigner
    clock: Clock

    def __call__(self, bearer: str) -> Claims | PresentedKey:
        """Return what it says, or raise ``identity.token_invalid``."""
        if bearer.startswith(KEY_PREFIX):
            return presented_key(bearer)
        return self.tokens.verify(bearer, at=self.clock.now())

    def cookie(self, value: str) -> PresentedCookie:
        """Return a cookie as it is looked up."""
        return PresentedCookie(token_hash=sha256(value.encode(errors="surrogatepass")).digest())


@attrs.frozen(kw_only=True, eq=False)
class Admit:
    """Let a caller in, by one look at the store, so that whatever ended acts on the next call."""

    admissions: Admissions
    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(
        self,
        presented: Presented,
        *,
        rate: WriteRate | None = None,
        request: RequestId | None = None,
    ) -> Admitted:
        """Return who they are.

        Raises ``identity.token_invalid`` when session, person, key or membership's version is not
        what it was, NotFound when they are no member of the shop, and ``rate.limited``.
        """
        if isinstance(presented, PresentedKey):
            admitted = self._key(presented, rate)
        elif isinstance(presented, PresentedCookie):
            admitted = self._cookie(presented, rate)
        elif presented.kind is TokenKind.SERVICE:
            admitted = self._service(presented, rate)
        else:
            admitted = self._person(presented, rate)
        return attrs.evolve(
            admitted,
            actor=admitted.actor and attrs.evolve(admitted.actor, request=request),
            person=admitted.person and attrs.evolve(admitted.person, request=request),
        )

    def _key(self, shown: PresentedKey, rate: WriteRate | None) -> Admitted:
        found = self.admissions.client(
            shown.tenant,
            shown.client,
            secret_hash=shown.secret_hash,
            rate=_rate(rate, shown.client),
            at=self.clock.now(),
        )
        if found is None:
            raise TokenInvalid
        if not found.proven:
            self._refused(shown)
        _within(rate, found.taken, found.retry_after)
        return Admitted(actor=_program(found, found.scopes), tenant_state=found.tenant_state)

    def _refused(self, shown: PresentedKey) -> NoReturn:
        """Write down that a living key was shown with another secret, and let nobody in."""
        now = self.clock.now()
        told = SecurityEvent(
            id=SecurityEventId(self.ids.new(now)),
            kind=SecurityKind.KEY_REFUSED,
            at=now,
            tenant=shown.tenant,
            detail=str(shown.client),
        )
        with self.unit_of_work.platform() as work:
            work.security.record(told)
        raise TokenInvalid

    def _service(self, claims: Claims, rate: WriteRate | None) -> Admitted:
        client = ClientId(claims.subject)
        if claims.tenant is None:
            raise TokenInvalid
        found = self.admissions.client(
            claims.tenant, client, secret_hash=None, rate=_rate(rate, client), at=self.clock.now()
        )
        if found is None:
            raise TokenInvalid
        _within(rate, found.taken, found.retry_after)
        return Admitted(
            actor=_program(found, found.scopes & claims.scopes),
            tenant_state=found.tenant_state,
            on_behalf_of=claims.act,
        )

    def _person(self, claims: Claims, rate: WriteRate | None) -> Admitted:
        if claims.session is None:
            raise TokenInvalid
        found = self.admissions.session(
            claims.session,
            tenant=claims.tenant,
            rate=_rate(rate, claims.subject),
            at=self.clock.now(),
        )
        if found is None or found.user != claims.subject:
            raise TokenInvalid
        if claims.kind is TokenKind.PLATFORM and not (found.operator and found.second_factor):
            raise TokenInvalid
        if found.role is not None and found.version != claims.version:
            raise TokenInvalid
        return self._admitted(found, rate, is_platform=claims.kind is TokenKind.PLATFORM)

    def _cookie(self, shown: PresentedCookie, rate: WriteRate | None) -> Admitted:
        found = self.admissions.session(
            shown.token_hash, rate=_rate(rate, shown.token_hash), at=self.clock.now()
        )
        if found is None:
            raise TokenInvalid
        return self._admitted(found, rate, is_platform=False)

    def _admitted(
        self, found: SessionAdmitted, rate: WriteRate | None, *, is_platform: bool
    ) -> Admitted:
        closed_for_good = found.tenant_state in {None, TenantState.ERASING}
        if found.tenant is not None and (found.role is None or closed_for_good):
            raise NotFound
        _within(rate, found.taken, found.retry_after)
        recent = self.clock.now() < found.confirmed_at + RECENT
        actor = None
        if found.tenant is not None and found.role is not None:
            actor = Actor.member(
                found.tenant,
                found.user,
                found.role,
                recent=recent,
                staff_may_review=found.staff_may_review,
                admins_manage_members=found.admins_manage_members,
            )
        person = PlatformActor(
            user=found.user,
            session=found.session,
            tenant=found.tenant,
            operator=is_platform,
            recent=recent,
            second_factor=found.second_factor,
        )
        return Admitted(
            actor=actor, person=person, tenant_state=found.tenant_state, language=found.language
        )


def _program(found: ClientAdmitted, scopes: frozenset[str]) -> Actor:
    return Actor.key(found.tenant, found.client, scopes & frozenset(SCOPES))


def _rate(rate: WriteRate | None, subject: UUID | bytes) -> Rate | None:
    if rate is None:
        return None
    content = subject if isinstance(subject, bytes) else subject.bytes
    key = sha256(rate.kind.encode() + b":" + content).digest()
    return Rate(key=key, limit=rate.limit, window=rate.window, n=rate.n)


def _within(rate: WriteRate | None, taken: int, retry_after: int) -> None:
    if rate is not None and taken > rate.limit:
        raise RateLimited(retry_after=max(retry_after, 1))
