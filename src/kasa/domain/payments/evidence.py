"""What one source claims about a payment, field by field, three-valued."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import attrs

from kasa.domain.kernel.money import Currency, Money
from kasa.domain.payments.recognition import Box, Effort

ValueT = TypeVar("ValueT")


class Source(StrEnum):
    """Where evidence comes from; a higher rank wins where two disagree."""

    BANK_API = "bank_api"
    SHORT_HASH = "short_hash"
    BANK_ALERT = "bank_alert"
    ALERT_INGESTED = "alert_ingested"
    SCREENSHOT = "screenshot"
    MANUAL = "manual"

    @property
    def rank(self) -> int:
        """5 the bank itself, 1 what somebody typed."""
        return _RANKS[self]

    @property
    def is_bank(self) -> bool:
        """Whether a bank speaks, rather than a picture or a person."""
        return self.rank >= 3


_RANKS = {
    Source.BANK_API: 5,
    Source.SHORT_HASH: 5,
    Source.BANK_ALERT: 4,
    Source.ALERT_INGESTED: 3,
    Source.SCREENSHOT: 2,
    Source.MANUAL: 1,
}


class FieldState(StrEnum):
    """Only what was read can be compared; the other three are not readable."""

    READ = "read"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    CONTESTED = "contested"


class ReceiptKind(StrEnum):
    """What a picture is."""

    RECEIPT = "receipt"
    CODE = "code"
    INVOICE = "invoice"
    OTHER = "other"


class Outcome(StrEnum):
    """How far a transfer is."""

    FINAL = "final"
    PENDING = "pending"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    REVERSED = "reversed"


class Direction(StrEnum):
    """Whose screen it is."""

    SENT = "sent"
    RECEIVED = "received"


class Precision(StrEnum):
    """How exactly a moment is printed."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@attrs.frozen(kw_only=True)
class FieldReading(Generic[ValueT]):
    """One field as its sources give it.

    ``value`` is set exactly when the state is READ. ``candidates`` are all values seen when it is
    contested. ``seen`` counts places in the picture, ``engines`` independent engines (1 or 2).
    ``labelled`` tells that it stood beside a known label or at the place its layout gives it,
    ``cut`` that the printed text ends in an ellipsis or runs out of the picture.
    """

    state: FieldState = FieldState.ABSENT
    value: ValueT | None = None
    candidates: tuple[ValueT, ...] = ()
    seen: int = 0
    engines: int = 0
    labelled: bool = False
    cut: bool = False
    box: Box | None = None
    source: Source | None = None

    def __attrs_post_init__(self) -> None:
        if (self.state is FieldState.READ) != (self.value is not None):
            raise ValueError("a field has a value exactly when it was read")

    @property
    def is_read(self) -> bool:
        """Whether there is a value to compare."""
        return self.state is FieldState.READ


ABSENT: FieldReading[Any] = FieldReading()
UNREADABLE: FieldReading[Any] = FieldReading(state=FieldState.UNREADABLE)


@attrs.frozen(kw_only=True)
class PaymentEvidence:
    """Everything one source, or several merged ones, claim about one payment.

    ``layout`` is the key of the bank layout, ``generic`` for an unknown bank, or the source's own
    word. ``debited`` is what left the payer's account, possibly in another currency;
    ``amount_rows`` are further labelled amounts that should agree with the headline.
    ``references`` maps a scheme (payments.md, section 10) to its value. ``notes`` are reason
    codes that only inform. ``efforts`` are the steps of the ladder that were tried,
    ``text_characters`` counts well-read characters of the picture.
    ``own_code`` is the MD5 of a QR of ours that the bank was asked for. ``parts`` are what was
    merged (``merging.merge``), each as its source gave it.
    """

    source: Source
    layout: str
    receipt: FieldReading[ReceiptKind] = ABSENT
    outcome: FieldReading[Outcome] = ABSENT
    direction: FieldReading[Direction] = ABSENT
    amount: FieldReading[Money] = ABSENT
    currency: FieldReading[Currency] = ABSENT
    amount_rows: tuple[Money, ...] = ()
    debited: FieldReading[Money] = ABSENT
    fee: FieldReading[Money] = ABSENT
    paid_at: FieldReading[datetime] = ABSENT
    precision: Precision = Precision.MINUTE
    recipient_name: FieldReading[str] = ABSENT
    recipient_account: FieldReading[str] = ABSENT
    recipient_bank: FieldReading[str] = ABSENT
    payer_name: FieldReading[str] = ABSENT
    payer_account: FieldReading[str] = ABSENT
    references: Mapping[str, FieldReading[str]] = attrs.field(factory=dict)
    remark: FieldReading[str] = ABSENT
    bill_number: FieldReading[str] = ABSENT
    own_code: str | None = None
    labels: int = 0
    success_word: bool = False
    engine_versions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    full_readings: int = 1
    efforts: tuple[Effort, ...] = ()
    text_characters: int = 0
    parts: "tuple[PaymentEvidence, ...]" = ()

    @property
    def atoms(self) -> "tuple[PaymentEvidence, ...]":
        """What was merged into it, or itself when it stands alone."""
        return self.parts or (self,)

    @property
    def sources(self) -> frozenset[Source]:
        """Every source that speaks in it."""
        return frozenset(part.source for part in self.atoms)

    def known(self, reading: FieldReading[ValueT]) -> ValueT | None:
        """Return the value of one of its fields if it may be compared: read, and not typed in."""
        if (reading.source or self.source) is Source.MANUAL:
            return None
        return reading.value if reading.is_read else None
