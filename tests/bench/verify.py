"""V1: a picture verified from end to end, against the bare engine reading the same picture.

Both sides count the seconds that the processor worked, here and in the children: one thing waits
for the other, so on a machine without other work that is the time that passes, and with other work
it is still true.
"""

import io
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

import attrs
from PIL import Image

from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.application.ports.jobs import Job
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.recognition import Effort
from kasa.domain.payments.states import PaymentState
from kasa.domain.tenancy.tenant import TenantProfile
from kasa.entrypoints.bootstrap import over, tools
from kasa.entrypoints.settings import Settings
from tests.bench.harness import Figure, Limit, Measure, Side

SEED = 4_711
JPEG_QUALITY = 87
VERIFY = "payments.verify"
RIEL = Money(40_000, KHR)


def cpu_seconds() -> float:
    """Return the seconds that the processor worked for this process and its living children."""
    children = {
        child
        for thread in Path("/proc/self/task").iterdir()
        for child in (thread / "children").read_text().split()
    }
    spent = (Path("/proc", child, "schedstat").read_text().split()[0] for child in children)
    return process_time() + sum(map(int, spent)) / 10**9


class Till:
    """A shop in memory with real cleaning and reading, and a new invoice for each receipt."""

    def __init__(self, ports: Ports, *, sent_as: str) -> None:
        self._sent_as = sent_as
        opened = over(ports)
        self.opened = opened
        self._worker = ports.worker
        self._run = attrs.evolve(
            opened.kasa.run, calls={**opened.kasa.run.calls, VERIFY: self._verified}
        )
        self._ended = 0.0
        tenant = opened.kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Bench")))
        self.owner = Actor.system(tenant.id)
        account = NewAccount(bank="ABA", number="001234567", names=("SOKHA TEXTILES",))
        opened.kasa.payments.add_account(self.owner, account)
        self._random = Random(SEED)

    def _verified(self, job: Job) -> None:
        """Verify and note the moment: printing the paid copy is not part of the figure."""
        self.opened.kasa.run.calls[VERIFY](job)
        self._ended = cpu_seconds()

    def receipt(self) -> bytes:
        """Draw a receipt with a reference of its own, as a messenger or as a file sends it."""
        drawn = self.opened.draw_receipt(
            look="aba_card",
            amount=RIEL,
            recipient="SOKHA TEXTILES",
            recipient_account="001234567",
            payer="CHAN DARA",
            paid_at=self.opened.now() - timedelta(seconds=30),
            references=(("aba.trx", str(self._random.randrange(10**10, 10**11))),),
        )
        if self._sent_as == "PNG":
            return drawn
        out = io.BytesIO()
        Image.open(io.BytesIO(drawn)).save(out, "JPEG", quality=JPEG_QUALITY)
        return out.getvalue()

    def verify(self) -> float:
        """Submit a receipt for a new invoice, settle it, and answer the seconds that took."""
        kasa = self.opened.kasa
        line = WantedLine(text="Scarf", quantity=Decimal(2), price=Decimal(20_000))
        draft = kasa.invoicing.draft(self.owner, WantedInvoice(lines=(line,)))
        invoice = kasa.invoicing.issue(self.owner, draft.id)
        self.opened.work_off()
        evidence = NewEvidence(pictures=(self.receipt(),), invoice=invoice.id)
        started = cpu_seconds()
        sent = kasa.payments.submit(self.owner, evidence)
        self._worker.drain(self._run)
        took = self._ended - started
        payment = kasa.payments.queries.payment(self.owner, sent.payments[0].id)
        if payment.state is not PaymentState.APPROVED:
            raise RuntimeError(f"the receipt was not approved: {payment.state}")
        return took


def bare_read(picture: bytes, folder: Path, opened: ExitStack) -> Side:
    """Return the engine alone: one API, reused, from the bytes of one picture to its text."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    from tesserocr import PyTessBaseAPI  # noqa: PLC0415  # the thread limit has to be set first

    from kasa.adapters.tesseract.engine import PASSES  # noqa: PLC0415  # it imports tesserocr too

    languages = "+".join(sorted(path.stem for path in folder.glob("*.traineddata")))
    mode = PASSES[Effort.FIRST][0].page_mode
    api = opened.enter_context(PyTessBaseAPI(path=str(folder), lang=languages, psm=mode))

    def side() -> float:
        started = process_time()
        api.SetImage(Image.open(io.BytesIO(picture)).convert("L"))
        api.GetUTF8Text()
        return process_time() - started

    return side


def figures(opened: ExitStack) -> Iterator[Figure]:
    """Yield V1 for both ways of sending; the baseline of the first is also that of V4."""
    from kasa.adapters.tesseract.recognizer import english_data, khmer_data  # noqa: PLC0415  # only this figure reads

    home = Path(opened.enter_context(TemporaryDirectory(prefix="kasa-bench-")))
    data = home / "tessdata"
    data.mkdir()
    for found in (english_data(), khmer_data()):
        if found is not None:
            (data / found.name).symlink_to(found)
    for figure, sent_as, goal in (("V1", "JPEG", 1.15), ("V1P", "PNG", None)):
        settings = Settings(home=home / sent_as, ocr_processes=1, second_engine="off")
        till = Till(tools(settings, opened), sent_as=sent_as)
        yield Figure(
            id=figure,
            title=f"verify a {sent_as}, end to end, CPU",
            against="bare read, reused API",
            kasa=till.verify,
            baseline=bare_read(till.receipt(), data, opened),
            gate=Limit(Measure.RATIO, 1.3),
            goal=Limit(Measure.RATIO, goal) if goal else None,
        )
