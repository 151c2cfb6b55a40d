"""A database of its own for each test that loads: shops of others are not in it."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from kasa.adapters.postgres.roles import SUPERUSER
from tests.integration.conftest import TEMPLATE, Database

_COUNT = count(1)


@pytest.fixture
def empty(server: EmbeddedServer, clone: str, worker_id: str) -> Iterator[Database]:
    """Return a fresh database of the newest schema, dropped at the end."""
    assert clone, "the template is there and nobody copies it now"
    name = f"kasa_load_{worker_id}_{next(_COUNT)}"
    server.make_database(name, template=TEMPLATE)
    made = Database(name, server)
    yield made
    made.close()
    with psycopg.connect(server.address(SUPERUSER), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
