"""What a unit of work offers in memory: its stores over the tables of one tenant."""

from collections.abc import Callable
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
from kasa.adapters.memory.idempotency import MemoryAnswers, store_answer
from kasa.adapters.memory.identity.attempts import MemoryAttempts
from kasa.adapters.memory.identity.keys import (
    MemoryClients,
    MemoryClientViews,
    MemoryKeys,
    MemoryKeyViews,
)
from kasa.adapters.memory.identity.links import MemoryLinks, MemoryTenantLinks
from kasa.adapters.memory.identity.mails import MemoryMails, MemorySecurityEvents
from kasa.adapters.memory.identity.members import (
    MemoryInvitations,
    MemoryInvitationViews,
    MemoryMembers,
    MemoryMemberViews,
)
from kasa.adapters.memory.identity.outdated import MemoryOutdatedProofs
from kasa.adapters.memory.identity.people import MemoryUsers
from kasa.adapters.memory.identity.sessions import MemorySessions
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
    MemoryRateViews,
    MemorySeriesViews,
)
from kasa.adapters.memory.payments.alerts import MemoryAlerts, MemoryAlertViews
from kasa.adapters.memory.payments.payments import MemoryPayments
from kasa.adapters.memory.payments.questions import MemoryBankQuestions, MemoryBankQuestionViews
from kasa.adapters.memory.payments.sent_evidence import MemorySentEvidenceViews
from kasa.adapters.memory.payments.stores import MemoryAccounts, MemoryKhqr, MemoryReferences
from kasa.adapters.memory.payments.views import (
    MemoryAccountViews,
    MemoryKhqrViews,
    MemoryPaymentViews,
)
from kasa.adapters.memory.subscriptions import MemoryUsage, MemoryUsageViews
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
)
from kasa.application.ports.files import FileStore, FileViews
from kasa.application.ports.identity.attempts import AttemptStore
from kasa.application.ports.identity.keys import (
    ClientStore,
    ClientViews,
    KeyStore,
    KeyViews,
)
from kasa.application.ports.identity.links import LinkStore, TenantLinkStore
from kasa.application.ports.identity.mails import MailStore, SecurityEvents
from kasa.application.ports.identity.members import (
    InvitationStore,
    InvitationViews,
    MemberStore,
    MemberViews,
)
from kasa.application.ports.identity.outdated import OutdatedProofs
from kasa.application.ports.identity.people import UserStore
from kasa.application.ports.identity.sessions import SessionStore
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
    RateViews,
    SeriesStore,
    SeriesViews,
)
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
from kasa.application.ports.sent_evidence import SentEvidenceViews
from kasa.application.ports.share_links import (
    ShareLinkDirectory,
    ShareLinkStore,
    ShareLinkViews,
)
from kasa.application.ports.subscriptions import UsageStore, UsageViews
from kasa.application.ports.tenancy import (
    TenantDirectory,
    TenantStore,
    TenantTables,
    TenantViews,
)
from kasa.application.ports.work import (
    AnswerT,
    Scope,
    TenantFacts,
)


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
        self.series: SeriesViews = MemorySeriesViews(rows)
        self.rates: RateViews = MemoryRateViews(rows)
        self.usage: UsageViews = MemoryUsageViews(rows)
        self.books: BookViews = MemoryBooks(rows)
        self.share_links: ShareLinkViews = MemoryShareLinkViews(rows)
        self.members: MemberViews = MemoryMemberViews(rows)
        self.invitations: InvitationViews = MemoryInvitationViews(rows)
        self.keys: KeyViews = MemoryKeyViews(rows)
        self.clients: ClientViews = MemoryClientViews(rows)
        self.sent_evidence: SentEvidenceViews = MemorySentEvidenceViews(rows)

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(tenant_row(self._rows))
        return self._tenant


class MemoryUnitOfWork:
    """One tenant's tables to change; the factory commits them."""

    def __init__(
        self,
        rows: Working,
        log: MemoryEventLog,
        scope: Scope,
        *,
        database: Database,
        people: Callable[[], Working],
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
        self.members: MemberStore = MemoryMembers(rows)
        self.invitations: InvitationStore = MemoryInvitations(rows)
        self.keys: KeyStore = MemoryKeys(rows)
        self.clients: ClientStore = MemoryClients(rows)
        self.tenant_links: TenantLinkStore = MemoryTenantLinks(rows.tenant, people)

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

    def __init__(self, database: Database, rows: Working, log: MemoryEventLog) -> None:
        self.events: EventLog = log
        self.tenants: TenantDirectory = MemoryTenantDirectory(database)
        self.share_links: ShareLinkDirectory = MemoryShareLinkDirectory(database)
        self.users: UserStore = MemoryUsers(rows, database)
        self.sessions: SessionStore = MemorySessions(rows)
        self.links: LinkStore = MemoryLinks(rows)
        self.attempts: AttemptStore = MemoryAttempts(rows)
        self.mails: MailStore = MemoryMails(rows)
        self.security: SecurityEvents = MemorySecurityEvents(rows)
        self.outdated: OutdatedProofs = MemoryOutdatedProofs(rows)
