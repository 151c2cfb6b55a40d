"""What happens to payments."""

from datetime import datetime

import attrs

from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.kernel.money import Money


@attrs.frozen(kw_only=True)
class EvidenceSubmitted(Event):
    """Somebody sent evidence of a payment; ``rank`` (1 to 9) is its turn among the shops."""

    kind = "payments.evidence_submitted"

    invoice: InvoiceId | None = None
    pictures: int = 0
    rank: int = 1


@attrs.frozen(kw_only=True)
class PaymentSentToReview(Event):
    """A person has to look; ``reasons`` are codes."""

    kind = "payments.payment_sent_to_review"

    invoice: InvoiceId | None = None
    reasons: tuple[str, ...] = ()
    ask: str = "member"
    points: int = 0


@attrs.frozen(kw_only=True)
class PaymentWaits(Event):
    """A payment waits for the bank, or for the customer."""

    kind = "payments.payment_waits"

    invoice: InvoiceId | None = None
    reasons: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BankAskDue(Event):
    """A payment is to be looked at again at a moment, and the bank asked about it."""

    kind = "payments.bank_ask_due"

    at: datetime


@attrs.frozen(kw_only=True)
class CodeAskDue(Event):
    """The bank is to be asked at a moment whether a code that an invoice shows was paid.

    ``since`` is when the code was shown.
    """

    kind = "payments.code_ask_due"

    md5: str
    since: datetime
    at: datetime


@attrs.frozen(kw_only=True)
class CustomerAsked(Event):
    """The customer is asked for a better receipt, or may send it to the shop as it is.

    ``until``: when it goes to the shop by itself; ``reasons`` are codes.
    """

    kind = "payments.customer_asked"

    invoice: InvoiceId | None = None
    reasons: tuple[str, ...] = ()
    until: datetime


@attrs.frozen(kw_only=True)
class PaymentApproved(Event):
    """Money for an invoice was accepted; by a person when ``by_hand``, else by the verdict."""

    kind = "payments.payment_approved"

    invoice: InvoiceId
    amount: Money
    points: int
    approval: int
    by_hand: bool = False


@attrs.frozen(kw_only=True)
class PaymentRejected(Event):
    """A person turned a payment down."""

    kind = "payments.payment_rejected"

    invoice: InvoiceId | None = None


@attrs.frozen(kw_only=True)
class PaymentDiscarded(Event):
    """A member put aside what is no receipt; nobody is told."""

    kind = "payments.payment_discarded"

    invoice: InvoiceId | None = None


@attrs.frozen(kw_only=True)
class PaymentClaimed(Event):
    """A member looks at a payment in review, until a moment; others see that."""

    kind = "payments.payment_claimed"

    until: datetime


@attrs.frozen(kw_only=True)
class PaymentAssigned(Event):
    """A member said which invoice a payment is for."""

    kind = "payments.payment_assigned"

    invoice: InvoiceId
    before: InvoiceId | None = None


@attrs.frozen(kw_only=True)
class PaymentReopened(Event):
    """A rejected or reversed payment went back to review."""

    kind = "payments.payment_reopened"

    invoice: InvoiceId | None = None


@attrs.frozen(kw_only=True)
class DuplicateSubmitted(Event):
    """A payment shows the reference, or the picture, of an earlier one: the ``first``."""

    kind = "payments.duplicate_submitted"

    first: PaymentId
    first_undecided: bool
    same_file: bool


@attrs.frozen(kw_only=True)
class PaymentReversed(Event):
    """An approved payment was undone."""

    kind = "payments.payment_reversed"

    invoice: InvoiceId
    amount: Money


@attrs.frozen(kw_only=True)
class PaymentRefunded(Event):
    """Money of an approved payment was given back."""

    kind = "payments.payment_refunded"

    invoice: InvoiceId
    amount: Money


@attrs.frozen(kw_only=True)
class BankAlertTaken(Event):
    """A bank told of money that came in; without ``payment`` it waits for a person or a receipt."""

    kind = "payments.bank_alert_taken"

    amount: Money
    source: str
    payment: PaymentId | None = None
    flags: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BankAlertAssigned(Event):
    """A person said which invoice a bank's alert is for; ``payment`` was made of it."""

    kind = "payments.bank_alert_assigned"

    payment: PaymentId
    invoice: InvoiceId


@attrs.frozen(kw_only=True)
class BankAlertJoined(Event):
    """A person said which payment a bank's alert belongs to."""

    kind = "payments.bank_alert_joined"

    payment: PaymentId


@attrs.frozen(kw_only=True)
class BankAlertIgnored(Event):
    """A person put a bank's alert aside: it is for no invoice."""

    kind = "payments.bank_alert_ignored"


@attrs.frozen(kw_only=True)
class BankAlertFlagged(Event):
    """A bank's alert came again, or was edited; nothing changed but its flags."""

    kind = "payments.bank_alert_flagged"

    flags: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ReceivingAccountAdded(Event):
    """An account of the shop can receive payments."""

    kind = "payments.receiving_account_added"


@attrs.frozen(kw_only=True)
class AcceptedNamesChanged(Event):
    """The names that receipts print for an account were changed."""

    kind = "payments.accepted_names_changed"


@attrs.frozen(kw_only=True)
class ReceivingAccountArchived(Event):
    """An account of the shop is out of use."""

    kind = "payments.receiving_account_archived"


@attrs.frozen(kw_only=True)
class MatchPolicyChanged(Event):
    """The shop's own rules for judging payments were changed."""

    kind = "payments.match_policy_changed"
