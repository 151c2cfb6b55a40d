"""The memory adapters pass every suite."""

from datetime import timedelta

from kasa.adapters.conformance.books import BooksConformance
from kasa.adapters.conformance.events import EventsConformance
from kasa.adapters.conformance.files import FilesConformance
from kasa.adapters.conformance.foreign import ForeignConformance
from kasa.adapters.conformance.invoicing.invoices import InvoicesConformance
from kasa.adapters.conformance.invoicing.ledgers import LedgersConformance
from kasa.adapters.conformance.jobs import JobsConformance
from kasa.adapters.conformance.schedule import ScheduleConformance
from kasa.adapters.conformance.sent_evidence import SentEvidenceConformance
from kasa.adapters.conformance.share_links import ShareLinksConformance
from kasa.adapters.conformance.shop_jobs import ShopJobsConformance
from kasa.adapters.conformance.subscriptions import SubscriptionsConformance
from kasa.adapters.conformance.system import SystemConformance
from kasa.adapters.conformance.tenancy import TenancyConformance
from kasa.adapters.conformance.work import WorkConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions


class TestWork(WorkConformance):
    """Units of work in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestJobs(JobsConformance):
    """Events, jobs and worker in memory."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return fresh dictionaries with these reactions."""
        return memory_ports(reactions=reactions)

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Move the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.pass_time(span)


class TestShopJobs(ShopJobsConformance):
    """The jobs of one shop in memory."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return fresh dictionaries with these reactions."""
        return memory_ports(reactions=reactions)


class TestSchedule(ScheduleConformance):
    """The schedule in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(ports.clock.now() + span)


class TestBooks(BooksConformance):
    """Totals in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestEvents(EventsConformance):
    """The audit trail in memory."""

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return fresh dictionaries with these reactions."""
        return memory_ports(reactions=reactions)


class TestSystem(SystemConformance):
    """Clock, identifiers and secrets in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestTenancy(TenancyConformance):
    """Shops in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestSubscriptions(SubscriptionsConformance):
    """Counters in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestFiles(FilesConformance):
    """Rows of files in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestInvoices(InvoicesConformance):
    """Invoices in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestLedgers(LedgersConformance):
    """Customers, credit, numbers and rates in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestShareLinks(ShareLinksConformance):
    """Links to invoices in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestForeign(ForeignConformance):
    """References and lists in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


class TestSentEvidence(SentEvidenceConformance):
    """Single evidence in memory."""

    def make_ports(self) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()
