"""What a customer is shown and sends, over PostgreSQL."""

import pytest

from kasa.adapters.conformance.sent_evidence import SentEvidenceConformance
from kasa.adapters.conformance.share_links import ShareLinksConformance
from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


class TestSentEvidenceOverPostgres(SentEvidenceConformance):
    """Single evidence."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()


class TestShareLinksOverPostgres(ShareLinksConformance):
    """Links to invoices."""

    @pytest.fixture(autouse=True)
    def keep_database(self, database: Database) -> None:
        """Hand the database to the suite's hook."""
        self.database = database

    def make_ports(self) -> Ports:
        """Return the ports of this process's database."""
        return self.database.ports()
