"""The second engine: its words, its child's limits, its end when idle, and no network."""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from kasa.adapters.conformance.recognizer import TextRecognizerConformance
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.adapters.rapidocr import recognizer as second
from kasa.adapters.rapidocr.recognizer import (
    LIMITS,
    RapidocrRecognizer,
    SecondEngineMissing,
    WithSecondOpinion,
    with_second_opinion,
)
from kasa.adapters.sandbox.pool import SandboxLimits, SandboxPool
from kasa.application.ports.recognizer import RecognizerFailed, TextRecognizer
from kasa.domain.payments.recognition import Effort
from tests.integration.sandbox import tasks

pytestmark = [pytest.mark.integration, pytest.mark.deep]

TEXT = "Transaction 48010202442"
PEAK_BYTES = 720 * 2**20


def drawn(turn: int = 0, size: tuple[int, int] = (800, 400), lines: int = 1) -> bytes:
    """Return a PNG with lines of text over its whole height, turned clockwise."""
    picture = Image.new("RGB", size, "white")
    font = ImageFont.load_default(size=size[0] // 20)
    for line in range(lines):
        place = (60, 150 + line * (size[1] - 150) // lines)
        ImageDraw.Draw(picture).text(place, TEXT, fill="black", font=font)
    out = io.BytesIO()
    picture.rotate(-turn, expand=True).save(out, "PNG")
    return out.getvalue()


def refuse_network() -> None:
    """Let every attempt to reach a server end the child."""

    def refuse(*_: object) -> None:
        raise SystemExit

    for owner, name in ((socket.socket, "connect"), (socket, "getaddrinfo")):
        setattr(owner, name, refuse)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxPool]:
    """A child with the limits of use, which cannot reach a server."""
    with SandboxPool(limits=LIMITS, setup=refuse_network) as pool:
        yield pool


@pytest.fixture(scope="module")
def engine(sandbox: SandboxPool) -> RapidocrRecognizer:
    """The second engine."""
    return RapidocrRecognizer(sandbox)


class TestRapidocr(TextRecognizerConformance):
    """The second engine alone."""

    @pytest.fixture(autouse=True)
    def _keep(self, engine: RapidocrRecognizer) -> None:
        self.recognizer = engine

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        return self.recognizer


class TestWithSecondOpinion(TextRecognizerConformance):
    """Two recognisers as one."""

    @pytest.fixture(autouse=True)
    def _keep(self, engine: RapidocrRecognizer) -> None:
        self.recognizer = WithSecondOpinion(ScriptedRecognizer(), engine)

    def make_ports(self) -> TextRecognizer:
        """Return the recogniser."""
        return self.recognizer


def test_words_with_their_places(engine: RapidocrRecognizer) -> None:
    """A line is read with boxes in pixels of the picture and confidences, without a network."""
    (reading,) = engine.recognize(drawn(), Effort.SECOND_ENGINE)
    assert TEXT.split() == [word.text for word in reading.words]
    first = reading.words[0]
    assert 45 <= first.box.left <= 75
    assert 130 <= first.box.top <= 175
    assert 80 <= first.confidence <= 100
    assert "rapidocr" == reading.engine


def test_a_turned_picture_is_read_upright(engine: RapidocrRecognizer) -> None:
    """The turn that an earlier step found is applied first."""
    (reading,) = engine.recognize(drawn(turn=90), Effort.SECOND_ENGINE, turn=270)
    assert TEXT.split() == [word.text for word in reading.words]
    assert 270 == reading.turn


def test_a_large_picture_keeps_places_and_memory(
    sandbox: SandboxPool, engine: RapidocrRecognizer
) -> None:
    """The largest picture that may come is read at a size that the child's memory allows."""
    (reading,) = engine.recognize(drawn(size=(5_000, 5_000), lines=16), Effort.SECOND_ENGINE)
    assert TEXT.split() * 16 == [word.text for word in reading.words]
    assert abs(reading.words[0].box.left - 60) <= 30
    assert sandbox.run(tasks.peak_bytes) < PEAK_BYTES


def test_the_engine_is_loaded_in_the_child_alone(engine: RapidocrRecognizer) -> None:
    """Making the recogniser starts nothing: its child comes with the first picture."""
    with SandboxPool(limits=LIMITS) as pool:
        RapidocrRecognizer(pool)
        assert not pool.processes


def test_no_file_is_written(engine: RapidocrRecognizer) -> None:
    """Reading leaves the folder of the models as it was: nothing is fetched, nothing logged."""
    engine.recognize(drawn(), Effort.SECOND_ENGINE)
    models = second.packaged_models()
    assert models is not None
    folder = Path(models[0]).parent.parent
    started = time.time() - 600
    fresh = [path for path in folder.rglob("*") if path.stat().st_mtime > started]
    assert [] == [path for path in fresh if path.suffix in {".log", ".onnx", ".txt"}]


def test_it_is_killed_past_its_time() -> None:
    """A reading that takes too long ends its child, and the next one gets another."""
    with SandboxPool(limits=SandboxLimits(memory_bytes=2 * 2**30, seconds=1)) as pool:
        with pytest.raises(RecognizerFailed):
            pool.run(tasks.sleep, 30)
        assert pool.run(tasks.process_id) > 0


def test_both_name_their_versions(engine: RapidocrRecognizer) -> None:
    """A verdict tells both engines and the models of the second."""
    both = WithSecondOpinion(ScriptedRecognizer(), engine)
    assert ["scripted", "rapidocr"] == [one.split()[0] for one in both.versions]
    assert all(part in both.versions[1] for part in ("onnxruntime", "_det_", "_rec_"))
    assert {Effort.FIRST, Effort.SECOND_ENGINE} == both.available


def test_without_the_engine_the_first_stays_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed the last step is not offered."""
    monkeypatch.setattr(second, "NEEDED", ("not_installed",))
    first = ScriptedRecognizer()
    with ExitStack() as opened:
        assert first is with_second_opinion(first, opened)
    with pytest.raises(SecondEngineMissing) as caught:
        RapidocrRecognizer(SandboxPool())
    assert "recognizer.second_engine_missing" == caught.value.code
