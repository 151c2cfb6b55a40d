"""A family of refresh tokens against a model of it: rotated, raced, stolen, ended."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.identity.visiting import SignedIn
from kasa.domain.identity.session import (
    REFRESH_GRACE,
    RefreshToken,
    RefreshVerdict,
    Session,
    SessionKind,
    judge_refresh,
)
from kasa.domain.kernel.ids import SessionId, UserId
from tests.unit.identity.street import EMAIL, HOME, PASSWORD, Street

START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
ID = SessionId(UUID(int=1))


def _session(kind: SessionKind) -> Session:
    return Session.begun(ID, UserId(UUID(int=2)), kind=kind, at=START)


@given(
    st.sampled_from(SessionKind),
    st.lists(st.integers(0, 3_000_000), max_size=30),
)
def test_a_session_lives_while_used_and_never_beyond_its_end(
    kind: SessionKind, pauses: list[int]
) -> None:
    """Each use prolongs it by its idle time, up to its absolute end; its end moves forward only."""
    session, at = _session(kind), START
    for pause in pauses:
        at += timedelta(seconds=pause)
        if not session.is_alive(at):
            assert at >= session.expires_at
            break
        before, session = session.expires_at, session.used(at=at)
        assert before <= session.expires_at
        assert session.expires_at <= min(at + kind.idle, START + kind.life)


@given(st.integers(0, 40_000_000))
def test_a_used_token_is_raced_for_ten_seconds(microseconds: int) -> None:
    """Within 10 s of its use it belongs to a parallel call, later to a thief."""
    token = RefreshToken(token_hash=b"x", session=ID, used_at=START)
    at = START + timedelta(microseconds=microseconds)
    verdict = judge_refresh(token, _session(SessionKind.API), at=at)
    raced = timedelta(microseconds=microseconds) <= REFRESH_GRACE
    assert (RefreshVerdict.RACED if raced else RefreshVerdict.REUSED) is verdict


def test_a_dead_sign_in_tells_nothing() -> None:
    """Unknown, ended, expired or of a disabled person: invalid, whatever the token was."""
    session = _session(SessionKind.API)
    token = RefreshToken(token_hash=b"x", session=ID)
    invalid = [
        judge_refresh(None, session, at=START),
        judge_refresh(token, None, at=START),
        judge_refresh(token, session.ended(at=START), at=START),
        judge_refresh(token, session, at=session.expires_at),
        judge_refresh(token, session, enabled=False, at=START),
    ]
    assert [RefreshVerdict.INVALID] * 5 == invalid
    assert RefreshVerdict.ROTATED is judge_refresh(token, session, at=START)


class FamilyMachine(RuleBasedStateMachine):
    """Two sign-ins of one person; every token ever given may be shown again at any time."""

    def __init__(self) -> None:
        super().__init__()
        clock = StoppedClock()
        self.street = Street.over(memory_ports(clock=clock), clock.pass_time)
        self.given: list[list[SignedIn]] = []
        self.used: dict[str, datetime] = {}
        self.dead: set[int] = set()

    @initialize()
    def begin(self) -> None:
        """Open the account, and sign in on a second device."""
        first = self.street.sign_up()
        second = self.street.kasa.identity.sign_in(HOME, EMAIL, PASSWORD)
        self.given = [[first], [second]]

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.street.pass_time(timedelta(seconds=seconds))

    @rule(family=st.integers(0, 1), back=st.integers(0, 4))
    def show(self, family: int, back: int) -> None:
        """Show a token of a family, the newest or an older one, and expect what the model says."""
        chosen = self.given[family][-1 - min(back, len(self.given[family]) - 1)]
        token, now = chosen.refresh or "", self.street.ports.clock.now()
        expected = self._expected(family, token, now)
        got: list[SignedIn] = []
        code = self.street.refusal(
            lambda: got.append(self.street.kasa.identity.refresh(HOME, token))
        )
        assert expected == code
        if got:
            self.used[token] = now
            self.given[family].append(got[0])
        if code == "identity.refresh_reused":
            self.dead.add(family)

    def _expected(self, family: int, token: str, now: datetime) -> str | None:
        if family in self.dead:
            return "identity.token_invalid"
        if token not in self.used:
            return None
        raced = now <= self.used[token] + REFRESH_GRACE
        return "identity.refresh_raced" if raced else "identity.refresh_reused"

    @rule(family=st.integers(0, 1))
    def sign_out(self, family: int) -> None:
        """End a sign-in by its newest token, now and then."""
        newest = self.given[family][-1]
        if family in self.dead or self.street.comes_in(newest) is not None:
            return
        self.street.kasa.identity.sign_out(self.street.person(newest))
        self.dead.add(family)

    @invariant()
    def each_family_lives_for_itself(self) -> None:
        """A sign-in that died lets nobody in; the other is not touched by it."""
        for family, tokens in enumerate(self.given):
            newest = tokens[-1]
            if self.street.ports.clock.now() < newest.access_expires_at:
                dead = "identity.token_invalid" if family in self.dead else None
                assert dead == self.street.comes_in(newest)


TestFamilyMachine = pytest.mark.D1(FamilyMachine.TestCase)
TestFamilyMachine.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
