"""What the model knows of an invoice: it only adds and subtracts."""

import attrs

from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.ids import CustomerId, InvoiceId, PaymentId

DEEP = {
    "paid",
    "reopened",
    "credited",
    "credited when paid",
    "overpaid",
    "walk-in overpaid",
    "refunded",
    "reversed after refund",
    "void",
    "written off",
    "paid when written off",
    "reinstated",
    "credit applied",
    "credit released",
    "refused",
}
"""What a run has to reach, else it proved little."""

PAYABLE = {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}


@attrs.define
class Paid:
    """A payment as the model knows it: what it took off the due, and what became credit."""

    id: PaymentId
    settled: int
    surplus: int
    refunded: int = 0
    undone: bool = False

    @property
    def left(self) -> int:
        """What it still settles."""
        return 0 if self.undone else self.settled - self.refunded


@attrs.define
class Known:
    """An invoice as the model knows it."""

    id: InvoiceId
    customer: CustomerId | None
    gross: int
    due: int
    digest: str
    state: InvoiceState = InvoiceState.OPEN
    credited: int = 0
    value: int = 0
    notes: int = 0
    applied: int = 0
    cash_back: int = 0
    payments: list[Paid] = attrs.Factory(list)

    def moved(self, change: int) -> str:
        """Change what is due, and the state with it; return what that reached."""
        self.due += change
        if self.due == 0 and self.state in PAYABLE:
            late = self.state is InvoiceState.UNCOLLECTIBLE
            self.state = InvoiceState.PAID
            return "paid when written off" if late else "paid"
        if self.due > 0 and self.state is InvoiceState.PAID:
            self.state = InvoiceState.OPEN
            return "reopened"
        return "moved"
