"""What every store of sessions must do."""

from datetime import timedelta
from itertools import pairwise

import attrs
import pytest

from kasa.adapters.conformance.identity.making import People
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.session import (
    API_IDLE,
    API_LIFE,
    BROWSERS_MAX,
    RefreshToken,
    SessionKind,
)
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import SessionId, TenantId

SECOND = timedelta(seconds=1)


class SessionsConformance:
    """Sessions, refresh tokens and known browsers, across shops."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_session_survives_the_round_trip(self) -> None:
        """By its id and by its cookie, as it was stored and as it was saved."""
        people = People.of(self.make_ports())
        session = people.signed_in(people.added(), kind=SessionKind.WEB)
        assert session.token_hash is not None
        later = attrs.evolve(
            session.confirmed(at=people.at + SECOND).ended(at=people.at + 2 * SECOND),
            tenant=TenantId(people.ports.ids.new(people.at)),
            second_factor=True,
        )
        with people.ports.unit_of_work.platform() as work:
            assert session == work.sessions.get(session.id)
            assert session == work.sessions.by_cookie(session.token_hash)
            assert work.sessions.by_cookie(people.digest()) is None
            assert session == work.sessions.lock(session.id)
            work.sessions.save(later)
        with people.ports.unit_of_work.platform() as work:
            assert later == work.sessions.get(session.id)
            with pytest.raises(NotFound):
                work.sessions.get(SessionId(people.ports.ids.new(people.at)))
            with pytest.raises(RuntimeError):
                work.sessions.save(session)

    def test_living_sessions_are_listed_newest_first(self) -> None:
        """Ended and expired ones are not, nor those of others."""
        people = People.of(self.make_ports())
        user = people.added()
        people.signed_in(people.added())
        first, second = people.signed_in(user), people.signed_in(user)
        ended = people.signed_in(user)
        expired = attrs.evolve(people.session(user), expires_at=people.at)
        with people.ports.unit_of_work.platform() as work:
            work.sessions.save(work.sessions.lock(ended.id).ended(at=people.at))
            work.sessions.add(expired)
            assert (second, first) == work.sessions.of(user.id, at=people.at)

    def test_a_token_is_rotated_once(self) -> None:
        """The first use gives the session, prolonged, and the next token; then it is used."""
        people = People.of(self.make_ports())
        old, new = people.digest(), people.digest()
        session = people.signed_in(people.added(), old)
        at = people.at + timedelta(days=1)
        with people.ports.unit_of_work.platform() as work:
            rotated = work.sessions.rotate(old, new, at=at)
            assert attrs.evolve(session, used_at=at, expires_at=at + API_IDLE) == rotated
        with people.ports.unit_of_work.platform() as work:
            assert work.sessions.rotate(old, people.digest(), at=at) is None
            found = work.sessions.refresh_token(old)
            assert found is not None
            assert RefreshToken(token_hash=old, session=session.id, used_at=at) == found[0]
            assert rotated == found[1]
            found = work.sessions.refresh_token(new)
            assert found is not None
            assert RefreshToken(token_hash=new, session=session.id) == found[0]
            assert work.sessions.refresh_token(people.digest()) is None

    def test_a_life_ends_all_the_same(self) -> None:
        """However often it is used, a session lives for 90 days at most."""
        people = People.of(self.make_ports())
        tokens = [people.digest() for _ in range(5)]
        session = people.signed_in(people.added(), tokens[0])
        days = 0
        for old, new in pairwise(tokens):
            days += 29
            with people.ports.unit_of_work.platform() as work:
                at = people.at + timedelta(days=days)
                rotated = work.sessions.rotate(old, new, at=at)
            if days < API_LIFE.days:
                assert rotated is not None
                assert min(at + API_IDLE, session.created_at + API_LIFE) == rotated.expires_at
            else:
                assert rotated is None

    def test_dead_sessions_rotate_nothing(self) -> None:
        """Neither one that was ended, nor an expired one, nor one of a disabled person."""
        people = People.of(self.make_ports())
        tokens = [people.digest() for _ in range(3)]
        users = [people.added() for _ in tokens]
        sessions = [
            people.signed_in(user, token) for user, token in zip(users, tokens, strict=True)
        ]
        with people.ports.unit_of_work.platform() as work:
            work.sessions.save(work.sessions.lock(sessions[0].id).ended(at=people.at))
            work.users.save(work.users.lock(users[1].id).disabled(at=people.at))
        moments = (people.at, people.at, people.at + API_IDLE)
        for token, at in zip(tokens, moments, strict=True):
            with people.ports.unit_of_work.platform() as work:
                assert work.sessions.rotate(token, people.digest(), at=at) is None
                found = work.sessions.refresh_token(token)
                assert found is not None
                assert found[0].used_at is None

    def test_every_session_is_ended_but_one(self) -> None:
        """Those of the person alone, and each once."""
        people = People.of(self.make_ports())
        user, other = people.added(), people.signed_in(people.added())
        sessions = [people.signed_in(user) for _ in range(3)]
        at = people.at + SECOND
        with people.ports.unit_of_work.platform() as work:
            assert work.sessions.end_all(user.id, at=at, but=sessions[0].id) == 2
            assert work.sessions.end_all(user.id, at=at + SECOND, but=sessions[0].id) == 0
            assert (sessions[0],) == work.sessions.of(user.id, at=at)
            assert at == work.sessions.get(sessions[1].id).ended_at
            assert work.sessions.end_all(user.id, at=at) == 1
            assert work.sessions.get(other.id).is_alive(at)

    def test_browsers_are_remembered(self) -> None:
        """The 20 that were seen last; those of one person alone, until all are forgotten."""
        people = People.of(self.make_ports())
        user, other = people.added(), people.added()
        devices = [people.digest() for _ in range(BROWSERS_MAX + 1)]
        with people.ports.unit_of_work.platform() as work:
            for number, device in enumerate(devices[:-1]):
                work.sessions.remember(user.id, device, at=people.at + number * SECOND)
            seen_again = people.at + 100 * SECOND
            work.sessions.remember(user.id, devices[0], at=seen_again)
            work.sessions.remember(user.id, devices[-1], at=seen_again)
            work.sessions.remember(other.id, devices[1], at=people.at)
        with people.ports.unit_of_work.platform() as work:
            known = [work.sessions.knows(user.id, device) for device in devices]
            assert [True, False, *[True] * (BROWSERS_MAX - 1)] == known
            assert work.sessions.knows(other.id, devices[1])
            assert not work.sessions.knows(None, devices[1])
            work.sessions.forget_browsers(user.id)
        with people.ports.unit_of_work.platform() as work:
            assert not any(work.sessions.knows(user.id, device) for device in devices)
            assert work.sessions.knows(other.id, devices[1])
