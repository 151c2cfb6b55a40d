"""From every earlier revision, with data in it: nothing is lost, and the schema is the newest."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.upgrade import newest_revision
from kasa.application.kasa import Kasa
from kasa.domain.identity.access import Actor, Role
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import TenantId, UserId
from tests.integration.conftest import Database
from tests.integration.upgrades.conftest import REVISIONS, Site

pytestmark = [pytest.mark.integration, pytest.mark.G5]

DRAFT = WantedInvoice(lines=(WantedLine(quantity=Decimal(1), text="Tea", price=Decimal(4000)),))
SHORT = {REVISIONS[0], REVISIONS[-2]}
EARLIER = [
    pytest.param(one, marks=() if one in SHORT else pytest.mark.deep) for one in REVISIONS[:-1]
]


@pytest.mark.parametrize("revision", EARLIER)
def test_an_older_database_becomes_the_newest(
    site: Site, story: Site, fresh: Site, revision: str
) -> None:
    """Every row keeps what it said, the schema is that of a new database, and the shop goes on."""
    site.upgrade(revision)
    assert [(revision,)] == site.ask("SELECT version_num FROM platform.version")
    site.fill(story)
    columns = site.columns()
    before = site.told(columns)
    assert sum(len(rows) for rows in before.values()) > 20
    site.upgrade()
    assert before == site.told(columns)
    assert [(newest_revision(),)] == site.ask("SELECT version_num FROM platform.version")
    assert fresh.dump() == site.dump()
    _goes_on(site)


def _goes_on(site: Site) -> None:
    """Let the shop of the day sell after the upgrade, and have its books in order."""
    database, clock = Database(site.name, site.server), StoppedClock()
    clock.pass_time(timedelta(days=30))
    kasa = Kasa.over(database.ports(clock=clock))
    ((tenant,),) = site.ask("SELECT tenant_id FROM kasa.tenants")
    owner = Actor.member(TenantId(UUID(str(tenant))), UserId(UUID(int=7)), Role.OWNER)
    try:
        invoice = kasa.invoicing.issue(owner, kasa.invoicing.draft(owner, DRAFT).id)
        assert kasa.invoicing.queries.invoice(owner, invoice.id).invoice == invoice
    finally:
        database.close()
