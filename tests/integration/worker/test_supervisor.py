"""The parent alone, over children that only say what a test wants."""

import sys
import threading
from collections.abc import Callable, Iterator

import attrs
import pytest

from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.worker.supervisor import Patience, Supervisor
from tests.integration.worker.conftest import READY, wait_for

pytestmark = pytest.mark.integration

CHILD = """
import socket, sys, time
link = socket.socket(fileno=int(sys.argv[1]))
{deeds}
while True:
    heard = link.recv(1)
    if heard in (b"", {ends!r}):
        break
"""
PATIENCE = Patience(
    start=20, silence=20, grace=1, stop=20, now=1, starts=(0.1, 0.2), steady=60, away=0.1
)


@attrs.define
class Parent:
    """Supervisors of a test; they are ended with it."""

    told: list[str] = attrs.field(factory=list)
    threads: list[tuple[Supervisor, threading.Thread]] = attrs.field(factory=list)

    def over(
        self,
        deeds: str,
        *,
        ends: bytes = b"s",
        prepare: Callable[[], None] = lambda: None,
        patience: Patience = PATIENCE,
    ) -> Supervisor:
        """Start a parent whose child does some deeds and ends at a word."""
        made = Supervisor(
            prepare=prepare,
            tell=self.told.append,
            command=(sys.executable, "-c", CHILD.format(deeds=deeds, ends=ends)),
            patience=patience,
        )
        thread = threading.Thread(target=made.run)
        thread.start()
        self.threads.append((made, thread))
        return made

    def end(self) -> None:
        """Stop every parent at once, and wait for its end."""
        for supervisor, thread in self.threads:
            supervisor.stop()
            supervisor.stop()
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture
def parent() -> Iterator[Parent]:
    """Return what starts parents."""
    made = Parent()
    yield made
    made.end()


def test_a_child_that_ends_is_started_again(parent: Parent) -> None:
    """Each time a little later, and the parent tells how it ended."""
    supervisor = parent.over("sys.exit(9)")
    wait_for(lambda: supervisor.restarts >= 3)
    assert parent.told[:3] == [
        f"The worker's child ended with 9; the next one starts in {wait} s."
        for wait in ("0.1", "0.2", "0.2")
    ]


def test_what_the_child_misses_is_prepared_again(parent: Parent) -> None:
    """While the database is away the parent tries to bring it back; then no more."""
    tries: list[int] = []

    def prepare() -> None:
        tries.append(len(tries))
        if len(tries) == 2:
            raise Unavailable

    supervisor = parent.over(
        "link.send(b'r'); link.send(b'a'); time.sleep(1); link.send(b'b')", prepare=prepare
    )
    wait_for(lambda: len(parent.told) == 3)
    assert len(tries) > 3
    assert parent.told == [
        READY,
        "The database is away; the worker waits for it.",
        "The database is back; the worker takes jobs.",
    ]
    assert supervisor.restarts == 0


def test_a_start_that_is_refused_is_tried_again(parent: Parent) -> None:
    """What forbids a start is told, and the next one comes."""
    tries: list[int] = []

    def prepare() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable

    parent.over("link.send(b'r')", prepare=prepare)
    wait_for(lambda: READY in parent.told)
    assert [words for words in parent.told if "store.unavailable" in words] == parent.told[:2]


def test_the_second_stop_is_another_word(parent: Parent) -> None:
    """A child that goes on after the first is told to leave now."""
    supervisor = parent.over("link.send(b'r')", ends=b"n")
    wait_for(lambda: READY in parent.told)
    supervisor.stop()
    wait_for(lambda: any("Stopping:" in words for words in parent.told))
    assert supervisor.child is not None
    supervisor.stop()
    ((_, thread),) = parent.threads
    thread.join(30)
    assert not thread.is_alive()


def test_a_child_that_does_not_end_is_killed(parent: Parent) -> None:
    """When its time is over nothing can hold it."""
    patience = attrs.evolve(PATIENCE, stop=0.5)
    supervisor = parent.over("link.send(b'r')", ends=b"never", patience=patience)
    wait_for(lambda: READY in parent.told)
    supervisor.stop()
    ((_, thread),) = parent.threads
    thread.join(30)
    assert not thread.is_alive()


def test_a_silent_child_is_replaced(parent: Parent) -> None:
    """One that says nothing any more is ended, and another starts."""
    patience = attrs.evolve(PATIENCE, silence=0.5)
    supervisor = parent.over("link.send(b'r')", ends=b"never", patience=patience)
    wait_for(lambda: supervisor.restarts >= 1)
    assert any("was silent" in words for words in parent.told)
