"""The door as a process: limits across processes, an outage of the database, and its log."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.application.identity.visiting import SignedIn
from kasa.entrypoints.bootstrap_credentials import with_credentials
from kasa.entrypoints.setting_forms import secret_keys
from kasa.entrypoints.settings import Settings
from tests.integration.conftest import Database
from tests.integration.outage.commands import environment_of, settings_of
from tests.integration.serving.running import READY, Running, running
from tests.integration.worker.conftest import crash
from tests.unit.identity.street import EMAIL, PASSWORD, Street

pytestmark = [pytest.mark.integration, pytest.mark.deep]

KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
WRITES = 10
SLOW = 50
HUGE_BYTES = 21 * 2**20
PIECE = b"x" * 2**16
AWAY = "store.unavailable"
PHONE, INJECTED = "+855123456", "injected\r\nline"
PASSED_BY = {"pub", "public", "op", "operator", "svc", "service"}
"""Routes that the token of a member does not open, or that ask nothing."""


@attrs.frozen(eq=False)
class Doors:
    """Two processes over one database, and an owner who is signed in."""

    first: Running
    second: Running
    owner: SignedIn

    def records(self) -> list[dict[str, Any]]:
        """Return the lines of both logs."""
        return self.first.records + self.second.records


def signed_in(database: Database, settings: Settings) -> SignedIn:
    """Return somebody who has opened a shop."""
    street = Street.over(with_credentials(database.ports(), settings), _never)
    return street.sign_up()


def _never(_: timedelta) -> None:
    raise AssertionError("the clock of a process is not moved")


@pytest.fixture(scope="module")
def doors(own_server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """Return two doors with few writes a minute."""
    home: Path = tmp_path_factory.mktemp("home")
    settings = attrs.evolve(settings_of(own_server.addresses(), home), secret_keys=secret_keys(KEY))
    database = Database("kasa", own_server)
    owner = signed_in(database, settings)
    database.close()
    environment = {
        **environment_of(settings),
        "KASA_HOME": str(home),
        "KASA_SECRET_KEYS": KEY,
        "KASA_RATE_WRITES": str(WRITES),
    }
    with ExitStack() as opened:
        first, second = (
            opened.enter_context(running("serve", environment=environment, waits=False))
            for _ in range(2)
        )
        first.wait_for(READY)
        second.wait_for(READY)
        yield Doors(first, second, owner)


@pytest.mark.F4
def test_a_limit_holds_across_processes(doors: Doors) -> None:
    """Twice as many calls as are allowed, in turn to both: exactly the limit is let through.

    What a caller says of its address changes nothing, and reads have a limit of their own.
    """
    began, answers = time.monotonic(), []
    for number in range(2 * WRITES):
        door = (doors.first, doors.second)[number % 2]
        answers.append(
            door.ask(
                "POST",
                "/api/v1/customers",
                token=doors.owner.access,
                body={"name": f"Customer {number}", "phone": f"{PHONE}{number:02}"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
        )
    took = time.monotonic() - began
    accepted = [status for status, _, _ in answers if status == 201]
    refused = [told for status, told, _ in answers if status == 429]
    windows = 1 + int(took // 60)
    assert WRITES <= len(accepted) <= WRITES * windows
    assert len(accepted) + len(refused) == 2 * WRITES
    assert all(1 <= int(told["retry-after"]) <= 60 for told in refused)
    assert 60 - took - 1 <= int(refused[0]["retry-after"])
    status, _, _ = doors.second.ask("GET", "/api/v1/customers", token=doors.owner.access)
    assert status == 200


@pytest.mark.B3
def test_while_the_database_is_away_every_route_says_so(
    doors: Doors, own_server: EmbeddedServer
) -> None:
    """503 with its code and when to come back; the process lives, and the first call after works.

    Routes that ask nothing of the database answer as ever.
    """
    door, token = doors.first, doors.owner.access
    _, _, document = door.ask("GET", "/api/v1/openapi.json")
    read = sorted(
        path
        for path, verbs in document["paths"].items()
        if "get" in verbs and not PASSED_BY & set(verbs["get"]["x-kasa-who"])
    )
    crash(own_server)
    met = {}
    try:
        for path in read:
            filled = "/".join(
                "00000000-0000-7000-8000-000000000000" if part.startswith("{") else part
                for part in path.split("/")
            )
            status, told, problem = door.ask("GET", filled, token=token)
            met[path] = (status, problem["code"], "retry-after" in told)
        alive, _, _ = door.ask("GET", "/health/live")
        ready, _, _ = door.ask("GET", "/health/ready")
    finally:
        own_server.start()
    assert set(met.values()) == {(503, AWAY, True)}, met
    assert (alive, ready) == (200, 503)
    for again in (doors.first, doors.second):
        assert again.ask("GET", "/api/v1/customers", token=token)[0] == 200
        assert again.ask("GET", "/health/ready")[0] == 200


@pytest.mark.H8
def test_the_log_names_who_asked_and_repeats_nothing(doors: Doors) -> None:
    """Bodies, queries, tokens, cookies, wrong passwords and broken lines: none is in a log."""
    door, token = doors.first, doors.owner.access
    secrets = {"opaque-cookie", "wrong-password-of-mine", PASSWORD, EMAIL, PHONE, token}
    door.ask("GET", f"/api/v1/customers?q={PHONE[1:]}78", token=token)
    door.ask("GET", "/api/v1/customers", headers={"Cookie": "__Host-kasa=opaque-cookie"})
    door.ask("GET", "/api/v1/customers", token=f"{token[:-4]}AAAA")
    door.ask("GET", "/nowhere/opaque-cookie%0d%0ainjected")
    sign_in = {"email": EMAIL, "password": "wrong-password-of-mine"}
    door.ask("POST", "/api/v1/auth/sign-in", body=sign_in)
    door.ask("PATCH", "/api/v1/customers/x", token=token, body={"name": INJECTED})
    requests = [one for one in doors.records() if one["event"] == "http.request"]
    signed = [one for one in requests if one.get("actor")]
    whole = "\n".join(doors.first.lines + doors.second.lines)
    assert [one for one in secrets if one in whole] == []
    assert "injected" not in whole
    assert all(one["request"] and one["method"] for one in requests)
    assert {one["route"] for one in signed} >= {"/api/v1/customers"}
    assert all(one["tenant"] for one in signed if one["route"] == "/api/v1/customers")


def _trickling(port: int) -> socket.socket:
    """Open a connection that sends its request a byte at a time."""
    slow = socket.create_connection(("127.0.0.1", port), timeout=60)
    slow.sendall(b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    return slow


def _huge(port: int) -> bytes:
    """Send a body past the limit, and return the first line of the answer."""
    head = (
        b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % HUGE_BYTES
    )
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sender:
        sender.sendall(head)
        with suppress(OSError):
            for _ in range(HUGE_BYTES // len(PIECE)):
                sender.sendall(PIECE)
        try:
            return sender.recv(4096).partition(b"\r\n")[0]
        except OSError:
            return b""


def _seconds(door: Running, token: str) -> float:
    """Return how long a list takes."""
    began = time.monotonic()
    assert door.ask("GET", "/api/v1/customers", token=token)[0] == 200
    return time.monotonic() - began


@pytest.mark.F6
@pytest.mark.deep
def test_slow_and_huge_requests_do_not_starve_others(doors: Doors) -> None:
    """50 callers a byte a second, 50 bodies of 21 MB, and somebody who reads: half a second."""
    door, token = doors.second, doors.owner.access
    took, stopping = list[float](), threading.Event()
    quiet = [_seconds(door, token) for _ in range(20)]
    with ExitStack() as opened, ThreadPoolExecutor(8) as senders:
        slow = [opened.enter_context(_trickling(door.port)) for _ in range(SLOW)]

        def trickle() -> None:
            while not stopping.wait(1):
                for one in slow:
                    with suppress(OSError):
                        one.sendall(b"x")

        opened.callback(stopping.set)
        threading.Thread(target=trickle, daemon=True).start()
        ends = [senders.submit(_huge, door.port) for _ in range(SLOW)]
        for _ in range(100):
            took.append(_seconds(door, token))
        refused = {end.result() for end in ends}
    statuses = {one[9:12] for one in refused}
    assert statuses <= {b"413", b"429", b""}
    assert statuses & {b"413", b"429"}
    assert sorted(took)[94] < max(0.5, 5 * sorted(quiet)[18])
