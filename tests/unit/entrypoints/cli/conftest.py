"""The command line over a kasa in memory."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from kasa.application.ports.bundle import Ports
from kasa.entrypoints.bootstrap import OpenKasa, over
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.request import Openers


@attrs.frozen
class Ended:
    """How a command ended: its exit code and what it printed on the two streams."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def data(self) -> Any:
        """What a successful document holds."""
        assert self.document["ok"], self.document
        return self.document["data"]


Command = Callable[..., Ended]


@pytest.fixture
def command(ports: Ports, capfd: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs a command line and returns how it ended."""

    @contextmanager
    def opener() -> Iterator[OpenKasa]:
        yield over(ports)

    def call(*arguments: object) -> Ended:
        capfd.readouterr()
        code = run([str(one) for one in arguments], Openers(stored=opener, tools=opener))
        printed = capfd.readouterr()
        return Ended(code, printed.out, printed.err)

    return call
