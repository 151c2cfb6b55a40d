"""A bank's message that was kept: what it says, and which payment it belongs to."""

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.payments.alerts.reading import (
    ALERT_REFERENCE,
    PAYER_REFERENCE,
    AlertFlag,
    BankCredit,
)
from kasa.domain.payments.evidence import FieldReading, FieldState, PaymentEvidence, Source
from kasa.domain.payments.references import Reference, reference_keys

KEPT_FOR = timedelta(days=30)
"""How long an alert waits for the screenshot that it belongs to."""


class AlertAssigned(Conflict):
    """This alert belongs to a payment already."""

    code = "alert.assigned"


class AlertIgnored(Conflict):
    """A member has put this alert aside."""

    code = "alert.ignored"


@attrs.frozen(kw_only=True)
class BankAlert:
    """One message of a bank to the merchant; it joins at most one payment.

    ``chat`` and ``message`` name it in the messenger, or in the shop's own program. ``digest`` is
    of the text, so that an edited one is told; the text itself is not kept.
    """

    id: AlertId
    bot: str
    chat: int
    message: int
    source: Source
    received_at: datetime
    digest: str
    credit: BankCredit
    flags: tuple[str, ...] = ()
    payment: PaymentId | None = None
    ignored_at: datetime | None = None
    ignored_by: UUID | None = None

    @property
    def evidence(self) -> PaymentEvidence:
        """What it claims; one without any id of its own is named by its message."""
        told = self.credit.evidence(self.source)
        if reference_keys(told, self.received_at).read:
            return told
        own = FieldReading(
            state=FieldState.READ, value=f"{self.chat}:{self.message:04d}", seen=1, labelled=True
        )
        return attrs.evolve(told, references={**told.references, ALERT_REFERENCE: own})

    @property
    def keys(self) -> tuple[Reference, ...]:
        """Every key that no other alert may have, sorted."""
        return reference_keys(self.evidence, self.received_at).read

    @property
    def joins(self) -> tuple[Reference, ...]:
        """The ids of the payer's bank, which only join: several alerts may have them."""
        value = self.credit.references.get(PAYER_REFERENCE)
        return () if value is None else (Reference(PAYER_REFERENCE, value),)

    def flagged(self, flag: AlertFlag) -> "BankAlert":
        """Return it with a flag for people; twice is once."""
        return attrs.evolve(self, flags=tuple(sorted({*self.flags, flag.value})))

    def joined(self, payment: PaymentId) -> "BankAlert":
        """Return it as a part of a payment, or raise ``alert.assigned`` or ``alert.ignored``."""
        if self.payment is not None:
            raise AlertAssigned(payment=str(self.payment))
        if self.ignored_at is not None:
            raise AlertIgnored
        return attrs.evolve(self, payment=payment)

    def ignored(self, *, at: datetime, by: UUID | None) -> "BankAlert":
        """Return it put aside by a member, or raise ``alert.assigned``; twice is once."""
        if self.payment is not None:
            raise AlertAssigned(payment=str(self.payment))
        if self.ignored_at is not None:
            return self
        return attrs.evolve(self, ignored_at=at, ignored_by=by)
