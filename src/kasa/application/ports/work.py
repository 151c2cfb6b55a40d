"""Units of work: one tenant's transactions, and what honestly belongs to no tenant."""

from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import datetime
from enum import IntEnum
from typing import Protocol, TypeVar
from uuid import UUID

import attrs

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
from kasa.domain.identity.access import Actor, PlatformActor
from kasa.domain.kernel.errors import Unavailable
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.tenant import Tenant, TenantProfile, TenantState

Scope = Actor | Job
AnswerT = TypeVar("AnswerT")

OPEN: ContextVar[bool] = ContextVar("kasa_unit_of_work_open", default=False)
"""True while a unit of work is open in this thread; slow adapters of ``memory`` refuse to run."""


class WorkAborted(Exception):
    """The transaction had failed before its end, so nothing was stored; this is a bug."""


class NotNested(RuntimeError):
    """A unit of work was opened, or the world was called, while another one is open."""

    def __init__(self, message: str = "units of work do not nest") -> None:
        super().__init__(message)


class StoreBusy(Unavailable):
    """Too much is going on at once; try again in a moment."""

    code = "store.busy"


class Collided(StoreBusy):
    """Two units of work met and one had to end; nothing was stored, so the call may be repeated."""


def may_be_stored(error: BaseException) -> bool:
    """Tell whether a unit of work that ended so may have been committed all the same.

    A lost commit is one of which nobody knows. With a key its own answer may be found afterwards:
    it comes as ``Answered``, caused by the loss. What stops a process may come after the commit.
    """
    lost = isinstance(error, Unavailable) or isinstance(error.__cause__, Unavailable)
    return lost or not isinstance(error, Exception)


class LockRank(IntEnum):
    """The order in which a unit of work locks kinds of rows; several of one kind go by id."""

    PAYMENTS = 1
    ALERTS = 2
    REFERENCES = 3
    INVOICES = 4
    DOCUMENTS = 5
    USAGE = 6
    CREDIT = 7
    STOCK = 8
    NUMBERS = 9


@attrs.frozen(kw_only=True)
class TenantFacts:
    """Profile, settings and entitlement facts of the tenant, read in one statement."""

    id: TenantId
    profile: TenantProfile
    state: TenantState
    opened_at: datetime
    inventory_since: datetime | None

    @classmethod
    def of(cls, tenant: Tenant) -> "TenantFacts":
        """Return the facts of a tenant."""
        return cls(
            id=tenant.id,
            profile=tenant.profile,
            state=tenant.state,
            opened_at=tenant.opened_at,
            inventory_since=tenant.inventory_since,
        )

    @property
    def zone(self) -> str:
        """The shop's time zone."""
        return self.profile.zone


class ReadOnly(Protocol):
    """One tenant's read-only transaction."""

    events: EventViews
    archive: EventArchiveViews
    tables: TenantTables
    tenants: TenantViews
    files: FileViews
    payments: PaymentViews
    alerts: AlertViews
    accounts: AccountViews
    khqr: KhqrViews
    bank_questions: BankQuestionViews
    stock: InventoryViews
    customers: CustomerViews
    invoices: InvoiceViews
    credits: CreditViews
    series: SeriesViews
    rates: RateViews
    usage: UsageViews
    books: BookViews
    share_links: ShareLinkViews
    members: MemberViews
    invitations: InvitationViews
    keys: KeyViews
    clients: ClientViews
    sent_evidence: SentEvidenceViews

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""


class UnitOfWork(Protocol):
    """One tenant's read-write transaction: a clean exit commits, an exception rolls back."""

    events: EventLog
    archive: EventArchive
    answers: AnswerStore
    tenants: TenantStore
    usage: UsageStore
    files: FileStore
    payments: PaymentStore
    references: ReferenceRegistry
    alerts: AlertStore
    accounts: AccountStore
    khqr: KhqrStore
    bank_questions: BankQuestionStore
    products: ProductStore
    stock: StockLedger
    counts: CountStore
    customers: CustomerStore
    invoices: InvoiceStore
    series: SeriesStore
    credits: CreditStore
    rates: RateStore
    share_links: ShareLinkStore
    members: MemberStore
    invitations: InvitationStore
    keys: KeyStore
    clients: ClientStore
    tenant_links: TenantLinkStore

    @property
    def tenant(self) -> TenantFacts:
        """The tenant's facts, read when first asked for."""

    @property
    def author(self) -> UUID | None:
        """Who is named in the audit trail."""

    def answer(self, value: AnswerT) -> AnswerT:
        """Store the result under the scope's idempotency key, if it has one, and return it."""


class PlatformWork(Protocol):
    """A transaction outside any tenant; it returns identifiers, never a tenant's rows."""

    events: EventLog
    tenants: TenantDirectory
    share_links: ShareLinkDirectory
    users: UserStore
    sessions: SessionStore
    links: LinkStore
    attempts: AttemptStore
    mails: MailStore
    security: SecurityEvents
    outdated: OutdatedProofs


class UnitOfWorkFactory(Protocol):
    """Opens units of work; they do not nest.

    A commit that fails, or a unit of work that is left after a swallowed database error, raises
    ``WorkAborted``. Opening one under an idempotency key raises ``Answered`` with the stored
    answer, ``idempotency.in_progress`` or ``idempotency.key_reused``.
    """

    def __call__(self, scope: Scope) -> AbstractContextManager[UnitOfWork]:
        """Open a read-write unit of work."""

    def read_only(
        self, scope: Scope, *, snapshot: bool = False
    ) -> AbstractContextManager[ReadOnly]:
        """Open a view; with ``snapshot`` all its reads see one moment."""

    def platform(
        self, scope: PlatformActor | Job | None = None
    ) -> AbstractContextManager[PlatformWork]:
        """Open a unit of work that belongs to no tenant."""
