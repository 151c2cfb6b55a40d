"""The only place where adapters are chosen.

Adapters are imported where they are chosen: a command that needs no database loads none, and a
missing extra is named when it is missed.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import attrs

from kasa.application.kasa import Kasa
from kasa.application.payments.replaying import SavedVerdict
from kasa.application.payments.telling import TellVerdict
from kasa.application.ports.bundle import Ports
from kasa.application.ports.images import SampleLook, SampleReceipt
from kasa.application.ports.payment_providers import BankChecker
from kasa.application.reactions import REACTIONS
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.ids import TenantId
from kasa.entrypoints.extras import named_extras
from kasa.entrypoints.opened import BankState, OpenKasa, ShopListed
from kasa.entrypoints.settings import Settings


@contextmanager
def open_kasa(settings: Settings) -> Iterator[OpenKasa]:
    """Open the kasa that the settings name, and close what was opened.

    The embedded server is started when it does not run, and stopped at the end by whoever
    started it; a schema that is behind is upgraded when the settings say so.
    """
    with ExitStack() as opened:
        with named_extras():
            from kasa.adapters.postgres.database import repeated

            ports = _stored(tools(settings, opened), settings, opened)
        yield over(ports, repeat=repeated, settings=settings)


@contextmanager
def open_tools(settings: Settings) -> Iterator[OpenKasa]:
    """Open a kasa without a database: everything real but what is stored, which is forgotten."""
    with ExitStack() as opened:
        with named_extras():
            ports = tools(settings, opened)
        yield over(ports, settings=settings)


def _stored(tools: Ports, settings: Settings, opened: ExitStack) -> Ports:
    from kasa.adapters.postgres.constraints import StoreSchema
    from kasa.adapters.postgres.database import open_postgres
    from kasa.adapters.postgres.embedded import Addresses
    from kasa.adapters.postgres.upgrade import upgrade

    logins = _logins(settings, opened)
    addresses = Addresses(app=logins.app, owner=logins.owner, jobs=logins.jobs)
    database = open_postgres(addresses, REACTIONS, tools.ids)
    opened.callback(database.close)
    try:
        database.ping()
    except StoreSchema:
        if not settings.upgrades_at_start:
            raise
        upgrade(logins.owner)
        database.ping()
    return attrs.evolve(tools, unit_of_work=database.unit_of_work, worker=database.worker)


@attrs.frozen(kw_only=True)
class _Logins:
    app: str
    owner: str
    jobs: str


def _logins(settings: Settings, opened: ExitStack) -> _Logins:
    if settings.database_url is not None:
        return _Logins(
            app=settings.database_url,
            owner=settings.owner_database_url or settings.database_url,
            jobs=settings.jobs_database_url or settings.database_url,
        )
    from kasa.adapters.postgres.embedded import EmbeddedServer

    server = EmbeddedServer(settings.home)
    opened.callback(server.stop)
    server.start()
    addresses = server.addresses()
    return _Logins(app=addresses.app, owner=addresses.owner, jobs=addresses.jobs)


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


SchemaStatus = tuple[str | None, str]
"""The revision that a database has, or None, and the one that this program needs."""


def schema_status(settings: Settings) -> SchemaStatus:
    """Return what is in the database; nothing is changed, but the embedded server is made."""
    with ExitStack() as opened, named_extras():
        return _status(_logins(settings, opened).owner)


def migrate(settings: Settings, *, managed: bool = False) -> tuple[SchemaStatus, SchemaStatus]:
    """Upgrade the schema and return its status before and after; ``managed``: see the roles."""
    with ExitStack() as opened, named_extras():
        from kasa.adapters.postgres.upgrade import upgrade

        owner = _logins(settings, opened).owner
        before = _status(owner)
        upgrade(owner, managed=managed)
        return before, _status(owner)


def role_script(*, managed: bool = False) -> str:
    """Return the SQL by which an administrator makes kasa's roles on a server of one's own."""
    with named_extras():
        from kasa.adapters.postgres.roles import role_script as script

        return script(managed=managed)


def _status(owner: str) -> SchemaStatus:
    from kasa.adapters.postgres.upgrade import found_revision, newest_revision

    return found_revision(owner), newest_revision()


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
    from kasa.adapters.storage.storage import ObstoreStorage
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
        storage=ObstoreStorage.at(settings.storage_url or str(settings.home / "files")),
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
    )


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


def _once(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return call(*arguments, **options)


def over(
    ports: Ports, *, repeat: Callable[..., Any] = _once, settings: Settings | None = None
) -> OpenKasa:
    """Return the kasa of some ports; ``repeat`` calls again what collided with others."""
    kasa = Kasa.over(ports)
    chosen = settings or Settings()

    def shops() -> tuple[ShopListed, ...]:
        with ports.unit_of_work.platform(PlatformActor(operator=True)) as work:
            ids = work.tenants.ids()
        return tuple(_listed(kasa, tenant) for tenant in ids)

    def codes(picture: bytes) -> tuple[str, ...]:
        return ports.codes.read(ports.images.clean(picture).data)

    return OpenKasa(
        kasa=kasa,
        now=ports.clock.now,
        shops=shops,
        work_off=lambda: ports.worker.drain(kasa.run),
        codes=codes,
        repeat=repeat,
        draw_receipt=lambda look, **said: ports.samples.draw(
            SampleReceipt(look=SampleLook(look), **said)
        ),
        draw_code=lambda text: _drawn_code(ports, text),
        bank=lambda: _bank_state(ports, chosen),
        pings={
            "file storage": lambda: _pinged(ports.storage.ping, "can be read and written"),
            "text recognition": lambda: ", ".join(ports.recognizer.versions),
            "pictures": lambda: f"{ports.codes.draw('kasa').side} modules drawn",
        },
    )


def _drawn_code(ports: Ports, text: str) -> bytes:
    with named_extras():
        from kasa.adapters.qr.picture import code_picture

        return code_picture(ports.codes.draw(text))


def _pinged(ping: Callable[[], None], words: str) -> str:
    ping()
    return words


def _listed(kasa: Kasa, tenant: TenantId) -> ShopListed:
    shop = kasa.tenancy.queries.tenant(Actor.system(tenant))
    return ShopListed(
        id=shop.id,
        name=shop.profile.name,
        state=shop.state,
        currency=shop.profile.currency.code,
    )
