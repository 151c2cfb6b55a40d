"""Units of work in memory: one tenant at a time, all or nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from kasa.adapters.memory.archive import (
    MemoryEventArchive,
    MemoryEventArchiveViews,
    MemoryTenantTables,
)
from kasa.adapters.memory.books import MemoryBooks
from kasa.adapters.memory.directory import MemoryTenantDirectory
from kasa.adapters.memory.events import MemoryEventLog, MemoryEventViews
from kasa.adapters.memory.files import MemoryFiles, MemoryFileViews
from kasa.adapters.memory.idempotency import MemoryAnswers, answer_again, key_id, store_answer
from kasa.adapters.memory.inventory.counts import MemoryCounts
from kasa.adapters.memory.inventory.ledger import MemoryStock
from kasa.adapters.memory.inventory.products import MemoryProducts
from kasa.adapters.memory.inventory.views import MemoryInventoryViews
from kasa.adapters.memory.invoicing.invoices import MemoryInvoices
from kasa.adapters.memory.invoicing.share_links import (
    MemoryShareLinkDirectory,
    MemoryShareLinks,
    MemoryShareLinkViews,
)
from kasa.adapters.memory.invoicing.stores import (
    MemoryCredits,
    MemoryCustomers,
    MemoryRates,
    MemorySeries,
)
from kasa.adapters.memory.invoicing.views import (
    MemoryCreditViews,
    MemoryCustomerViews,
    MemoryInvoiceViews,
)
from kasa.adapters.memory.jobs import MemoryJobQueue
from kasa.adapters.memory.payments.alerts import MemoryAlerts, MemoryAlertViews
from kasa.adapters.memory.payments.payments import MemoryPayments
from kasa.adapters.memory.payments.questions import MemoryBankQuestions, MemoryBankQuestionViews
from kasa.adapters.memory.payments.stores import MemoryAccounts, MemoryKhqr, MemoryReferences
from kasa.adapters.memory.payments.views import (
    MemoryAccountViews,
    MemoryKhqrViews,
    MemoryPaymentViews,
)
from kasa.adapters.memory.subscriptions import MemoryUsage
from kasa.adapters.memory.tables import Database, Snapshot, Working
from kasa.adapters.memory.tenancy import (
    MemoryTenants,
    MemoryTenantViews,
    tenant_row,
)
from kasa.application.ports.bank_alerts import AlertStore, AlertViews
from kasa.application.ports.bank_questions import BankQuestionStore, BankQuestionViews
from kasa.application.ports.books import BookViews
from kasa.application.ports.events import (
    EventArchive,
    EventArchiveViews,
    EventLog,
    EventViews,
    Reactions,
)
from kasa.application.ports.files import FileStore, FileViews
from kasa.application.ports.inventory import (
    CountStore,
    InventoryViews,
    ProductStore,
    StockLedger,
)
from kasa.application.ports.invoicing import (
    CreditStore,
    CreditViews,
    CustomerStore,
    CustomerViews,
    InvoiceStore,
    InvoiceViews,
    RateStore,
    SeriesStore,
)
from kasa.application.ports.jobs import Job
from kasa.application.ports.operations import AnswerStore
from kasa.application.ports.payments import (
    AccountStore,
    AccountViews,
    KhqrStore,
    KhqrViews,
    PaymentStore,
    PaymentViews,
    ReferenceRegistry,
)
from kasa.application.ports.share_links import (
    ShareLinkDirectory,
    ShareLinkStore,
    ShareLinkViews,
)
from kasa.application.ports.subscriptions import UsageStore
from kasa.application.ports.system import Ids
from kasa.application.ports.tenancy import (
    TenantDirectory,
    TenantStore,
    TenantTables,
    TenantViews,
)
from kasa.application.ports.work import (
    OPEN,
    AnswerT,
    NotNested,
    PlatformWork,
    ReadOnly,
    Scope,
    StoreBusy,
    TenantFacts,
    UnitOfWork,
)
from kasa.domain.identity.access import PlatformActor
from kasa.domain.kernel.idempotency import InProgress
from kasa.domain.kernel.ids import PLATFORM, TenantId

LOCK_TIMEOUT_SECONDS = 3.0


class MemoryReadOnly:
    """One tenant's tables as they were committed when the view was opened."""

    def __init__(self, rows: Snapshot) -> None:
        self._rows = rows
        self._tenant: TenantFacts | None = None
        self.events: EventViews = MemoryEventViews(rows)
        self.archive: EventArchiveViews = MemoryEventArchiveViews(rows)
        self.tables: TenantTables = MemoryTenantTables(rows)
        self.tenants: TenantViews = MemoryTenantViews(rows)
        self.files: FileViews = MemoryFileViews(rows)
        self.payments: PaymentViews = MemoryPaymentViews(rows)
        self.alerts: AlertViews = MemoryAlertViews(rows)
        self.accounts: AccountViews = MemoryAccountViews(rows)
        self.khqr: KhqrViews = MemoryKhqrViews(rows)
        self.bank_questions: BankQuestionViews = MemoryBankQuestionViews(rows)
        self.stock: InventoryViews = MemoryInventoryViews(rows)
        self.customers: CustomerViews = MemoryCustomerViews(rows)
        self.invoices: InvoiceViews = MemoryInvoiceViews(rows)
        self.credits: CreditViews = MemoryCreditViews(rows)
        self.books: BookViews = MemoryBooks(rows)
        self.share_links: ShareLinkViews = MemoryShareLinkViews(rows)

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(tenant_row(self._rows))
        return self._tenant


class MemoryUnitOfWork:
    """One tenant's tables to change; the factory commits them."""

    def __init__(
        self, rows: Working, log: MemoryEventLog, scope: Scope, *, database: Database
    ) -> None:
        self._rows = rows
        self._scope = scope
        self._tenant: TenantFacts | None = None
        self.events: EventLog = log
        self.archive: EventArchive = MemoryEventArchive(rows)
        self.answers: AnswerStore = MemoryAnswers(rows)
        self.tenants: TenantStore = MemoryTenants(rows)
        self.usage: UsageStore = MemoryUsage(rows)
        self.files: FileStore = MemoryFiles(rows)
        self.payments: PaymentStore = MemoryPayments(rows)
        self.references: ReferenceRegistry = MemoryReferences(rows, database)
        self.alerts: AlertStore = MemoryAlerts(rows)
        self.accounts: AccountStore = MemoryAccounts(rows)
        self.khqr: KhqrStore = MemoryKhqr(rows)
        self.bank_questions: BankQuestionStore = MemoryBankQuestions(rows)
        self.products: ProductStore = MemoryProducts(rows)
        self.stock: StockLedger = MemoryStock(rows)
        self.counts: CountStore = MemoryCounts(rows)
        self.customers: CustomerStore = MemoryCustomers(rows)
        self.invoices: InvoiceStore = MemoryInvoices(rows)
        self.series: SeriesStore = MemorySeries(rows)
        self.credits: CreditStore = MemoryCredits(rows)
        self.rates: RateStore = MemoryRates(rows)
        self.share_links: ShareLinkStore = MemoryShareLinks(rows)

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(tenant_row(self._rows))
        return self._tenant

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail."""
        return self._scope.author

    def answer(self, value: AnswerT) -> AnswerT:
        """Store the result under the scope's idempotency key, if it has one, and return it."""
        store_answer(self._rows, self._scope, value)
        return value


class MemoryPlatformWork:
    """What belongs to no tenant; its events belong to the tenant ``PLATFORM``."""

    def __init__(self, database: Database, log: MemoryEventLog) -> None:
        self.events: EventLog = log
        self.tenants: TenantDirectory = MemoryTenantDirectory(database)
        self.share_links: ShareLinkDirectory = MemoryShareLinkDirectory(database)


class MemoryUnitOfWorkFactory:
    """Opens units of work over a database in dictionaries."""

    def __init__(
        self, database: Database, jobs: MemoryJobQueue, reactions: Reactions, ids: Ids
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._reactions = reactions
        self._ids = ids

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""
        return self._open(scope)

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view; here every view sees one moment."""
        del snapshot
        return self._view(scope)

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
        return self._platform(scope)

    @contextmanager
    def _open(self, scope: Scope) -> Iterator[UnitOfWork]:
        with _not_nested(), self._key_held(scope), self._writing(scope.tenant) as rows:
            answer_again(rows, scope)
            log = MemoryEventLog(rows, self._ids, scope)
            yield MemoryUnitOfWork(rows, log, scope, database=self._database)
            self._commit(rows, log)

    @contextmanager
    def _view(self, scope: Scope) -> Iterator[ReadOnly]:
        with _not_nested():
            yield MemoryReadOnly(self._database.snapshot(scope.tenant))

    @contextmanager
    def _platform(self, scope: PlatformActor | Job | None) -> Iterator[PlatformWork]:
        with _not_nested(), self._writing(PLATFORM) as rows:
            log = MemoryEventLog(rows, self._ids, scope)
            yield MemoryPlatformWork(self._database, log)
            self._commit(rows, log)

    @contextmanager
    def _writing(self, tenant: TenantId) -> Iterator[Working]:
        writer = self._database.writer(tenant)
        if not writer.acquire(timeout=LOCK_TIMEOUT_SECONDS):
            raise StoreBusy(retry_after=1)
        try:
            yield self._database.working(tenant)
        finally:
            writer.release()

    @contextmanager
    def _key_held(self, scope: Scope) -> Iterator[None]:
        if scope.idempotency is None:
            yield
            return
        held = (scope.tenant, key_id(scope, scope.idempotency))
        with self._database.mutex:
            if held in self._database.keys_in_use:
                raise InProgress(retry_after=5)
            self._database.keys_in_use.add(held)
        try:
            yield
        finally:
            self._database.keys_in_use.discard(held)

    def _commit(self, rows: Working, log: MemoryEventLog) -> None:
        recorded = log.append()
        jobs = [job for event in recorded for job in self._reactions.jobs(event)]
        with self._jobs.lock:
            self._jobs.add(jobs)
            self._database.rows[rows.tenant] = rows.after()


@contextmanager
def _not_nested() -> Iterator[None]:
    if OPEN.get():
        raise NotNested
    token = OPEN.set(True)
    try:
        yield
    finally:
        OPEN.reset(token)
