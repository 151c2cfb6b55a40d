"""People before the door, over any ports: what they do, and the mails that reach them."""

import base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import attrs

from kasa.application.identity.admitting import Admitted
from kasa.application.identity.mailing import content_of
from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.credentials import SealBroken
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.identity.events import MailQueued
from kasa.domain.identity.mail import MailContent, MailKind
from kasa.domain.identity.second_factor import code_of, step_of
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.errors import KasaError, NotFound
from kasa.domain.kernel.ids import PLATFORM, MailId
from kasa.domain.kernel.paging import Cursor

PASSWORD = "rice paddies at dawn 7"  # made up for these tests
OTHER_PASSWORD = "three boats on the lake"  # made up for these tests
EMAIL = "sokha@example.com"
HOME = Visitor(address="203.0.113.7", browser="Firefox on Linux")


@attrs.frozen(kw_only=True)
class Letter:
    """A mail as it would arrive."""

    kind: MailKind
    content: MailContent


@attrs.frozen(kw_only=True, eq=False)
class Street:
    """The place before the door; ``pass_time`` moves the clock of the ports."""

    ports: Ports
    kasa: Kasa
    pass_time: Callable[[timedelta], object]

    @classmethod
    def over(cls, ports: Ports, pass_time: Callable[[timedelta], object]) -> "Street":
        """Return the street before a kasa over some ports."""
        return cls(ports=ports, kasa=Kasa.over(ports), pass_time=pass_time)

    def letters(self) -> list[Letter]:
        """Return every mail that was queued, oldest first, blank ones too."""
        return list(self._newest_first())[::-1]

    def _newest_first(self) -> Iterator[Letter]:
        after: Cursor | None = None
        while True:
            with self.ports.unit_of_work.read_only(Actor.system(PLATFORM)) as view:
                page = view.events.trail(kinds=(MailQueued.kind,), after=after, limit=100)
            for row in page.items:
                letter = self._opened(MailId(row.event.subject))
                if letter is not None:
                    yield letter
            after = page.next
            if after is None:
                return

    def _opened(self, mail_id: MailId) -> Letter | None:
        """Return a mail as its reader has it; None when it is gone, sent, or sealed by others."""
        with suppress(NotFound, SealBroken):
            with self.ports.unit_of_work.platform() as work:
                mail = work.mails.get(mail_id)
            return Letter(kind=mail.kind, content=content_of(mail, self.ports.box))
        return None

    def last(self, kind: MailKind, address: str | None = None) -> MailContent:
        """Return what the newest mail of a kind says, of those to an address when one is given.

        Where others share the store their mails lie among one's own: then an address is given.
        """
        found = (one.content for one in self._newest_first() if one.kind is kind)
        return next(one for one in found if address in {None, one.address})

    def security(self, *kinds: SecurityKind) -> tuple[SecurityEvent, ...]:
        """Return what happened, newest first."""
        with self.ports.unit_of_work.platform() as work:
            return work.security.page(kinds=kinds, limit=100).items

    def sign_up(self, address: str = EMAIL, *, visitor: Visitor = HOME) -> SignedIn:
        """Open an account and a shop, and return what its owner was given."""
        self.kasa.identity.ask_sign_up(visitor, address)
        token = self.last(MailKind.SIGN_UP, address).facts["token"]
        return self.kasa.identity.redeem_sign_up(
            visitor, token, password=PASSWORD, person="Sokha", shop="Sokha Textiles"
        )

    def admitted(self, given: SignedIn) -> Admitted:
        """Return who comes in with an access token."""
        return self.kasa.identity.admit(self.kasa.identity.verified(given.access))

    def bearer(self, text: str) -> Admitted:
        """Return who comes in with a key or token."""
        return self.kasa.identity.admit(self.kasa.identity.verified(text))

    def person(self, given: SignedIn) -> PlatformActor:
        """Return the person who comes in with an access token."""
        person = self.admitted(given).person
        assert person is not None
        return person

    def refusal(self, call: Callable[[], object]) -> str | None:
        """Return the code with which a call is refused, or None."""
        try:
            call()
        except KasaError as error:
            return error.code
        return None

    def comes_in(self, given: SignedIn) -> str | None:
        """Return with which code an access token is refused, or None."""
        return self.refusal(lambda: self.admitted(given))

    def with_factor(self, given: SignedIn) -> "Guarded":
        """Turn a second factor on, and return what belongs to it."""
        person = self.person(given)
        asked = self.kasa.identity.enrol_factor(person)
        secret = _secret(asked.secret)
        code = code_of(secret, step_of(self.ports.clock.now()))
        turned_on = self.kasa.identity.confirm_factor(person, code)
        return Guarded(
            street=self,
            secret=secret,
            given=turned_on.signed_in,
            recovery=turned_on.recovery_codes,
        )

    def id(self) -> UUID:
        """Return a new identifier."""
        return self.ports.ids.new(self.ports.clock.now())


@attrs.frozen(kw_only=True, eq=False)
class Guarded:
    """A person with a second factor."""

    street: Street
    secret: bytes
    given: SignedIn
    recovery: tuple[str, ...]

    def code(self) -> str:
        """Return the code of a step that was not taken yet: time passes for it."""
        self.street.pass_time(timedelta(seconds=60))
        return code_of(self.secret, step_of(self.street.ports.clock.now()))


def _secret(text: str) -> bytes:
    return base64.b32decode(text)
