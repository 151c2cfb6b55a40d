"""Every port in one value: all that kasa needs from the world."""

import attrs

from kasa.application.ports.codes import QrCodes
from kasa.application.ports.credentials import (
    KeyedDigests,
    OneTimeCodes,
    PasswordBlocklist,
    PasswordHasher,
    SecretBox,
    TokenSigner,
)
from kasa.application.ports.documents import InvoicePrinter, PdfReader
from kasa.application.ports.identity.admissions import Admissions
from kasa.application.ports.identity.attempts import RateLimits
from kasa.application.ports.images import ImageCleaner, SampleReceipts
from kasa.application.ports.jobs import Worker
from kasa.application.ports.messenger import Messenger
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.ports.recognizer import TextRecognizer
from kasa.application.ports.schedule import Schedule
from kasa.application.ports.storage import FileStorage
from kasa.application.ports.system import Clock, Ids, Secrets
from kasa.application.ports.wording import Wording
from kasa.application.ports.work import UnitOfWorkFactory


@attrs.frozen(kw_only=True)
class Ports:
    """The sockets of kasa; ``attrs.evolve`` swaps one.

    ``public_url`` is where people reach this kasa: links in mails and documents begin with it.
    ``operator_mail`` is told of alerts.
    """

    unit_of_work: UnitOfWorkFactory
    worker: Worker
    schedule: Schedule
    clock: Clock
    ids: Ids
    secrets: Secrets
    passwords: PasswordHasher
    blocklist: PasswordBlocklist
    tokens: TokenSigner
    box: SecretBox
    digests: KeyedDigests
    one_time_codes: OneTimeCodes
    admissions: Admissions
    rates: RateLimits
    storage: FileStorage
    images: ImageCleaner
    samples: SampleReceipts
    codes: QrCodes
    pdf_reader: PdfReader
    printer: InvoicePrinter
    wording: Wording
    recognizer: TextRecognizer
    bank: BankChecker
    messenger: Messenger
    public_url: str
    operator_mail: str | None = None
