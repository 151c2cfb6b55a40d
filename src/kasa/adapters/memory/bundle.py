"""``memory_ports()``: a whole kasa in dictionaries."""

from kasa.adapters.memory.codes import ScriptedQrCodes
from kasa.adapters.memory.documents import PassingPdfReader, PlainInvoicePrinter
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
    return Ports(
        unit_of_work=MemoryUnitOfWorkFactory(Database(), jobs, reactions, ids),
        worker=MemoryWorker(jobs, clock),
        schedule=MemorySchedule(clock),
        clock=clock,
        ids=ids,
        secrets=ScriptedSecrets(),
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
    )
