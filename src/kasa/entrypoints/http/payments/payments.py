"""Payments over HTTP: the list, the review queue, what a person decides."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from kasa.application.payments.deciding import (
    AmountNotPositive,
    Approval,
    Cash,
    ReferenceUsed,
)
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.payments.payment import ReasonRequired
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.paging import PageOf
from kasa.entrypoints.http.payments.shapes import PaymentRow, PaymentShown, payment_out, row_of
from kasa.entrypoints.http.routing import Route
from kasa.entrypoints.http.wire import MoneyIn, Version, Versioned, moment, money
from kasa.entrypoints.opened import OpenKasa

State = Literal[
    "submitted", "waiting", "in_review", "approved", "rejected", "reversed", "duplicate"
]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
ReasonCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}\Z")]
DECIDED = (AlreadyDecided, VersionStale)


class PaymentsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which payments are listed: in a state, with a reason, of an invoice."""

    state: State | None = None
    reason: ReasonCode | None = None
    invoice: UUID | None = None


class ApproveIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision; ``reason`` where a check differs, ``amount`` where none was read."""

    version: Version
    invoice: UUID | None = None
    amount: MoneyIn | None = None
    counts_as: MoneyIn | None = None
    reason: Reason = ""


class RejectIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a payment is turned down, in 3 to 500 characters."""

    version: Version
    reason: Reason


class AssignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The invoice that a payment is for."""

    version: Version
    invoice: UUID


class ReverseIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a payment is undone; ``goods_gone`` unless stated means that they were delivered."""

    reason: Reason
    goods_gone: bool | None = None


class RefundIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is given back, and why."""

    amount: MoneyIn
    reason: Reason


class CashIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that a member took."""

    amount: MoneyIn
    text: Reason = ""


class ClaimShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks at a payment, and until when."""

    payment: UUID
    by: UUID | None
    until: datetime


def page(call: Call) -> PageOf[PaymentRow]:
    """List payments, oldest first; those in review tell who looks at them now."""
    wanted: PaymentsQuery = call.query
    found = call.served(
        states=() if wanted.state is None else (PaymentState(wanted.state),),
        invoice=None if wanted.invoice is None else InvoiceId(wanted.invoice),
        reason=wanted.reason or "",
        after=call.after,
        limit=call.limit,
    )
    claims = {one.payment: one for one in call.opened.kasa.payments.evidence.claims(call.actor)}
    return call.page(found, of=lambda line: row_of(line, claims.get(line.id)))


def one(call: Call) -> PaymentShown:
    """Show a payment."""
    return payment_out(call.served(_payment(call)))


def approve(call: Call) -> PaymentShown:
    """Approve a payment by hand and settle its invoice."""
    given: ApproveIn = call.body
    decision = Approval(
        version=given.version,
        invoice=None if given.invoice is None else InvoiceId(given.invoice),
        amount=None if given.amount is None else money(given.amount),
        counts_as=None if given.counts_as is None else money(given.counts_as),
        reason=given.reason,
    )
    return payment_out(call.served(_payment(call), decision))


def reject(call: Call) -> PaymentShown:
    """Turn a payment in review down; its references stay its own."""
    given: RejectIn = call.body
    return payment_out(call.served(_payment(call), version=given.version, reason=given.reason))


def versioned(call: Call) -> PaymentShown:
    """Do what the route says with a payment as it was last read."""
    return payment_out(call.served(_payment(call), version=call.body.version))


def reopen(call: Call) -> PaymentShown:
    """Bring a rejected or reversed payment back to review."""
    return versioned(call)


def ask(call: Call) -> PaymentShown:
    """Ask the customer for a clearer picture, and wait two days for it."""
    return versioned(call)


def discard(call: Call) -> PaymentShown:
    """Put aside what is no receipt; nobody is told."""
    return versioned(call)


def assign(call: Call) -> PaymentShown:
    """Say which invoice an undecided payment is for; it still wants to be decided."""
    given: AssignIn = call.body
    return payment_out(call.served(_payment(call), InvoiceId(given.invoice), version=given.version))


def retry(call: Call) -> PaymentShown:
    """Have the second engine read the pictures too, and judge the payment again."""
    return payment_out(call.served(_payment(call)))


def claim(call: Call) -> ClaimShown:
    """Say that one looks at a payment for five minutes; it binds nobody."""
    made = call.served(_payment(call))
    return ClaimShown(payment=made.payment, by=made.by, until=moment(made.until))


def reverse(call: Call) -> PaymentShown:
    """Undo an approved payment; its invoice is due again."""
    given: ReverseIn = call.body
    made = call.served(_payment(call), reason=given.reason, goods_gone=given.goods_gone)
    return payment_out(made)


def refund(call: Call) -> PaymentShown:
    """Give money of an approved payment back."""
    given: RefundIn = call.body
    return payment_out(call.served(_payment(call), money(given.amount), reason=given.reason))


def record(call: Call) -> PaymentShown:
    """Record cash, or money seen elsewhere: approved by whoever records it."""
    given: CashIn = call.body
    invoice = InvoiceId(call.id("invoice_id"))
    cash = Cash(invoice=invoice, amount=money(given.amount), text=given.text)
    return payment_out(call.served(cash))


def _payment(call: Call) -> PaymentId:
    return PaymentId(call.id("payment_id"))


def routes(opened: OpenKasa) -> tuple[Route, ...]:
    """Return the routes of payments."""
    use, payment = opened.kasa.payments, "/payments/{payment_id}"
    return (
        *_acts(opened),
        Route(
            method="GET",
            path="/payments",
            serves=use.queries.payments,
            handle=page,
            answers=PageOf[PaymentRow],
            query=PaymentsQuery,
            paged=True,
        ),
        Route(
            method="GET",
            path=payment,
            serves=use.queries.payment,
            handle=one,
            answers=PaymentShown,
        ),
        Route(
            method="POST",
            path=f"{payment}/claim",
            serves=use.claim,
            handle=claim,
            answers=ClaimShown,
            refuses=(AlreadyDecided,),
        ),
        Route(
            method="POST",
            path="/invoices/{invoice_id}/payments",
            serves=use.record,
            handle=record,
            answers=PaymentShown,
            status=201,
            body=CashIn,
            refuses=(AmountNotPositive,),
        ),
    )


def _acts(opened: OpenKasa) -> tuple[Route, ...]:
    use = opened.kasa.payments
    acts = (
        ("approve", use.approve, approve, ApproveIn, (*DECIDED, ReferenceUsed, ReasonRequired)),
        ("reject", use.reject, reject, RejectIn, (*DECIDED, ReasonRequired)),
        ("reopen", use.reopen, reopen, Versioned, DECIDED),
        ("assign", use.assign, assign, AssignIn, DECIDED),
        ("retry", use.read_again, retry, None, (AlreadyDecided,)),
        ("ask-again", use.ask_customer, ask, Versioned, DECIDED),
        ("discard", use.discard, discard, Versioned, DECIDED),
        ("reverse", use.reverse, reverse, ReverseIn, (AlreadyDecided, ReasonRequired)),
        ("refund", use.refund, refund, RefundIn, (AlreadyDecided, ReasonRequired)),
    )
    return tuple(
        Route(
            method="POST",
            path=f"/payments/{{payment_id}}/{verb}",
            serves=serves,
            handle=handle,
            answers=PaymentShown,
            body=body,
            refuses=refuses,
        )
        for verb, serves, handle, body, refuses in acts
    )
