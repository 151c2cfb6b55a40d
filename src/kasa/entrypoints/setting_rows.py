"""The one list of settings: the name of each, how it is read, and a sentence about it."""

from collections.abc import Callable
from typing import Any

import attrs

from kasa.entrypoints.setting_forms import (
    count,
    disk,
    folder,
    fonts,
    long_secret,
    one_of,
    outside,
    secret,
    server,
    storage,
)


@attrs.frozen(kw_only=True)
class Row:
    """One setting: its name outside, its field, how it is read, and a sentence about it."""

    name: str
    field: str
    read: Callable[[str], Any]
    default: str
    meaning: str


ROWS = (
    Row(
        name="KASA_HOME",
        field="home",
        read=folder,
        default="~/.local/share/kasa; for root /var/lib/kasa",
        meaning="folder of the embedded server, files and backups",
    ),
    Row(
        name="KASA_DATABASE_URL",
        field="database_url",
        read=server,
        default="none: the embedded server",
        meaning="a PostgreSQL server of one's own, as the login kasa_app",
    ),
    Row(
        name="KASA_OWNER_DATABASE_URL",
        field="owner_database_url",
        read=server,
        default="none",
        meaning="the same database as the login kasa_owner; needed only while upgrading",
    ),
    Row(
        name="KASA_JOBS_DATABASE_URL",
        field="jobs_database_url",
        read=server,
        default="none",
        meaning="the same database as the login kasa_jobs; the worker uses it",
    ),
    Row(
        name="KASA_BACKUP_DATABASE_URL",
        field="backup_database_url",
        read=server,
        default="none: a server of one's own is not backed up by kasa",
        meaning="the same database, directly, as the login kasa_backup",
    ),
    Row(
        name="KASA_BACKUP_URL",
        field="backup_url",
        read=disk,
        default="none: backups stay in KASA_HOME",
        meaning="folder on another disk or machine for a sealed copy of each backup: file:///",
    ),
    Row(
        name="KASA_BACKUP_KEY",
        field="backup_key",
        read=long_secret,
        default="none",
        meaning="secret of 32 letters or more that seals the copies; keep it outside this machine",
    ),
    Row(
        name="KASA_BACKUP_PHYSICAL",
        field="backup_physical",
        read=one_of("on", "off"),
        default="off",
        meaning="whether the worker also takes base backups of the embedded server each hour",
    ),
    Row(
        name="KASA_DATABASE_POOLER",
        field="database_pooler",
        read=one_of("none", "transaction"),
        default="none",
        meaning="transaction when KASA_DATABASE_URL leads to PgBouncer in transaction mode",
    ),
    Row(
        name="KASA_QUEUE_LISTEN",
        field="queue_listen",
        read=one_of("on", "off"),
        default="on",
        meaning="whether the worker listens for new jobs; off: it looks each second",
    ),
    Row(
        name="KASA_MIGRATE",
        field="migrate",
        read=one_of("start", "never"),
        default="start when embedded, else never",
        meaning="whether a start upgrades the schema: start or never",
    ),
    Row(
        name="KASA_STORAGE_URL",
        field="storage_url",
        read=storage,
        default="folder files in KASA_HOME",
        meaning="where files are kept: file:///, s3://, or memory:// for trials",
    ),
    Row(
        name="KASA_OCR_PROCESSES",
        field="ocr_processes",
        read=count(1, 64),
        default="min(cores, 4, (memory - 1 GiB) / 200 MiB), at least 1",
        meaning="how many pictures are read at the same time",
    ),
    Row(
        name="KASA_SECOND_ENGINE",
        field="second_engine",
        read=one_of("on", "off"),
        default="on with at least 4 GiB of memory",
        meaning="whether the extra ocr2, where installed, reads what stays unclear: on or off",
    ),
    Row(
        name="KASA_PDF_FONTS",
        field="pdf_fonts",
        read=fonts,
        default="the fonts that came with kasa",
        meaning="fonts of invoices, asked first: regular.ttf[:bold.ttf], separated by commas",
    ),
    Row(
        name="KASA_BAKONG_TOKEN",
        field="bakong_token",
        read=secret,
        default="none: no bank is asked",
        meaning="token of the central bank's service that says whether a transfer happened",
    ),
    Row(
        name="KASA_BAKONG_URL",
        field="bakong_url",
        read=outside,
        default="https://api-bakong.nbc.gov.kh",
        meaning="another address of that service, which answers only inside Cambodia",
    ),
    Row(
        name="KASA_LOG_LEVEL",
        field="log_level",
        read=one_of("debug", "info", "warning", "error"),
        default="info",
        meaning="what is written to the log: debug, info, warning or error",
    ),
)
SECRETS_DIR = Row(
    name="KASA_SECRETS_DIR",
    field="",
    read=folder,
    default="none",
    meaning="folder with a file for each setting that should not stand in the environment",
)
