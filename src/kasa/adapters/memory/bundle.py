"""``memory_ports()``: a whole kasa in dictionaries."""

from kasa.adapters.memory.codes import ScriptedQrCodes
from kasa.adapters.memory.credentials import (
    CheapPasswordHasher,
    CountedCodes,
    CountedTokenSigner,
    GlassBox,
    PlainDigests,
    ShortBlocklist,
)
from kasa.adapters.memory.documents import PassingPdfReader, PlainInvoicePrinter
from kasa.adapters.memory.identity.admissions import MemoryAdmissions
from kasa.adapters.memory.identity.attempts import MemoryRateLimits
from kasa.adapters.memory.images import PassingImageCleaner, ToldSampleReceipts
from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.memory.messenger import RecordingMessenger
from kasa.adapters.memory.outside import CountedIds, ScriptedSecrets, StoppedClock
from kasa.adapters.memory.payment_providers import NoBankChecker
from kasa.adapters.memory.recognizer import ScriptedRecognizer
from kasa.adapters.memory.schedule import MemorySchedule
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.adapters.memory.tables import Database
from kasa.adapters.memory.transactions import MemoryUnitOfWorkFactory
from kasa.adapters.memory.wording import EnglishWording
from kasa.adapters.memory.worker import MemoryWorker
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions
from kasa.application.ports.system import Clock
from kasa.application.reactions import REACTIONS


def memory_ports(*, clock: Clock | None = None, reactions: Reactions = REACTIONS) -> Ports:
    """Return every port over fresh dictionaries; without ``clock`` time stands still."""
    clock = clock or StoppedClock()
    ids, jobs = CountedIds(), MemoryJobQueue()
    database, rates = Database(), MemoryRateLimits(clock)
    return Ports(
        unit_of_work=MemoryUnitOfWorkFactory(database, jobs, reactions, ids),
        worker=MemoryWorker(jobs, clock),
        schedule=MemorySchedule(clock),
        clock=clock,
        ids=ids,
        secrets=ScriptedSecrets(),
        passwords=CheapPasswordHasher(),
        blocklist=ShortBlocklist(),
        tokens=CountedTokenSigner(),
        box=GlassBox(),
        digests=PlainDigests(),
        one_time_codes=CountedCodes(),
        admissions=MemoryAdmissions(database, rates),
        rates=rates,
        storage=MemoryFileStorage(),
        images=PassingImageCleaner(),
        samples=ToldSampleReceipts(),
        codes=ScriptedQrCodes(),
        pdf_reader=PassingPdfReader(),
        printer=PlainInvoicePrinter(),
        wording=EnglishWording(),
        recognizer=ScriptedRecognizer(),
        bank=NoBankChecker(),
        messenger=RecordingMessenger(),
        public_url="http://127.0.0.1:8000",
    )
