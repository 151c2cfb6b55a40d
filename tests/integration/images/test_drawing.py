"""Sample receipts are labelled, repeatable and readable."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import attrs
import pytest
from PIL import Image

from kasa.adapters.conformance.printing import SampleReceiptsConformance
from kasa.adapters.images.drawing import DrawnSampleReceipts
from kasa.adapters.sandbox.pool import SandboxPool
from kasa.adapters.tesseract.recognizer import TesseractRecognizer
from kasa.application.ports.images import SampleLook, SampleReceipt, SampleReceipts
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import Outcome
from kasa.domain.payments.receipts.reading import read_text
from kasa.domain.payments.recognition import Effort, RecognizedText

pytestmark = pytest.mark.integration

RECEIPT = SampleReceipt(
    look=SampleLook.ABA_SUCCESS,
    amount=Money(41_000, KHR),
    recipient="KASA SHOP",
    payer="SOK DARA",
    paid_at=datetime(2026, 11, 20, 14, 21, 54, tzinfo=timezone(timedelta(hours=7))),
    references=(
        ("aba.trx", "48010202442"),
        ("aba.ft", "100FT37181496550"),
        ("acleda.ref", "63241863158"),
        ("bakong.hash8", "b293a7cc"),
        ("generic.ref", "48010202442"),
    ),
    recipient_account="000 123 456",
    payer_account="000 146 564",
)


class TestDrawnSampleReceipts(SampleReceiptsConformance):
    """The samples that are drawn."""

    def make_ports(self) -> SampleReceipts:
        """Return the samples."""
        return DrawnSampleReceipts()


@pytest.fixture(scope="module")
def recognizer() -> Iterator[TesseractRecognizer]:
    """Tesseract with the language data that is here."""
    with SandboxPool() as sandbox:
        found = TesseractRecognizer(sandbox)
        yield found
        found.close()


def words(recognizer: TesseractRecognizer, receipt: SampleReceipt) -> str:
    """Return what text recognition finds on a drawn receipt at its first effort."""
    readings = recognizer.recognize(DrawnSampleReceipts().draw(receipt), Effort.FIRST)
    return " ".join(word.text for reading in readings for word in reading.words)


@pytest.mark.parametrize("look", [SampleLook.ABA_SUCCESS, SampleLook.ABA_CARD, SampleLook.GENERIC])
@pytest.mark.parametrize("amount", [Money(41_000, KHR), Money(1_234_567, KHR), Money(625, USD)])
def test_latin_samples_can_be_read(
    recognizer: TesseractRecognizer, look: SampleLook, amount: Money
) -> None:
    """Amount, currency, recipient, reference, date and label are read off the picture."""
    seen = words(recognizer, attrs.evolve(RECEIPT, look=look, amount=amount))
    whole, _, decimals = amount.text.partition(".")
    figure = f"{int(whole):,}" + (f".{decimals}" if decimals else "")
    for wanted in (figure, amount.currency.code, "KASA SHOP", "48010202442", "2026", "SAMPLE"):
        assert wanted in seen


@pytest.mark.deep
@pytest.mark.khm
def test_khmer_samples_can_be_read(recognizer: TesseractRecognizer) -> None:
    """A Khmer look is read with the Khmer data: amount, recipient, reference, month and time."""
    seen = words(recognizer, attrs.evolve(RECEIPT, look=SampleLook.ACLEDA))
    for wanted in ("41,000", "KASA SHOP", "63241863158", "វិច្ឆិកា ២០២៦", "០២:២១"):
        assert wanted in seen


@pytest.mark.parametrize(
    "look",
    [
        SampleLook.ABA_SUCCESS,
        SampleLook.ABA_CARD,
        SampleLook.GENERIC,
        pytest.param(SampleLook.ACLEDA, marks=[pytest.mark.deep, pytest.mark.khm]),
    ],
)
def test_samples_are_evidence(recognizer: TesseractRecognizer, look: SampleLook) -> None:
    """What is drawn is read as a finished transfer of that amount to that name at that minute."""
    picture = DrawnSampleReceipts().draw(attrs.evolve(RECEIPT, look=look))
    efforts = (Effort.FIRST, Effort.SIGNS)
    readings = [reading for effort in efforts for reading in recognizer.recognize(picture, effort)]
    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
    text = RecognizedText(readings=tuple(readings), width=width, height=height)
    evidence = read_text(text, RECEIPT.paid_at)
    assert evidence.amount.value == RECEIPT.amount
    assert evidence.recipient_name.value == RECEIPT.recipient
    assert evidence.paid_at.value == RECEIPT.paid_at.replace(second=0)
    assert evidence.outcome.value is Outcome.FINAL
    read = {scheme: found.value for scheme, found in evidence.references.items() if found.is_read}
    assert read
    assert read.items() <= dict(RECEIPT.references).items()


@pytest.mark.parametrize("look", SampleLook)
def test_nothing_runs_out_of_the_picture(look: SampleLook) -> None:
    """However long names and remarks are, the edges of the picture stay empty paper."""
    receipt = attrs.evolve(
        RECEIPT, look=look, recipient="A VERY LONG NAME OF A SHOP " * 4, remark="remark " * 20
    )
    with Image.open(io.BytesIO(DrawnSampleReceipts().draw(receipt))) as image:
        right_edge = image.crop((image.width - 40, 80, image.width, image.height - 80))
        assert right_edge.getcolors() == [(right_edge.width * right_edge.height, (255, 255, 255))]
