"""Whom a try counts against, by keyed digests: no name and no address is kept with the counts."""

import attrs

from kasa.application.ports.credentials import KeyedDigests, Purpose
from kasa.domain.identity.lockout import Counter, Try, counters_of
from kasa.domain.identity.user import EmailKey
from kasa.domain.kernel.ids import SessionId, UserId

SITE = "site"


@attrs.frozen(kw_only=True, eq=False)
class Tries:
    """Names the counters of a try."""

    digests: KeyedDigests

    def of_password(
        self, account: EmailKey, *, device_hash: bytes, address: str, known_browser: bool
    ) -> tuple[Try, ...]:
        """Return what a password counts on; that there is no such account makes no difference."""
        subjects = {
            Counter.ACCOUNT: account,
            Counter.BROWSER: f"{account}:{device_hash.hex()}",
            Counter.ADDRESS: address,
            Counter.SITE: SITE,
        }
        counters = counters_of(known_browser=known_browser)
        return tuple(self._try(counter, subjects[counter]) for counter in counters)

    def account(self, account: EmailKey) -> bytes:
        """Return the key of an account's own counter."""
        return self._try(Counter.ACCOUNT, account).key

    def of_session(self, session: SessionId) -> tuple[Try, ...]:
        """Return what a password counts on that somebody types who is signed in."""
        return (self._try(Counter.BROWSER, f"session:{session}"),)

    def of_code(self, user: UserId) -> tuple[Try, ...]:
        """Return what a code of a second factor counts on."""
        return tuple(self._try(one, str(user)) for one in (Counter.CODE, Counter.CODE_HOUR))

    def of_mail(self, counter: Counter, account: EmailKey) -> tuple[Try, ...]:
        """Return what a mail to an address counts on."""
        return (self._try(counter, account),)

    def of_asker(self, address: str) -> tuple[Try, ...]:
        """Return what a wish for a mail counts on, for whoever asks."""
        return (self._try(Counter.LINK_ADDRESS, address),)

    def source(self, address: str) -> bytes:
        """Return the keyed digest under which an address stands in the security events."""
        return self.digests.digest(Purpose.SOURCES, address.encode())

    def _try(self, counter: Counter, subject: str) -> Try:
        data = f"{counter.value}:{subject}".encode()
        return Try(counter=counter, key=self.digests.digest(Purpose.THROTTLES, data))
