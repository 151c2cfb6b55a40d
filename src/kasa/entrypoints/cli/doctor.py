"""`kasa doctor`: what is there, what is missing, and the command that mends it."""

import platform
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import packages_distributions

import click

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.bootstrap import open_tools
from kasa.entrypoints.bootstrap_backups import backups_state
from kasa.entrypoints.bootstrap_database import connections, schema_status, worker_state
from kasa.entrypoints.cli.failures import Exit
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.findings import (
    START_WORKER,
    Finding,
    Health,
    backup_checks,
    connection_check,
    worker_checks,
)
from kasa.entrypoints.opened import BankState
from kasa.entrypoints.settings import BYTES_PER_OCR_PROCESS, GIBIBYTE, Settings, memory_bytes

DISTRIBUTION = "kasa-till"
PYTHON = (3, 11)
KHMER = "khm"
SECOND_ENGINE = "rapidocr"


class Unwell(KasaError):
    """Something that kasa needs is missing; the lines above say what, and what mends it."""

    code = "setup.unwell"


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at every part, one after another; nothing that is wrong stops the next look."""
    yield _python()
    yield _package()
    yield _memory(settings)
    yield (database := _database(settings))
    if database.health is not Health.FAIL:
        yield _worker(settings)
        yield _connections(settings)
    yield backup_checks(backups_state(settings))
    try:
        with open_tools(settings) as tools:
            for part, ping in tools.pings.items():
                yield _asked(part, ping, MENDS.get(part, ""))
            yield _khmer(tools.pings["text recognition"])
            yield _second_engine(settings, tools.pings["text recognition"])
            yield bank_checks(tools.bank(), tools.now())
    except KasaError as error:
        yield Finding("tools", Health.FAIL, error.message, "pip install 'kasa-till[all]'")


MENDS = {
    "file storage": "set KASA_STORAGE_URL, or make KASA_HOME writable",
    "mail": "set KASA_MAIL_URL and KASA_MAIL_FROM to a server that takes mail",
    "text recognition": "pip install 'kasa-till[ocr]'",
    "pictures": "pip install 'kasa-till[ocr]'",
    "printed invoices": "pip install 'kasa-till[pdf]'",
}


def _asked(part: str, ask: Callable[[], str], mend: str) -> Finding:
    try:
        return Finding(part, Health.OK, ask())
    except KasaError as error:
        return Finding(part, Health.FAIL, _words(error), mend)


BANK_MENDS = {
    "country": "run kasa in Cambodia: the service answers no other address",
    "token": "renew the token at the bank, then set KASA_BAKONG_TOKEN",
    "throttled": "wait: too much was asked",
    "outage": "wait, or look whether this machine reaches the address",
    "request": "look for a newer kasa: the service takes its questions no more",
}
TOKEN_WARNING = timedelta(days=14)


def bank_checks(bank: BankState, now: datetime) -> Finding:
    """Say whether the bank can be asked about payments, and how long its token lives."""
    part, renew = "bank checks", BANK_MENDS["token"]
    if not bank.host:
        return Finding(part, Health.OK, "off: receipts and alerts decide")
    if bank.lack:
        mend = BANK_MENDS.get(bank.lack, BANK_MENDS["outage"])
        return Finding(part, Health.WARN, f"{bank.host} cannot be asked: {bank.lack}", mend)
    if bank.token_ends is not None and bank.token_ends - now < TOKEN_WARNING:
        seen = f"{bank.host} answers, its token ends {bank.token_ends:%Y-%m-%d}"
        return Finding(part, Health.WARN, seen, renew)
    if not bank.own:
        seen = f"{bank.host} answers; it is not the central bank's own address"
        return Finding(part, Health.WARN, seen, "unset KASA_BAKONG_URL, unless you chose it")
    return Finding(part, Health.OK, f"{bank.host} answers")


def _connections(settings: Settings) -> Finding:
    """Say whether the server grants what all processes may hold at once, and 10 more."""
    try:
        return connection_check(connections(settings))
    except KasaError as error:
        return Finding("connections", Health.FAIL, _words(error), "kasa db status")


def _database(settings: Settings) -> Finding:
    try:
        return Finding("database", Health.OK, _schema(settings))
    except SchemaBehind as error:
        return Finding("database", Health.FAIL, _words(error), "kasa db upgrade")
    except KasaError as error:
        embedded = settings.database_url is None
        mend = "make KASA_HOME writable" if embedded else "start the server of KASA_DATABASE_URL"
        return Finding("database", Health.FAIL, _words(error), mend)


NO_TABLES = "store.schema"


def _worker(settings: Settings) -> Finding:
    try:
        return worker_checks(worker_state(settings))
    except KasaError as error:
        seen = "never ran" if error.code == NO_TABLES else _words(error)
        return Finding("worker", Health.WARN, seen, START_WORKER)


def _words(error: KasaError) -> str:
    return f"{error.message} ({error.code})"


def _python() -> Finding:
    seen = platform.python_version()
    if sys.version_info < PYTHON:
        return Finding("python", Health.FAIL, seen, "install Python 3.11 or later")
    return Finding("python", Health.OK, seen)


def _package() -> Finding:
    owners = set(packages_distributions().get("kasa", ())) - {DISTRIBUTION}
    if owners:
        foreign = ", ".join(sorted(owners))
        return Finding("package", Health.FAIL, f"kasa of {foreign}", f"pip uninstall {foreign}")
    return Finding("package", Health.OK, DISTRIBUTION)


def _memory(settings: Settings) -> Finding:
    has = memory_bytes()
    needs = GIBIBYTE // 2 + settings.ocr_processes * BYTES_PER_OCR_PROCESS
    seen = f"{has // 2**20} MiB for {settings.ocr_processes} pictures at once"
    if has < needs:
        return Finding("memory", Health.WARN, seen, "set KASA_OCR_PROCESSES lower")
    return Finding("memory", Health.OK, seen)


def _schema(settings: Settings) -> str:
    found, wanted = schema_status(settings)
    where = f"embedded in {settings.home}" if settings.database_url is None else "named"
    if found is not None and found > wanted:
        return f"{where}, schema {found}, newer than {wanted} of this program"
    if found == wanted or settings.upgrades_at_start:
        return f"{where}, {schema_told(found, wanted)}"
    raise SchemaBehind(f"The schema is {found or 'missing'}, {wanted} is needed.")


def schema_told(found: str | None, wanted: str) -> str:
    """Return which schema is there, where a start makes and upgrades it."""
    if found is None:
        return "schema is made at the first start"
    later = "" if found == wanted else f", which the next start brings to {wanted}"
    return f"schema {found}{later}"


class SchemaBehind(KasaError):
    """The schema is older than this program."""

    code = "setup.schema_behind"


def _khmer(versions: Callable[[], str]) -> Finding:
    try:
        has = KHMER in versions()
    except KasaError:
        has = False
    if has:
        return Finding("Khmer text", Health.OK, "is read")
    return Finding(
        "Khmer text",
        Health.WARN,
        "is not read: Khmer digits, dates and the riel sign are lost",
        "apt-get install tesseract-ocr-khm",
    )


def _second_engine(settings: Settings, versions: Callable[[], str]) -> Finding:
    """Say whether unclear pictures get a second opinion; kasa works without it."""
    part = "second engine"
    try:
        engines = [one for one in versions().split(", ") if one.startswith(SECOND_ENGINE)]
    except KasaError:
        engines = []
    if engines:
        return Finding(part, Health.OK, f"{engines[0]} reads what stays unclear")
    if not settings.reads_with_second_engine:
        return Finding(part, Health.OK, "is off (KASA_SECOND_ENGINE)")
    return Finding(part, Health.OK, "is not installed: pip install 'kasa-till[ocr2]'")


@click.command
@asked
def doctor(request: Request) -> None:
    r"""Say how every part is, and which command mends what is not well.

    \b
    Exit 3 when a part fails.
    """
    settings = Settings.from_env()
    with request.screen.waiting("Looking at every part ..."):
        found = tuple(findings(settings))
    rows = [(one.part, one.health.value, one.seen, one.mend) for one in found]
    request.screen.show(table(("part", "health", "seen", "mend"), rows))
    failed = [one.part for one in found if one.health is Health.FAIL]
    if failed and not request.json:
        raise Unwell
    request.screen.answer({"healthy": not failed, "parts": found})
    if failed:
        click.get_current_context().exit(Exit.ENVIRONMENT)
