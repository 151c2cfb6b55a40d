"""What the removal of what is kept no longer must do."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.application.ports.bundle import Ports
from kasa.application.ports.identity.outdated import COUNTS_KEPT, LINKS_KEPT, SESSIONS_KEPT
from kasa.domain.identity.lockout import NOTHING_TRIED, Counter, Try
from kasa.domain.identity.mail import Mail, MailKind
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import MailId

LIMIT = 5_000
YEARS_AGO = timedelta(days=3_650)
"""What a suite removes is older than anything that another test keeps in the same database."""


class OutdatedConformance:
    """Sessions, links, mails and counts of long ago."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_what_is_old_goes_and_what_is_younger_stays(self) -> None:
        """Each kind after its own time, sessions with their refresh tokens; twice is once."""
        people = People.of(self.make_ports())
        people = attrs.evolve(people, at=people.at - YEARS_AGO)
        token, kept_token = people.digest(), people.digest()
        user = people.added()
        session, link = people.session(user).ended(at=people.at), people.link()
        young = attrs.evolve(
            people.session(user), ended_at=people.at + timedelta(days=60), used_at=people.at
        )
        young = attrs.evolve(young, expires_at=people.at + timedelta(days=60))
        tries = [Try(counter=Counter.ACCOUNT, key=people.digest())]
        mail = Mail(
            id=MailId(people.ports.ids.new(people.at)), kind=MailKind.BLANK, expires_at=people.at
        )
        with people.ports.unit_of_work.platform() as work:
            work.sessions.add(session, token)
            work.sessions.add(young, kept_token)
            work.links.add(link)
            work.mails.add(mail)
            work.attempts.take(tries, at=people.at)
        early = people.at + COUNTS_KEPT - timedelta(hours=1)
        with people.ports.unit_of_work.platform() as work:
            while work.outdated.forget(at=early, limit=LIMIT):
                pass
            assert session == work.sessions.get(session.id)
            assert link == work.links.get(link.purpose, link.secret_hash)
            assert NOTHING_TRIED != work.attempts.known(tries[0].key)
        late = people.at + max(SESSIONS_KEPT, LINKS_KEPT) + timedelta(days=1)
        with people.ports.unit_of_work.platform() as work:
            assert work.outdated.forget(at=late, limit=LIMIT) >= 4
            while work.outdated.forget(at=late, limit=LIMIT):
                pass
        with people.ports.unit_of_work.platform() as work:
            assert work.sessions.refresh_token(token) is None
            assert work.links.get(link.purpose, link.secret_hash) is None
            assert NOTHING_TRIED == work.attempts.known(tries[0].key)
            assert young == work.sessions.get(young.id)
            assert work.sessions.refresh_token(kept_token) is not None
            with pytest.raises(NotFound):
                work.sessions.get(session.id)
            with pytest.raises(NotFound):
                work.mails.get(mail.id)
