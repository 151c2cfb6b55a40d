"""An index that is made while shops write."""

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from kasa.adapters.postgres.engine import make_engine
from kasa.adapters.postgres.migrations.template import live_index
from tests.integration.upgrades.conftest import Site

pytestmark = [pytest.mark.integration, pytest.mark.G5]

VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'kasa.events_kind_at'::regclass"
SPOIL = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'kasa.events_kind_at'::regclass"


def _make(site: Site) -> None:
    """Run what a revision would run."""
    engine = make_engine(site.addresses.owner, threads=1, pooled=True)
    with engine.connect() as connection:
        bound = connection.execution_options(isolation_level="READ COMMITTED")
        context = MigrationContext.configure(bound, opts={"transaction_per_migration": True})
        with Operations.context(context), context.begin_transaction(_per_migration=True):
            live_index("events", "kind, at")
    engine.dispose()


def test_an_index_is_made_beside_who_writes(site: Site) -> None:
    """Outside of a transaction, so writers pass; made again, it mends a build that died."""
    site.upgrade()
    _make(site)
    assert site.ask(VALID) == [(True,)]
    _make(site)
    site.ask(SPOIL)
    _make(site)
    assert site.ask(VALID) == [(True,)]
