"""Servers and databases that tests of outages may break."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from kasa.adapters.postgres.upgrade import upgrade
from tests.integration.conftest import TEMPLATE, Database


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedServer]:
    """Return a server of this module alone, which may be stopped at any moment."""
    with tempfile.TemporaryDirectory(prefix="kasa-outage-") as name:
        Path(name).chmod(0o711)
        server = EmbeddedServer(Path(name) / "home", settings={"fsync": "off"})
        server.start()
        upgrade(server.addresses().owner)
        yield server
        server.start()
        server.started = True
        server.stop()


@pytest.fixture
def lonely(own_server: EmbeddedServer) -> Iterator[Database]:
    """Return the database of that server, which runs when a test begins."""
    own_server.start()
    made = Database("kasa", own_server)
    yield made
    made.close()


@pytest.fixture
def ill(server: EmbeddedServer, worker_id: str) -> Iterator[Database]:
    """Return a database of this test's own on the shared server, which may be spoilt."""
    name = f"kasa_ill_{worker_id}"
    server.make_database(name, template=TEMPLATE)
    made = Database(name, server)
    yield made
    made.close()
    with psycopg.connect(server.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
