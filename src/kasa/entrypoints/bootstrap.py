"""The only place where adapters are chosen.

Adapters are imported where they are chosen: a command that needs no database loads none, and a
missing extra is named when it is missed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from kasa.application.kasa import Kasa
from kasa.application.payments.replaying import SavedVerdict
from kasa.application.payments.telling import TellVerdict
from kasa.application.ports.archives import ArchiveReader, ArchiveWriter
from kasa.application.ports.bundle import Ports
from kasa.application.ports.credentials import Purpose
from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.application.ports.jobs import WORKER_QUEUES
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.ports.phrasing import money_text
from kasa.application.ports.storage import FileStorage
from kasa.application.schedule import SWEEPS
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap_credentials import with_credentials
from kasa.entrypoints.bootstrap_database import (
    database_of,
    logins_of,
    over_database,
    stored_ports,
)
from kasa.entrypoints.bootstrap_lists import shop_of, shops_of, sweeps_of
from kasa.entrypoints.bootstrap_mail import mail_answers, messenger
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.opened import BankState, OpenKasa, OpenWorker
from kasa.entrypoints.settings import Settings

OWNER_ONLY = 0o700


class HomeUnwritable(KasaError):
    """The folder of KASA_HOME cannot be made or written."""

    code = "setup.home_unwritable"


@contextmanager
def open_kasa(settings: Settings) -> Iterator[OpenKasa]:
    """Open the kasa that the settings name, and close what was opened.

    The embedded server is started when it does not run, and stopped at the end by whoever
    started it; a schema that is behind is upgraded when the settings say so.
    """
    with ExitStack() as opened:
        with named_extras():
            from kasa.adapters.postgres.database import repeated

            made = with_credentials(tools(settings, opened), settings)
            ports = stored_ports(made, settings, opened)
        yield over(ports, repeat=repeated, settings=settings)


@contextmanager
def open_tools(settings: Settings) -> Iterator[OpenKasa]:
    """Open a kasa without a database: everything real but what is stored, which is forgotten."""
    with ExitStack() as opened:
        with named_extras():
            ports = tools(settings, opened)
        yield over(ports, settings=settings)


@contextmanager
def open_worker(settings: Settings) -> Iterator[OpenWorker]:
    """Open what runs the jobs of this process; an embedded server must run already."""
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.connections import THREADS_BESIDE_JOBS
        from kasa.adapters.postgres.queue_app import threads_of

        made = with_credentials(tools(settings, opened), settings)
        threads = threads_of(WORKER_QUEUES) + THREADS_BESIDE_JOBS
        database = database_of(settings, logins_of(settings, opened), made.ids, threads=threads)
        opened.callback(database.close)
        kasa = Kasa.over(over_database(made, database))
        yield OpenWorker(
            run=lambda until: database.worker.run(kasa.run, WORKER_QUEUES, until),
            sweep=lambda: database.schedule.run_due(SWEEPS, kasa.sweep),
            put_back=database.worker.put_back,
            fault=lambda: database.worker.fault(WORKER_QUEUES),
            is_quiet=lambda: database.worker.is_quiet,
        )


def archive_writer(target: Path) -> AbstractContextManager[ArchiveWriter]:
    """Open what writes an archive to a place where nothing stands; see its adapter."""
    from kasa.adapters.storage.archives import archive_writer as writer

    return writer(target)


def archive_reader(target: Path) -> AbstractContextManager[ArchiveReader]:
    """Open what reads an archive, or raise ``archive.unreadable``."""
    from kasa.adapters.storage.archives import archive_reader as reader

    return reader(target)


def teller() -> TellVerdict:
    """Return what puts verdicts into words; neither a database nor text recognition is loaded."""
    with named_extras():
        from kasa.adapters.babel.wording import BabelWording

        return TellVerdict(wording=BabelWording())


def saved_text(saved: SavedVerdict) -> str:
    """Return a verdict as the text of a file."""
    with named_extras():
        from kasa.adapters.postgres.saved_verdicts import saved_text as text

        return text(saved)


def saved_verdict(data: bytes) -> SavedVerdict:
    """Return the verdict that a file holds, or raise ``replay.*``."""
    with named_extras():
        from kasa.adapters.postgres.saved_verdicts import saved_verdict as verdict

        return verdict(data)


def tools(settings: Settings, opened: ExitStack) -> Ports:
    """Return ports where all is real but what is stored; ``opened`` closes what they hold."""
    from kasa.adapters.babel.wording import BabelWording
    from kasa.adapters.images.cleaner import SafeImageCleaner
    from kasa.adapters.images.drawing import DrawnSampleReceipts
    from kasa.adapters.memory.bundle import memory_ports
    from kasa.adapters.pdf.fonts import font_chain
    from kasa.adapters.pdf.printer import ReportlabPrinter
    from kasa.adapters.pdf.reader import PikepdfReader
    from kasa.adapters.qr.codes import SegnoZxingCodes
    from kasa.adapters.rapidocr.recognizer import with_second_opinion
    from kasa.adapters.sandbox.pool import SandboxPool
    from kasa.adapters.system.clock import RandomIds, RandomSecrets, SystemClock
    from kasa.adapters.tesseract.recognizer import TesseractRecognizer

    sandbox = opened.enter_context(SandboxPool(processes=settings.ocr_processes))
    recognizer = TesseractRecognizer(sandbox)
    opened.callback(recognizer.close)
    codes, wording = SegnoZxingCodes(sandbox), BabelWording()
    return attrs.evolve(
        memory_ports(clock=SystemClock()),
        ids=RandomIds(),
        secrets=RandomSecrets(),
        storage=file_storage(settings),
        images=SafeImageCleaner(sandbox),
        samples=DrawnSampleReceipts(),
        codes=codes,
        pdf_reader=PikepdfReader(sandbox),
        recognizer=with_second_opinion(recognizer, opened)
        if settings.reads_with_second_engine
        else recognizer,
        printer=ReportlabPrinter(
            codes=codes, wording=wording, fonts=partial(font_chain, settings.pdf_fonts)
        ),
        wording=wording,
        bank=_bank(settings, opened),
        messenger=messenger(settings),
        public_url=settings.shown_base,
        operator_mail=settings.operator_mail,
    )


def file_storage(settings: Settings) -> FileStorage:
    """Return the file storage that the settings name, by default a folder in KASA_HOME."""
    from kasa.adapters.storage.storage import ObstoreStorage

    return ObstoreStorage.at(settings.storage_url or str(_home(settings) / "files"))


def _bank(settings: Settings, opened: ExitStack) -> BankChecker:
    """Return who is asked about transfers: nobody without a token."""
    if settings.bakong_token is None:
        from kasa.adapters.memory.payment_providers import NoBankChecker

        return NoBankChecker()
    from kasa.adapters.bakong.checker import LIVE, BakongChecker

    checker = BakongChecker(settings.bakong_token, url=settings.bakong_url or LIVE)
    opened.callback(checker.close)
    return checker


def _bank_state(ports: Ports, settings: Settings) -> BankState:
    """Ask the bank a harmless question, and say when the token ends."""
    if settings.bakong_token is None:
        return BankState()
    from kasa.adapters.bakong.checker import HOSTS, LIVE
    from kasa.adapters.bakong.token import expires_at

    url, lack = settings.bakong_url or LIVE, ports.bank.ping()
    return BankState(
        host=url.partition("://")[2],
        own=url in HOSTS,
        token_ends=expires_at(settings.bakong_token),
        lack="" if lack is None else lack.kind.value,
    )


def _home(settings: Settings) -> Path:
    """Return the folder of this installation, made if need be, or raise when it is not ours."""
    home = settings.home
    try:
        home.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeUnwritable(f"{home} cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeUnwritable(f"{home} cannot be written.")
    return home


def _once(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return call(*arguments, **options)


def over(
    ports: Ports, *, repeat: Callable[..., Any] = _once, settings: Settings | None = None
) -> OpenKasa:
    """Return the kasa of some ports; ``repeat`` calls again what collided with others."""
    kasa = Kasa.over(ports)
    chosen = settings or Settings()

    def ready() -> None:
        with ports.unit_of_work.platform(PlatformActor(operator=True)):
            """The database has answered."""

    def codes(picture: bytes) -> tuple[str, ...]:
        return ports.codes.read(ports.images.clean(picture).data)

    return OpenKasa(
        kasa=kasa,
        now=ports.clock.now,
        shops=partial(shops_of, ports, kasa),
        shop=partial(shop_of, kasa),
        work_off=lambda: ports.worker.drain(kasa.run),
        sweeps=lambda: sweeps_of(ports),
        codes=codes,
        repeat=repeat,
        ready=ready,
        cursor_key=ports.digests.digest(Purpose.CURSORS, b"pages"),
        draw_receipt=lambda look, **said: ports.samples.draw(
            SampleReceipt(look=SampleLook(look), **said)
        ),
        draw_code=lambda text: _drawn_code(ports, text),
        clean=lambda data: _cleaned(ports, data),
        money_text=money_text,
        bank=lambda: _bank_state(ports, chosen),
        pings={
            "file storage": lambda: _pinged(ports.storage.ping, "can be read and written"),
            "text recognition": lambda: ", ".join(ports.recognizer.versions),
            "mail": lambda: mail_answers(ports.messenger, chosen),
            "pictures": lambda: f"{ports.codes.draw('kasa').side} modules drawn",
        },
    )


def _cleaned(ports: Ports, data: bytes) -> tuple[str, bytes]:
    clean = ports.images.clean(data)
    return clean.media_type, clean.data


def _drawn_code(ports: Ports, text: str) -> bytes:
    with named_extras():
        from kasa.adapters.qr.picture import code_picture

        return code_picture(ports.codes.draw(text))


def _pinged(ping: Callable[[], None], words: str) -> str:
    ping()
    return words
