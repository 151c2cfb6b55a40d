"""An upgrade that dies, that meets another, that waits for locks, and that runs under traffic."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from kasa.adapters.postgres.upgrade import newest_revision
from kasa.application.ports.work import StoreBusy
from tests.integration.upgrades.conftest import REVISIONS, Site
from tests.integration.upgrades.traffic import Traffic
from tests.integration.worker.conftest import wait_for
from tests.places import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.G5]

PROGRAM = "import sys; from kasa.adapters.postgres.upgrade import upgrade; upgrade(sys.argv[1])"
SLEEPS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event = 'PgSleep'"""
CUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND usename IN ('kasa_owner', 'kasa_jobs')"""
LIVE = "r0008_submissions"
"""What came before was never upgraded with a live shop's half million rows in it."""
LOCK_LIMIT_SECONDS = 3
EXCLUSIVE_LIMIT_SECONDS = 1


def _killed_at(site: Site, step: int) -> bool:
    """Start an upgrade, SIGKILL it at a step, and return whether it came so far."""
    site.stop_at(step)
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, site.addresses.owner],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    try:
        wait_for(lambda: child.poll() is not None or site.ask(SLEEPS) == [(1,)], 120)
        assert child.poll() in {None, 0}
        return child.poll() is None
    finally:
        child.kill()
        child.wait()
        site.ask(CUT)


def test_a_killed_upgrade_is_resumed(site: Site, fresh: Site, seed: int) -> None:
    """SIGKILL in the middle and once more in what was left: the third run ends it."""
    site.watch()
    assert _killed_at(site, random.Random(seed).randrange(2, 150))
    assert _killed_at(site, random.Random(seed + 1).randrange(2, 80))
    site.stop_at(0)
    site.upgrade()
    site.unwatch()
    assert fresh.dump() == site.dump()


@pytest.mark.deep
def test_an_upgrade_may_be_killed_anywhere(site: Site, fresh: Site, story: Site, seed: int) -> None:
    """The same 15 times over a day's data, each time a few steps further; nothing is lost."""
    site.upgrade(REVISIONS[0])
    site.fill(story)
    columns = site.columns()
    before = site.told(columns)
    chance = random.Random(seed)
    site.watch()
    kills = 0
    while _killed_at(site, chance.randrange(1, 24)) and kills < 15:
        kills += 1
    site.stop_at(0)
    site.upgrade()
    site.unwatch()
    assert kills > 5
    assert before == site.told(columns)
    assert fresh.dump() == site.dump()


def test_of_two_upgraders_one_works(site: Site) -> None:
    """Two at once end well, and each step was done once."""
    site.watch()
    seen: list[Exception] = []

    def run() -> None:
        try:
            site.upgrade()
        except Exception as error:  # noqa: BLE001  # whatever fails in a thread fails the test
            seen.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == []
    made = site.ask("SELECT count(*) FROM journal.deeds WHERE tag = 'CREATE POLICY'")
    assert site.ask("SELECT count(*) FROM pg_policies") == made


def test_every_transaction_of_an_upgrade_bounds_its_waits(site: Site) -> None:
    """One transaction for each revision, in each at most 3 s for a lock, and no other limit."""
    site.watch()
    site.upgrade()
    waits = site.ask("SELECT DISTINCT lock, statement FROM journal.deeds")
    assert waits == [("3s", "0")]
    ((count,),) = site.ask("SELECT count(DISTINCT tx) FROM journal.deeds")
    assert int(str(count)) >= len(REVISIONS) + 1


@contextmanager
def _held(site: Site) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(site.administrator) as other:
        other.execute("LOCK TABLE kasa.payments IN ACCESS SHARE MODE")
        yield other


@pytest.mark.deep
def test_an_upgrade_waits_for_who_reads(site: Site) -> None:
    """A long reader delays it: it lets others pass, tries again, and works when he has gone."""
    site.upgrade("r0007_bank_questions")
    with _held(site) as other:
        thread = threading.Thread(target=site.upgrade)
        thread.start()
        wait_for(lambda: _waits(site), 30)
        wait_for(lambda: not _waits(site), 30)
        other.rollback()
        thread.join(60)
    assert [(newest_revision(),)] == site.ask("SELECT version_num FROM platform.version")


@pytest.mark.deep
def test_an_upgrade_gives_up_on_who_never_ends(site: Site) -> None:
    """After five tries it says that the store is busy; nothing is half done."""
    site.upgrade("r0007_bank_questions")
    before = site.dump()
    with _held(site), pytest.raises(StoreBusy):
        site.upgrade()
    assert before == site.dump()


def _waits(site: Site) -> bool:
    return bool(site.ask("SELECT 1 FROM pg_locks WHERE NOT granted"))


@pytest.mark.parametrize("rows", [100, pytest.param(500_000, marks=pytest.mark.deep)])
def test_an_upgrade_runs_under_traffic(site: Site, story: Site, rows: int) -> None:
    """While the shop reads and writes: nobody waits above 3 s, no table is closed above 1 s."""
    site.upgrade(REVISIONS[0] if rows < 1000 else LIVE)
    site.fill(story)
    traffic = Traffic(site=site)
    traffic.multiply(rows)
    with traffic.running():
        wait_for(lambda: traffic.done > 20)
        began = time.monotonic()
        site.upgrade()
        took = time.monotonic() - began
        reached = traffic.done
        wait_for(lambda: traffic.done > reached + 20)
    print(f"{took:.1f} s, {traffic.told()}")  # noqa: T201  # the figures of the run
    assert traffic.refused == []
    assert traffic.longest < LOCK_LIMIT_SECONDS
    assert traffic.longest_exclusive < EXCLUSIVE_LIMIT_SECONDS
