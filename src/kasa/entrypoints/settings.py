"""Every setting of kasa, read once from the environment or from files of the same names."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import attrs

from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.setting_forms import LOOPBACK, Bind, Network, Row, folder
from kasa.entrypoints.setting_rows import ROWS, SECRETS_DIR

PREFIX = "KASA_"
TESTS_ONLY = frozenset({"KASA_SHARED", "KASA_PROFILE"})
SECRET_BYTES_MAX = 64 * 1024
GIBIBYTE = 1024**3
BYTES_PER_OCR_PROCESS = 200 * 1024**2
OCR_PROCESSES_MAX = 4
DOOR_PROCESSES_MAX = 8
SECOND_ENGINE_BYTES = 4 * GIBIBYTE
MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")
BIND = Bind("127.0.0.1", 8000)
METRICS_BIND = Bind("127.0.0.1", 9090)

ValueT = TypeVar("ValueT")


class SettingInvalid(KasaError):
    """A setting is malformed."""

    code = "setup.setting_invalid"


class HttpsRequired(KasaError):
    """Beyond this machine kasa speaks HTTPS alone: set KASA_PUBLIC_URL to an https:// address."""

    code = "setup.https_required"


class SettingUnknown(KasaError):
    """kasa has no setting of this name."""

    code = "setup.setting_unknown"


def _home() -> Path:
    return Path("/var/lib/kasa" if os.geteuid() == 0 else "~/.local/share/kasa").expanduser()


def memory_bytes(limit: Path = MEMORY_LIMIT) -> int:
    """Return the memory of the machine, or what a container may use of it."""
    has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):
        return min(has, int(limit.read_text(encoding="ascii")))
    return has


def _ocr_processes() -> int:
    room = (memory_bytes() - GIBIBYTE) // BYTES_PER_OCR_PROCESS
    return max(1, min(os.cpu_count() or 1, OCR_PROCESSES_MAX, room))


@attrs.frozen(kw_only=True)
class Settings:
    """The settings, each from the variable named beside it; ``docs/reference/settings.md``.

    Without ``database_url`` the embedded server in ``home`` is used. Secrets never show.
    """

    home: Path = attrs.field(factory=_home)
    database_url: str | None = attrs.field(default=None, repr=False)
    owner_database_url: str | None = attrs.field(default=None, repr=False)
    jobs_database_url: str | None = attrs.field(default=None, repr=False)
    backup_database_url: str | None = attrs.field(default=None, repr=False)
    backup_url: str | None = None
    backup_key: str | None = attrs.field(default=None, repr=False)
    backup_physical: str = "off"
    secret_keys: tuple[bytes, ...] | None = attrs.field(default=None, repr=False)
    password_blocklist: Path | None = None
    database_pooler: str = "none"
    queue_listen: str = "on"
    migrate: str | None = None
    storage_url: str | None = attrs.field(default=None, repr=False)
    ocr_processes: int = attrs.field(factory=_ocr_processes)
    second_engine: str | None = None
    pdf_fonts: str = ""
    bakong_token: str | None = attrs.field(default=None, repr=False)
    bakong_url: str | None = None
    bind: Bind = BIND
    metrics_bind: Bind = METRICS_BIND
    public_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    cors_origins: tuple[str, ...] = ()
    openapi_public: str = "on"
    rate_writes: int = 120
    rate_uploads: int = 30
    rate_reads: int = 600
    mail_url: str | None = attrs.field(default=None, repr=False)
    mail_from: str | None = None
    operator_mail: str | None = None
    log_level: str = "info"

    @property
    def base(self) -> str:
        """The address that people use, without a slash at its end.

        Raises ``setup.https_required`` when it is plain HTTP and leaves this machine: cookies and
        tokens would travel in clear.
        """
        base = self.shown_base
        host = urlsplit(base).hostname or ""
        away = host not in LOOPBACK and not Bind(host, 0).is_loopback
        if base.startswith("http:") and away:
            raise HttpsRequired(address=base)
        return base

    @property
    def shown_base(self) -> str:
        """The same as links show it, judged by nobody: no door stands open there yet."""
        return self.public_url or f"http://{self.bind}"

    @property
    def is_public(self) -> bool:
        """Whether people on other machines are meant to reach this kasa."""
        host = urlsplit(self.public_url or "").hostname or self.bind.host
        return not (host in LOOPBACK or Bind(host, 0).is_loopback)

    @property
    def mail_address(self) -> str | None:
        """Where mail goes, a server or a folder; None: nobody is reached by mail.

        Without a setting it is a folder for whoever tries kasa on a machine of their own.
        """
        own = (self.home / "mail").as_uri() if self.bind.is_loopback else None
        return self.mail_url or own

    @property
    def mail_sender(self) -> str:
        """Who mails come from, or raise ``setup.setting_invalid`` when nobody is named."""
        if self.mail_from is not None:
            return self.mail_from
        where = urlsplit(self.mail_address or "file:///")
        user = unquote(where.username or "")
        if where.scheme != "file" and "@" not in user:
            raise SettingInvalid("KASA_MAIL_FROM: a sender is needed.", setting="KASA_MAIL_FROM")
        return user or "kasa@localhost"

    @property
    def door_processes(self) -> int:
        """How many processes take requests: one for each core, but one that the server needs."""
        cores = os.cpu_count() or 1
        return max(1, min(DOOR_PROCESSES_MAX, cores if self.database_url else cores - 1))

    @property
    def is_pooled(self) -> bool:
        """Whether the application's address leads to a pooler in transaction mode."""
        return self.database_pooler == "transaction"

    @property
    def listens(self) -> bool:
        """Whether the worker is told of new jobs: not where it has a pooler's address alone."""
        direct = not self.is_pooled or self.jobs_database_url is not None
        return self.queue_listen == "on" and direct

    @property
    def upgrades_at_start(self) -> bool:
        """Whether a schema that is behind is upgraded: by default that of the embedded server."""
        return self.migrate == "start" or (self.migrate is None and self.database_url is None)

    @property
    def reads_with_second_engine(self) -> bool:
        """Whether the second engine is used where it is installed: by default with 4 GiB."""
        enough = memory_bytes() >= SECOND_ENGINE_BYTES
        return enough if self.second_engine is None else self.second_engine == "on"

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read all settings, or raise ``setup.setting_invalid`` with the name of a bad one.

        A name that kasa does not know is refused as ``setup.setting_unknown``: a setting with a
        typing error would silently have no effect.
        """
        given = _Given(os.environ if environment is None else environment)
        given.refuse_unknown()
        found = {row.field: given.read(row) for row in ROWS}
        return cls(**{field: value for field, value in found.items() if value is not None})


class _Given:
    """What the environment and the folder of secrets hold."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        given = environment.get(SECRETS_DIR.name)
        self._secrets = None if given is None else _read(SECRETS_DIR.name, given, folder)

    def refuse_unknown(self) -> None:
        """Raise for a variable that looks like a setting and is none."""
        known = {row.name for row in ROWS} | {SECRETS_DIR.name} | TESTS_ONLY
        for name in sorted(self._environment):
            if name.startswith(PREFIX) and name not in known:
                raise SettingUnknown(f"kasa has no setting {name}.", setting=name)

    def read(self, row: Row) -> Any:
        """Return a setting's value, or None when it is not given."""
        value = self._environment.get(row.name)
        if value is None and self._secrets is not None:
            value = self._secret(row.name, self._secrets / row.name)
        return None if value is None else _read(row.name, value, row.read)

    @staticmethod
    def _secret(name: str, path: Path) -> str | None:
        if not path.is_file():
            return None
        if path.stat().st_mode & 0o077:
            raise SettingInvalid(f"{name}: others may read its file; chmod 600.", setting=name)
        return path.read_text(encoding="utf-8")[:SECRET_BYTES_MAX].rstrip("\r\n")


def _read(name: str, value: str, read: Callable[[str], ValueT]) -> ValueT:
    try:
        return read(value)
    except ValueError as fault:
        raise SettingInvalid(f"{name}: {fault}.", setting=name) from fault
