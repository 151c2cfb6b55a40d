"""Persons, sessions and links for the suites: each with its own ids, so they share a database."""

from datetime import datetime
from hashlib import sha256

import attrs

from kasa.application.ports.bundle import Ports
from kasa.domain.identity.one_time_link import LinkPurpose, OneTimeLink
from kasa.domain.identity.session import Session, SessionKind
from kasa.domain.identity.user import User, email
from kasa.domain.kernel.ids import LinkId, SessionId, UserId
from kasa.domain.kernel.text import name


@attrs.frozen
class People:
    """Makes and stores what a suite asks about; ``at`` is one moment of the clock."""

    ports: Ports
    at: datetime

    @classmethod
    def of(cls, ports: Ports) -> "People":
        """Return the makers over some ports."""
        return cls(ports, ports.clock.now())

    def digest(self) -> bytes:
        """Return 32 bytes that nobody had before."""
        return sha256(self.ports.ids.new(self.at).bytes).digest()

    def person(self) -> User:
        """Return a person with an address of their own, not stored."""
        own = UserId(self.ports.ids.new(self.at))
        return User(
            id=own, email=email(f"{own.hex}@example.com"), name=name("Sokha"), created_at=self.at
        )

    def added(self) -> User:
        """Return a person who is stored."""
        user = self.person()
        with self.ports.unit_of_work.platform() as work:
            assert work.users.add(user)
        return user

    def session(self, user: User, *, kind: SessionKind = SessionKind.API) -> Session:
        """Return a session that begins now, not stored; one of the web has its cookie."""
        own = SessionId(self.ports.ids.new(self.at))
        begun = Session.begun(own, user.id, kind=kind, at=self.at)
        cookie = self.digest() if kind is SessionKind.WEB else None
        return attrs.evolve(begun, token_hash=cookie, device="Firefox", place="203.0.113.7")

    def signed_in(
        self, user: User, refresh: bytes | None = None, *, kind: SessionKind = SessionKind.API
    ) -> Session:
        """Return a session that is stored."""
        session = self.session(user, kind=kind)
        with self.ports.unit_of_work.platform() as work:
            work.sessions.add(session, refresh)
        return session

    def link(self, purpose: LinkPurpose = LinkPurpose.RESET) -> OneTimeLink:
        """Return a link of nobody, not stored."""
        return OneTimeLink(
            id=LinkId(self.ports.ids.new(self.at)),
            purpose=purpose,
            secret_hash=self.digest(),
            until=self.at + purpose.life,
        )
