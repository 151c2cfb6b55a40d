"""A deploy: what the door has taken is answered, and it is gone in time."""

import json
import socket
import time
from pathlib import Path

import attrs
import pytest

from kasa.entrypoints.setting_forms import secret_keys
from tests.integration.conftest import Database
from tests.integration.outage.commands import environment_of, settings_of
from tests.integration.serving.running import running

pytestmark = [pytest.mark.integration, pytest.mark.deep]

KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
BODY = b'{"email": "nobody@shop.example", "password": "not the right one"}'
HEAD = (
    b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Expect: 100-continue\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
)


@pytest.mark.B5
def test_a_request_that_was_taken_is_answered(database: Database, tmp_path: Path) -> None:
    """Told to stop when a body was asked for: it is read, answered, and the process ends."""
    settings = attrs.evolve(settings_of(database.addresses, tmp_path), secret_keys=secret_keys(KEY))
    environment = {
        **environment_of(settings),
        "KASA_HOME": str(tmp_path),
        "KASA_SECRET_KEYS": KEY,
    }
    with (
        running("serve", environment=environment) as door,
        socket.create_connection(("127.0.0.1", door.port), timeout=60) as caller,
    ):
        assert door.ask("GET", "/health/live")[0] == 200
        caller.sendall(HEAD)
        assert caller.recv(65536).startswith(b"HTTP/1.1 100")
        began = time.monotonic()
        door.process.terminate()
        door.wait_for("Stopping: requests that were taken are answered first")
        caller.sendall(BODY)
        got = bytearray()
        while data := caller.recv(65536):
            got += data
        assert door.process.wait(60) == 0
        took = time.monotonic() - began
    assert got.startswith(b"HTTP/1.1 401")
    assert json.loads(got.partition(b"\r\n\r\n")[2])["code"] == "identity.sign_in_failed"
    assert took < 30
