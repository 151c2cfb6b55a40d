"""Children of both engines stay within their memory, however many pictures they read."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from kasa.adapters.rapidocr.recognizer import RapidocrRecognizer, second_pool
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.tesseract.recognizer import TesseractRecognizer
from kasa.application.ports.recognizer import TextRecognizer
from kasa.domain.payments.recognition import Effort
from tests.integration.rapidocr.test_recognizer import drawn
from tests.integration.sandbox import tasks

pytestmark = [pytest.mark.integration, pytest.mark.deep]

GROWTH_BYTES = 96 * 2**20
PICTURES = 200


def tesseract(opened: ExitStack) -> tuple[SandboxPool, TextRecognizer]:
    """Return the first engine and its pool."""
    pool = opened.enter_context(SandboxPool())
    recognizer = TesseractRecognizer(pool)
    opened.callback(recognizer.close)
    return pool, recognizer


def rapidocr(opened: ExitStack) -> tuple[SandboxPool, TextRecognizer]:
    """Return the second engine and its pool."""
    pool = opened.enter_context(second_pool())
    return pool, RapidocrRecognizer(pool)


@pytest.mark.parametrize(
    ("engine", "effort", "most"),
    [(tesseract, Effort.FIRST, 150 * 2**20), (rapidocr, Effort.SECOND_ENGINE, 720 * 2**20)],
    ids=["tesseract", "rapidocr"],
)
def test_two_hundred_pictures_do_not_grow_a_child(
    engine: Callable[[ExitStack], tuple[SandboxPool, TextRecognizer]], effort: Effort, most: int
) -> None:
    """A child never holds more than its engine's share, and hardly grows in the end."""
    with ExitStack() as opened:
        sandbox, recognizer = engine(opened)
        for _ in range(PICTURES // 2):
            recognizer.recognize(drawn(), effort)
        child, before = sandbox.run(tasks.process_id), sandbox.run(tasks.peak_bytes)
        for _ in range(PICTURES // 2 - 4):
            recognizer.recognize(drawn(), effort)
        assert child == sandbox.run(tasks.process_id)
        peak = sandbox.run(tasks.peak_bytes)
        assert peak < most
        assert peak - before < GROWTH_BYTES
