"""Many at once before the door: refreshes, guesses, calls; and what one look costs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import attrs
import psycopg
import pytest
from psycopg.pq import TransactionStatus

from kasa.adapters.conformance.identity.making import People
from kasa.adapters.memory.credentials import CheapPasswordHasher
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.system.clock import RandomSecrets
from kasa.application.identity.visiting import Visitor
from kasa.application.ports.identity.attempts import Rate
from kasa.domain.identity.lockout import RULES, Counter, Try
from tests.integration.conftest import Database, rewritten
from tests.integration.postgres.racing import THREADS, at_once, wide_ports
from tests.unit.identity.street import PASSWORD, Street

pytestmark = pytest.mark.integration

STATEMENTS = (
    "SELECT FROM platform.sessions WHERE id = $1",
    "SELECT FROM platform.sessions WHERE token_hash = $1",
    "SELECT FROM platform.sessions WHERE user_id = $1 ORDER BY created_at DESC",
    "SELECT FROM platform.users WHERE email_key = $1",
    "SELECT FROM platform.refresh_tokens WHERE token_hash = $1",
    "SELECT FROM platform.links WHERE secret_hash = $1",
    "SELECT FROM platform.links WHERE browser_hash = $1 AND purpose = $2",
    "SELECT FROM platform.links WHERE user_id = $1 AND purpose = $2",
    "SELECT FROM platform.attempts WHERE key = $1",
    "SELECT FROM platform.rates WHERE key = $1",
    "SELECT FROM platform.security_events WHERE id < $1 ORDER BY id DESC LIMIT 26",
    "SELECT FROM platform.identities WHERE user_id = $1",
    "SELECT FROM kasa.memberships WHERE user_id = $1",
    "SELECT FROM kasa.memberships WHERE tenant_id = $1 AND user_id = $2",
    "SELECT FROM kasa.api_keys WHERE tenant_id = $1 AND id = $2",
    "DELETE FROM platform.sessions WHERE ended_at < $1",
    "DELETE FROM platform.sessions WHERE expires_at < $1",
    "DELETE FROM platform.links WHERE until < $1",
)
TRIES = RULES[Counter.ACCOUNT].tries


def street_over(database: Database) -> Street:
    """Return a street before PostgreSQL, with connections for many, at the present moment."""
    clock = StoppedClock(datetime.now(UTC))
    ports = attrs.evolve(wide_ports(database), clock=clock, secrets=RandomSecrets())
    return Street.over(ports, clock.pass_time)


def somebody() -> tuple[str, Visitor]:
    """Return an address of mail and of the network that no other test has."""
    own = uuid4()
    return f"{own.hex}@example.com", Visitor(address=f"2001:db8::{own.hex[:4]}:{own.hex[4:8]}")


@pytest.mark.D2
def test_twenty_parallel_refreshes_sign_nobody_out(database: Database) -> None:
    """One of twenty gets the next token, nineteen are raced, and the family lives."""
    street = street_over(database)
    address, visitor = somebody()
    first = street.sign_up(address, visitor=visitor)
    token = first.refresh or ""
    calls = [lambda: street.kasa.identity.refresh(visitor, token)] * 20
    answers = at_once(*calls)
    codes = [getattr(answer, "code", None) for answer in answers]
    assert {None: 1, "identity.refresh_raced": 19} == {code: codes.count(code) for code in codes}
    given = next(answer for answer in answers if getattr(answer, "code", None) is None)
    assert street.comes_in(given) is None  # type: ignore[arg-type]  # the one that was signed in
    street.pass_time(timedelta(seconds=10))
    assert "identity.refresh_raced" == street.refusal(calls[0])
    assert street.comes_in(given) is None  # type: ignore[arg-type]  # the one that was signed in


@pytest.mark.D5
def test_guesses_at_once_through_two_processes_are_bounded(database: Database) -> None:
    """Forty wrong passwords at once cost at most five hashes; a known browser still gets in."""
    street, other = street_over(database), street_over(database)
    address, visitor = somebody()
    given = street.sign_up(address, visitor=visitor)
    hashers = [one.ports.passwords for one in (street, other)]
    before = sum(_asked(hasher) for hasher in hashers)
    calls = [
        lambda one=one, number=number: one.kasa.identity.sign_in(
            attrs.evolve(visitor, address=f"{visitor.address}:{number}"), address, "wrong" * 4
        )
        for number in range(20)
        for one in (street, other)
    ]
    codes = [getattr(answer, "code", None) for answer in at_once(*calls)]
    assert {"identity.sign_in_failed", "identity.locked_out"} == set(codes)
    assert TRIES >= codes.count("identity.sign_in_failed")
    assert TRIES >= sum(_asked(hasher) for hasher in hashers) - before
    known = attrs.evolve(visitor, device=given.device)
    assert street.comes_in(street.kasa.identity.sign_in(known, address, PASSWORD)) is None


@pytest.mark.D5
def test_a_counter_is_one_for_all_connections(database: Database) -> None:
    """Of sixty tries at once on two counters in either order five are taken on both."""
    people = People.of(street_over(database).ports)
    tries = [Try(counter=Counter.ACCOUNT, key=people.digest()) for _ in range(2)]

    def take(ordered: list[Try]) -> bool:
        with people.ports.unit_of_work.platform() as work:
            return work.attempts.take(ordered, at=people.at).allowed

    with ThreadPoolExecutor(THREADS) as threads:
        allowed = list(threads.map(take, [tries, tries[::-1]] * 30))
    assert TRIES == sum(allowed)
    with people.ports.unit_of_work.platform() as work:
        assert [TRIES, TRIES] == [work.attempts.known(one.key).failures for one in tries]


@pytest.mark.D7
def test_a_link_is_used_once_by_twenty(database: Database) -> None:
    """Twenty units of work of one shop use a link at once: one gets it."""
    street = street_over(database)
    address, visitor = somebody()
    owner = street.admitted(street.sign_up(address, visitor=visitor)).actor
    assert owner is not None
    people = People.of(street.ports)
    link = attrs.evolve(people.link(), tenant=owner.tenant)
    with street.ports.unit_of_work(owner) as work:
        work.tenant_links.put(link)

    def use(_: int) -> bool:
        with street.ports.unit_of_work(owner) as work:
            return work.tenant_links.use(link.purpose, link.secret_hash, at=people.at) is not None

    with ThreadPoolExecutor(THREADS) as threads:
        assert 1 == sum(threads.map(use, range(20)))


def test_exactly_as_many_calls_pass_as_are_allowed(database: Database) -> None:
    """Ten connections, 200 calls, limit 100: 100 pass, alone and with the look at the session."""
    street = street_over(database)
    people = People.of(street.ports)
    session = people.signed_in(people.added())
    limits = [database.open(threads=5) for _ in range(2)]
    for alone in (True, False):
        rate = Rate(key=people.digest(), limit=100, window=timedelta(minutes=10))

        def passes(number: int, *, alone: bool = alone, rate: Rate = rate) -> bool:
            made = limits[number % 2]
            if alone:
                return made.rates.take(rate).taken <= rate.limit
            found = made.admissions.session(session.id, rate=rate, at=people.at)
            assert found is not None
            return found.taken <= rate.limit

        with ThreadPoolExecutor(10) as threads:
            assert 100 == sum(threads.map(passes, range(200)))


def test_a_look_is_one_statement_outside_a_transaction(database: Database) -> None:
    """Who comes in is asked by one statement, in autocommit, with and without a rate."""
    people = People.of(street_over(database).ports)
    session = people.signed_in(people.added())
    made = database.open()
    sent: list[str] = []

    def noted(statement: str) -> str:
        sent.append(statement)
        return statement

    rewritten(made.engine, noted)
    for rate in (None, Rate(key=people.digest(), limit=9)):
        sent.clear()
        assert made.admissions.session(session.id, rate=rate, at=people.at) is not None
        assert 1 == len(sent)
        with made.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            assert driver.info.transaction_status is TransactionStatus.IDLE


@pytest.mark.parametrize("statement", STATEMENTS)
def test_people_are_found_by_indexes(database: Database, statement: str) -> None:
    """What every request and every sign-in asks never reads a table from end to end."""
    with psycopg.connect(database.server.address(SUPERUSER, database.name)) as connection:
        connection.execute("SET enable_seqscan = off")
        found = connection.execute(f"EXPLAIN (GENERIC_PLAN) {statement}".encode()).fetchall()
    plan = " ".join(str(row[0]) for row in found)
    assert "Index" in plan
    assert "Seq Scan" not in plan


def _asked(hasher: object) -> int:
    assert isinstance(hasher, CheapPasswordHasher)
    return hasher.asked
