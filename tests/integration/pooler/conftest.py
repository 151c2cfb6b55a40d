"""What goes through PgBouncer: the suites of PostgreSQL, and the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kasa.adapters.postgres.embedded import EmbeddedServer
from tests.integration.bouncer import Bouncer, running_bouncer
from tests.integration.pooler.suites import Suites

CHOSEN = "_hypothesis_internal_use_settings"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the suites."""
    return Suites.from_parent(parent, path=file_path) if file_path.name == "suites.py" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what cannot stand behind a pooler."""
    items[:] = [item for item in items if not _is_direct(item)]


def _is_direct(item: pytest.Item) -> bool:
    pooled, direct = map(item.get_closest_marker, ("pooler", "direct"))
    return pooled is not None and direct is not None


@pytest.fixture(scope="session")
def bouncer(server: EmbeddedServer, worker_id: str) -> Iterator[Bouncer]:
    """Return the pooler of this worker process, four connections to the server a login."""
    with running_bouncer(server, server.home.folder.parent / f"bouncer-{worker_id}") as made:
        yield made


@pytest.fixture(autouse=True)
def few_examples(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, ten_examples: None
) -> None:
    """Draw few examples whatever the profile: values pass a pooler as they pass no pooler.

    The profile is that of properties within a test; those of a test itself were chosen before.
    """
    function = getattr(request.function, "__func__", request.function)
    chosen = getattr(function, CHOSEN, None)
    if chosen is not None:
        few = settings(chosen, max_examples=settings().max_examples)
        monkeypatch.setattr(function, CHOSEN, few)
