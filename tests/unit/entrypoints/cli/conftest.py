"""The command line over a kasa in memory."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from kasa.adapters.images.looks import screen
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.documents import PlainInvoicePrinter
from kasa.adapters.memory.images import ToldSampleReceipts
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.application.ports.bundle import Ports
from kasa.application.ports.documents import PrintedInvoice
from kasa.application.ports.images import SampleReceipt
from kasa.domain.invoicing.document import InvoiceDocument
from kasa.entrypoints.bootstrap import over
from kasa.entrypoints.cli.app import run
from kasa.entrypoints.cli.request import Openers
from kasa.entrypoints.opened import OpenKasa


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


@attrs.frozen
class PhotographedSamples:
    """Draws samples, and lets a scripted recogniser read what each shows."""

    recognizer: ScriptedRecognizer

    def draw(self, receipt: SampleReceipt) -> bytes:
        """Return a picture that the recogniser knows."""
        picture = ToldSampleReceipts().draw(receipt)
        shown = screen(receipt)
        rows = (f"{label} {value}" for label, value in shown.rows)
        lines = [shown.brand, shown.status, shown.headline, shown.above_name, shown.name, *rows]
        self.recognizer.show(picture, *(line for line in lines if line))
        return picture


class PretendedPdf:
    """Prints plain invoices that begin as a PDF does."""

    def print(self, document: InvoiceDocument, **options: Any) -> PrintedInvoice:
        """Return the plain copy behind the mark of a PDF."""
        made = PlainInvoicePrinter().print(document, **options)
        return attrs.evolve(made, data=b"%PDF-" + made.data)


@pytest.fixture
def ports(clock: StoppedClock) -> Ports:
    """Return every port in memory, with receipts that can be read."""
    made = memory_ports(clock=clock)
    assert isinstance(made.recognizer, ScriptedRecognizer)
    samples = PhotographedSamples(made.recognizer)
    return attrs.evolve(made, samples=samples, printer=PretendedPdf())
