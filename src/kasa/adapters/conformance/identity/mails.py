"""What every store of mails and of security events must do."""

from datetime import timedelta

import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.mail import MAIL_LIFE, Mail, MailKind, MailState
from kasa.domain.identity.security import SecurityEvent, SecurityKind
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import (
    MailId,
    RequestId,
    SecurityEventId,
    SessionId,
    TenantId,
    UserId,
)
from kasa.domain.kernel.paging import Cursor

SECOND = timedelta(seconds=1)


class MailsConformance:
    """Mails that wait, and what happened to proofs."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_mail_survives_the_round_trip(self) -> None:
        """Its content is gone for good when it ends."""
        people = People.of(self.make_ports())
        mail = Mail(
            id=MailId(people.ports.ids.new(people.at)),
            user=UserId(people.ports.ids.new(people.at)),
            kind=MailKind.RESET,
            language="km",
            sealed=b"\x00\xffsealed",
            expires_at=people.at + MAIL_LIFE,
        )
        with people.ports.unit_of_work.platform() as work:
            work.mails.add(mail)
        with people.ports.unit_of_work.platform() as work:
            assert mail == work.mails.get(mail.id)
            assert mail == work.mails.lock(mail.id)
            work.mails.save(mail.ended(MailState.SENT))
        with people.ports.unit_of_work.platform() as work:
            assert mail.ended(MailState.SENT) == work.mails.get(mail.id)
            with pytest.raises(RuntimeError):
                work.mails.save(mail)
            with pytest.raises(NotFound):
                work.mails.lock(MailId(people.ports.ids.new(people.at)))

    def test_a_mail_to_nobody_is_kept_too(self) -> None:
        """An unknown address costs the same."""
        people = People.of(self.make_ports())
        mail = Mail(
            id=MailId(people.ports.ids.new(people.at)),
            kind=MailKind.BLANK,
            expires_at=people.at + MAIL_LIFE,
        )
        with people.ports.unit_of_work.platform() as work:
            work.mails.add(mail)
            assert mail == work.mails.get(mail.id)

    def test_what_happened_is_paged_newest_first(self) -> None:
        """Page after page each is shown once."""
        people = People.of(self.make_ports())
        user = UserId(people.ports.ids.new(people.at))
        events = [_event(people, user=user) for _ in range(5)]
        with people.ports.unit_of_work.platform() as work:
            work.security.record(*events)
        shown: list[SecurityEvent] = []
        after: Cursor | None = None
        with people.ports.unit_of_work.platform() as work:
            for size in (2, 2, 1):
                page = work.security.page(user=user, after=after, limit=2)
                assert size == len(page.items)
                shown += page.items
                after = page.next
        assert after is None
        assert events[::-1] == shown

    def test_what_happened_is_found_by_kind_person_and_moment(self) -> None:
        """Everything of an event survives, and what it lacks is lacking."""
        people = People.of(self.make_ports())
        user = UserId(people.ports.ids.new(people.at))
        full = SecurityEvent(
            id=SecurityEventId(people.ports.ids.new(people.at)),
            kind=SecurityKind.REFRESH_REUSED,
            at=people.at,
            user=user,
            tenant=TenantId(people.ports.ids.new(people.at)),
            session=SessionId(people.ports.ids.new(people.at)),
            request=RequestId(people.ports.ids.new(people.at)),
            source=people.digest(),
            detail="account",
        )
        bare = _event(people, user=user)
        with people.ports.unit_of_work.platform() as work:
            work.security.record(full, bare)
        with people.ports.unit_of_work.platform() as work:
            found = work.security.page(user=user, kinds=[SecurityKind.REFRESH_REUSED])
            assert (full,) == found.items
            assert (bare, full) == work.security.page(user=user, since=people.at).items
            assert () == work.security.page(user=user, since=people.at + SECOND).items
            nobody = UserId(people.ports.ids.new(people.at))
            assert () == work.security.page(user=nobody).items


def _event(people: People, *, user: UserId | None = None) -> SecurityEvent:
    return SecurityEvent(
        id=SecurityEventId(people.ports.ids.new(people.at)),
        kind=SecurityKind.SIGN_IN_FAILED,
        at=people.at,
        user=user,
    )
