"""`kasa serve` as a process of a test, and somebody who calls it over a socket."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import attrs

from tests.places import ROOT

LIMIT_SECONDS = 180
SERVING = re.compile(r"Serving http://127\.0\.0\.1:(\d+)")
READY = "The door is ready: it takes requests."
Answered = tuple[int, Mapping[str, str], Any]


@attrs.define(eq=False)
class Running:
    """A process that serves, and everything that it wrote so far."""

    process: subprocess.Popen[str]
    lines: list[str] = attrs.field(factory=list)
    _said: threading.Condition = attrs.field(factory=threading.Condition)

    def listen(self) -> None:
        """Keep what the process writes, until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._said:
                self.lines.append(line.rstrip("\n"))
                self._said.notify_all()
        with self._said:
            self.lines.append("")
            self._said.notify_all()

    def wait_for(self, words: str) -> None:
        """Return when the process wrote some words."""
        with self._said:
            found = self._said.wait_for(
                lambda: any(words in line for line in self.lines), LIMIT_SECONDS
            )
        assert found, "\n".join(self.lines)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        found = next(match for match in map(SERVING.match, self.lines) if match)
        return int(found[1])

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Answered:
        """Ask on a connection of its own, and return status, headers and what the JSON says."""
        given = {"Connection": "close", **(headers or {})}
        if token:
            given["Authorization"] = f"Bearer {token}"
        if method == "POST":
            given.setdefault("Idempotency-Key", str(uuid4()))
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            given["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=data, headers=given)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        is_json = "json" in told.get("content-type", "")
        return answer.status, told, json.loads(content) if is_json else content


@contextmanager
def running(*command: str, environment: Mapping[str, str], waits: bool = True) -> Iterator[Running]:
    """Start a command of kasa that serves, on free ports, and yield it, by default when ready.

    It is killed afterwards, if it still runs.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KASA_")}
    own = {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    ports = {"KASA_BIND": "127.0.0.1:0", "KASA_METRICS_BIND": "127.0.0.1:0"}
    with subprocess.Popen(
        [sys.executable, "-m", "kasa", *command],
        env={**kept, **own, **ports, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        made = Running(process)
        reader = threading.Thread(target=made.listen, daemon=True)
        reader.start()
        try:
            if waits:
                made.wait_for(READY)
            yield made
        finally:
            process.kill()
            reader.join(LIMIT_SECONDS)
