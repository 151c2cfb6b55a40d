"""What a unit of work offers over PostgreSQL: its stores on one connection.

Each context adds one line per store: here, in ``ports/work.py`` and in ``memory/work.py``.
"""

from uuid import UUID

from kasa.adapters.postgres.archive import PostgresEventArchive, PostgresEventArchiveViews
from kasa.adapters.postgres.books import PostgresBooks
from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.events import PostgresEventLog, PostgresEventViews
from kasa.adapters.postgres.files.store import PostgresFiles
from kasa.adapters.postgres.files.views import PostgresFileViews
from kasa.adapters.postgres.idempotency import PostgresAnswers, answer_row
from kasa.adapters.postgres.identity.attempts import PostgresAttempts
from kasa.adapters.postgres.identity.keys import (
    PostgresClients,
    PostgresClientViews,
    PostgresKeys,
    PostgresKeyViews,
)
from kasa.adapters.postgres.identity.links import PostgresLinks, PostgresTenantLinks
from kasa.adapters.postgres.identity.mails import PostgresMails, PostgresSecurityEvents
from kasa.adapters.postgres.identity.members import (
    PostgresInvitations,
    PostgresInvitationViews,
    PostgresMembers,
    PostgresMemberViews,
)
from kasa.adapters.postgres.identity.outdated import PostgresOutdatedProofs
from kasa.adapters.postgres.identity.people import PostgresUsers
from kasa.adapters.postgres.identity.sessions import PostgresSessions
from kasa.adapters.postgres.inventory.counts import PostgresCounts
from kasa.adapters.postgres.inventory.ledger import PostgresStock
from kasa.adapters.postgres.inventory.products import PostgresProducts
from kasa.adapters.postgres.inventory.views import PostgresInventoryViews
from kasa.adapters.postgres.invoicing.figures import PostgresRateViews, PostgresSeriesViews
from kasa.adapters.postgres.invoicing.invoices import PostgresInvoices
from kasa.adapters.postgres.invoicing.share_links import (
    PostgresShareLinkDirectory,
    PostgresShareLinks,
    PostgresShareLinkViews,
)
from kasa.adapters.postgres.invoicing.stores import (
    PostgresCredits,
    PostgresCustomers,
    PostgresRates,
    PostgresSeries,
)
from kasa.adapters.postgres.invoicing.views import (
    PostgresCreditViews,
    PostgresCustomerViews,
    PostgresInvoiceViews,
)
from kasa.adapters.postgres.payments.alerts import PostgresAlerts, PostgresAlertViews
from kasa.adapters.postgres.payments.payments import PostgresPayments
from kasa.adapters.postgres.payments.questions import (
    PostgresBankQuestions,
    PostgresBankQuestionViews,
)
from kasa.adapters.postgres.payments.sent_evidence import PostgresSentEvidenceViews
from kasa.adapters.postgres.payments.stores import (
    PostgresAccounts,
    PostgresKhqr,
    PostgresReferences,
)
from kasa.adapters.postgres.payments.views import (
    PostgresAccountViews,
    PostgresKhqrViews,
    PostgresPaymentViews,
)
from kasa.adapters.postgres.subscriptions.store import PostgresUsage, PostgresUsageViews
from kasa.adapters.postgres.tenancy.everything import PostgresTenantTables
from kasa.adapters.postgres.tenancy.store import (
    PostgresTenantDirectory,
    PostgresTenants,
    PostgresTenantViews,
    read_tenant,
)
from kasa.application.ports.bank_alerts import AlertStore, AlertViews
from kasa.application.ports.bank_questions import BankQuestionStore, BankQuestionViews
from kasa.application.ports.books import BookViews
from kasa.application.ports.events import EventArchive, EventArchiveViews, EventLog, EventViews
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


class PostgresReadOnly:
    """One tenant's read-only transaction."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._tenant: TenantFacts | None = None
        self.events: EventViews = PostgresEventViews(rows)
        self.archive: EventArchiveViews = PostgresEventArchiveViews(rows)
        self.tables: TenantTables = PostgresTenantTables(rows)
        self.tenants: TenantViews = PostgresTenantViews(rows)
        self.payments: PaymentViews = PostgresPaymentViews(rows)
        self.alerts: AlertViews = PostgresAlertViews(rows)
        self.accounts: AccountViews = PostgresAccountViews(rows)
        self.khqr: KhqrViews = PostgresKhqrViews(rows)
        self.bank_questions: BankQuestionViews = PostgresBankQuestionViews(rows)
        self.files: FileViews = PostgresFileViews(rows)
        self.stock: InventoryViews = PostgresInventoryViews(rows)
        self.customers: CustomerViews = PostgresCustomerViews(rows)
        self.invoices: InvoiceViews = PostgresInvoiceViews(rows)
        self.credits: CreditViews = PostgresCreditViews(rows)
        self.series: SeriesViews = PostgresSeriesViews(rows)
        self.rates: RateViews = PostgresRateViews(rows)
        self.usage: UsageViews = PostgresUsageViews(rows)
        self.books: BookViews = PostgresBooks(rows)
        self.share_links: ShareLinkViews = PostgresShareLinkViews(rows)
        self.members: MemberViews = PostgresMemberViews(rows)
        self.invitations: InvitationViews = PostgresInvitationViews(rows)
        self.keys: KeyViews = PostgresKeyViews(rows)
        self.clients: ClientViews = PostgresClientViews(rows)
        self.sent_evidence: SentEvidenceViews = PostgresSentEvidenceViews(rows)

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(read_tenant(self._rows))
        return self._tenant


class PostgresUnitOfWork:
    """One tenant's read-write transaction; the factory commits it."""

    def __init__(self, rows: TenantConnection, log: PostgresEventLog, scope: Scope) -> None:
        self._rows = rows
        self._scope = scope
        self._log = log
        self._tenant: TenantFacts | None = None
        self.events: EventLog = log
        self.archive: EventArchive = PostgresEventArchive(rows)
        self.answers: AnswerStore = PostgresAnswers(rows)
        self.tenants: TenantStore = PostgresTenants(rows)
        self.usage: UsageStore = PostgresUsage(rows)
        self.payments: PaymentStore = PostgresPayments(rows)
        self.references: ReferenceRegistry = PostgresReferences(rows)
        self.alerts: AlertStore = PostgresAlerts(rows)
        self.accounts: AccountStore = PostgresAccounts(rows)
        self.khqr: KhqrStore = PostgresKhqr(rows)
        self.bank_questions: BankQuestionStore = PostgresBankQuestions(rows)
        self.files: FileStore = PostgresFiles(rows)
        self.products: ProductStore = PostgresProducts(rows)
        self.stock: StockLedger = PostgresStock(rows)
        self.counts: CountStore = PostgresCounts(rows)
        self.customers: CustomerStore = PostgresCustomers(rows)
        self.invoices: InvoiceStore = PostgresInvoices(rows)
        self.series: SeriesStore = PostgresSeries(rows)
        self.credits: CreditStore = PostgresCredits(rows)
        self.rates: RateStore = PostgresRates(rows)
        self.share_links: ShareLinkStore = PostgresShareLinks(rows)
        self.members: MemberStore = PostgresMembers(rows)
        self.invitations: InvitationStore = PostgresInvitations(rows)
        self.keys: KeyStore = PostgresKeys(rows)
        self.clients: ClientStore = PostgresClients(rows)
        self.tenant_links: TenantLinkStore = PostgresTenantLinks(rows)

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""
        if self._tenant is None:
            self._tenant = TenantFacts.of(read_tenant(self._rows))
        return self._tenant

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail."""
        return self._scope.author

    def answer(self, value: AnswerT) -> AnswerT:
        """Store the result under the scope's idempotency key, if it has one, and return it.

        The clean exit writes it, in one statement with the events.
        """
        self._log.answer(answer_row(self._rows, self._scope, value))
        return value


class PostgresPlatformWork:
    """What belongs to no tenant; its events belong to the tenant ``PLATFORM``."""

    def __init__(self, rows: TenantConnection, log: PostgresEventLog) -> None:
        self.events: EventLog = log
        self.tenants: TenantDirectory = PostgresTenantDirectory(rows)
        self.share_links: ShareLinkDirectory = PostgresShareLinkDirectory(rows)
        self.users: UserStore = PostgresUsers(rows)
        self.sessions: SessionStore = PostgresSessions(rows)
        self.links: LinkStore = PostgresLinks(rows)
        self.attempts: AttemptStore = PostgresAttempts(rows)
        self.mails: MailStore = PostgresMails(rows)
        self.security: SecurityEvents = PostgresSecurityEvents(rows)
        self.outdated: OutdatedProofs = PostgresOutdatedProofs(rows)
