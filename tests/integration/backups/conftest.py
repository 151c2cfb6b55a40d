"""A live database with two shops and files, and one backup of it that every test shares."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest
from psycopg import sql

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.postgres.backups.programs import Programs
from kasa.adapters.postgres.backups.shelf import Shelf, Shelved
from kasa.adapters.postgres.backups.taking import BackupTaker
from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import BACKUP, SUPERUSER
from kasa.adapters.storage.storage import ObstoreStorage
from kasa.application.kasa import Kasa
from kasa.application.ports.storage import storage_key
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.entrypoints.settings import Settings
from tests.integration.conftest import TEMPLATE, Database, _users

SHOPS = 2
INVOICES = 3
FILES = 4
TABLES = """SELECT n.nspname, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('kasa', 'platform', 'jobs') AND c.relkind = 'r' AND c.relpersistence = 'p'
ORDER BY 1, 2"""


@attrs.define(kw_only=True)
class Live:
    """A database that is in use, its home, its files and its backups."""

    server: EmbeddedServer
    database: str
    home: Path
    shops: list[Actor]

    @property
    def address(self) -> str:
        """The address of the superuser, who sees every row."""
        return self.server.address(SUPERUSER, self.database)

    @property
    def settings(self) -> Settings:
        """Settings under which kasa backs this database up into the home."""
        addresses = self.server.addresses(self.database)
        return Settings(
            home=self.home,
            database_url=addresses.app,
            owner_database_url=addresses.owner,
            jobs_database_url=addresses.jobs,
            backup_database_url=self.server.address(BACKUP, self.database),
        )

    @property
    def storage(self) -> ObstoreStorage:
        """The stored files of the home."""
        return ObstoreStorage.at(str(self.home / "files"))

    @property
    def shelf(self) -> Shelf:
        """The backups of the home."""
        return Shelf(folder=self.home / "backups")

    def taker(self, stopping: Callable[[], bool] = lambda: False) -> BackupTaker:
        """Return what takes backups of this database."""
        return BackupTaker(
            address=self.server.address(BACKUP, self.database),
            storage=self.storage,
            shelf=self.shelf,
            programs=Programs(binaries=self.server.binaries, stopping=stopping),
            now=lambda: datetime.now(UTC),
        )

    def take(self) -> Shelved:
        """Take a backup."""
        with self.shelf.turn():
            return self.taker().take()


def totals(address: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return rows, sums of money and a hash of the ordered rows, by table and tenant.

    It is written apart from the figures of a backup, so that neither hides a fault of the other.
    """
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    with psycopg.connect(address) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            place = sql.Identifier(schema, table)
            asked = sql.SQL(
                "SELECT coalesce(to_jsonb(t)->>'tenant_id', ''), count(*),"
                " sum((SELECT sum(value::numeric) FROM jsonb_each_text(to_jsonb(t))"
                "  WHERE key LIKE '%_minor')),"
                " md5(string_agg(to_jsonb(t)::text, '|' ORDER BY to_jsonb(t)::text COLLATE \"C\"))"
                " FROM {} t GROUP BY 1"
            ).format(place)
            for tenant, *rest in connection.execute(asked).fetchall():
                found[f"{schema}.{table}", tenant] = tuple(rest)
    return found


def _fill(server: EmbeddedServer, database: str, storage: ObstoreStorage) -> list[Actor]:
    opened = Database(database, server)
    ports = opened.ports()
    kasa = Kasa.over(ports)
    line = WantedLine(text="Silk", price=Decimal(12_500), quantity=Decimal(2))
    shops = [new_shop(ports) for _ in range(SHOPS)]
    for number, shop in enumerate(shops):
        for _ in range(INVOICES + number):
            draft = kasa.invoicing.draft(shop, WantedInvoice(lines=(line,)))
            kasa.invoicing.issue(shop, draft.id)
        for file in range(FILES):
            storage.put(storage_key(shop.tenant, file.to_bytes(16, "big")), [b"receipt" * file])
    opened.close()
    return shops


@pytest.fixture(scope="session")
def live(server: EmbeddedServer, worker_id: str) -> Iterator[Live]:
    """Return the database that this process's tests back up."""
    database = f"kasa_live_{worker_id}"
    folder = Path(tempfile.mkdtemp(prefix="kasa-backups-"))
    folder.chmod(0o711)
    home = folder / "home"
    home.mkdir(mode=0o711)
    with _users(server.home.folder.parent):
        server.make_database(database, template=TEMPLATE)
    made = Live(server=server, database=database, home=home, shops=[])
    made.shops = _fill(server, database, made.storage)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def taken(live: Live) -> Shelved:
    """Return one backup of the live database; tests that harm it take a copy."""
    return live.take()


@pytest.fixture
def harmed(taken: Shelved, tmp_path: Path) -> Path:
    """Return a copy of the backup for a test to damage."""
    copy = tmp_path / taken.name
    shutil.copytree(taken.folder, copy)
    return copy


@pytest.fixture
def target() -> Iterator[Path]:
    """Return a home that does not exist yet, where the server's own user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="kasa-restored-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)
