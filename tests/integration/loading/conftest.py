"""A database of its own for each test that loads: shops of others are not in it."""

from collections.abc import Iterator
from itertools import count

import pytest

from kasa.adapters.postgres.embedded import EmbeddedServer
from tests.integration.conftest import Database, own_copy

_COUNT = count(1)


@pytest.fixture
def empty(server: EmbeddedServer, clone: str) -> Iterator[Database]:
    """Return a fresh database of the newest schema, dropped at the end."""
    with own_copy(server, f"{clone}_load_{next(_COUNT)}") as made:
        yield made
