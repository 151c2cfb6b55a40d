"""`kasa review`: payments that a person has to decide."""

import click

from kasa.application.payments.deciding import Approval
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.cli.given import identifier, invoice_id, naming
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.verdict import Spoken, payment_table, show_payment, spoken
from kasa.entrypoints.opened import OpenKasa


@click.group
def review() -> None:
    r"""Payments that a person has to decide.

    \b
    Examples:
      kasa review list
      kasa review show ID --language km
      kasa review approve ID --reason "called the customer"
      kasa review reject ID --reason "an old receipt"
      kasa review reverse ID --reason "the bank took it back" --goods-back
    """


@review.command("list")
@asked
def list_reviews(request: Request) -> None:
    """List the payments in review, oldest first."""
    with request.open() as opened:
        page = opened.kasa.payments.queries.payments(
            request.reader(opened), states=(PaymentState.IN_REVIEW,), limit=100
        )
    request.screen.show(payment_table(page.items))
    request.screen.answer({"items": page.items, "next_cursor": page.next})


@review.command("show")
@click.argument("payment")
@spoken
@asked
def show(request: Request, *, payment: str, spoken: Spoken) -> None:
    """Show a payment as a person decides it: what was read, every check, what to do."""
    with request.open() as opened:
        show_payment(request, opened, payment, spoken)


@review.command("read-again")
@click.argument("payment")
@asked
def read_again(request: Request, *, payment: str) -> None:
    """Have the second engine read a payment's pictures too, and judge it again."""
    with request.open() as opened:
        actor = request.actor(opened, "review.read-again")
        seen = _payment(request, opened, payment)
        made = opened.do(opened.kasa.payments.read_again, actor, seen.id)
        opened.work_off()
    _tell(request, made)


@review.command("approve")
@click.argument("payment")
@click.option("--reason", default="", help="Needed where a check differs.")
@click.option("--invoice", "number", help="Another invoice than the one it answers.")
@click.option("--amount", help="What was paid, where it was not read; in the invoice's currency.")
@asked
def approve(
    request: Request, *, payment: str, reason: str, number: str | None, amount: str | None
) -> None:
    """Approve a payment by hand and settle its invoice."""
    with request.open() as opened:
        actor = request.actor(opened, "review.approve")
        seen = _payment(request, opened, payment)
        wanted = None if number is None else invoice_id(opened, actor, number)
        decision = Approval(
            version=seen.version,
            invoice=wanted,
            amount=None
            if amount is None
            else _amount(request, opened, amount, wanted or seen.invoice),
            reason=reason,
        )
        made = opened.do(opened.kasa.payments.approve, actor, seen.id, decision)
        opened.work_off()
    _tell(request, made)


@review.command("reject")
@click.argument("payment")
@click.option("--reason", required=True, help="Kept with the payment.")
@asked
def reject(request: Request, *, payment: str, reason: str) -> None:
    """Turn a payment down; its references stay its own."""
    with request.open() as opened:
        actor = request.actor(opened, "review.reject")
        seen = _payment(request, opened, payment)
        made = opened.do(
            opened.kasa.payments.reject, actor, seen.id, version=seen.version, reason=reason
        )
        opened.work_off()
    _tell(request, made)


@review.command("reverse")
@click.argument("payment")
@click.option("--reason", required=True, help="Kept with the payment.")
@click.option(
    "--goods-gone/--goods-back",
    default=None,
    help="Whether the customer keeps the goods.  [default: they do, once delivered]",
)
@asked
def reverse(request: Request, *, payment: str, reason: str, goods_gone: bool | None) -> None:
    """Undo an approved payment: its invoice is due again; its references stay its own."""
    with request.open() as opened:
        actor = request.actor(opened, "review.reverse")
        seen = _payment(request, opened, payment)
        made = opened.do(
            opened.kasa.payments.reverse, actor, seen.id, reason=reason, goods_gone=goods_gone
        )
        opened.work_off()
    _tell(request, made)


@review.command("reopen")
@click.argument("payment")
@asked
def reopen(request: Request, *, payment: str) -> None:
    """Bring a rejected or reversed payment back to review."""
    with request.open() as opened:
        actor = request.actor(opened, "review.reopen")
        seen = _payment(request, opened, payment)
        made = opened.do(opened.kasa.payments.reopen, actor, seen.id, version=seen.version)
        opened.work_off()
    _tell(request, made)


def _payment(request: Request, opened: OpenKasa, given: str) -> Payment:
    reader = request.reader(opened)
    with naming("payment", given):
        wanted = PaymentId(identifier(given, "payment"))
        return opened.kasa.payments.queries.payment(reader, wanted)


def _amount(request: Request, opened: OpenKasa, given: str, answered: InvoiceId | None) -> Money:
    reader = request.reader(opened)
    if answered is None:
        return Money.parse(given, opened.kasa.tenancy.queries.tenant(reader).profile.currency)
    paid = opened.kasa.invoicing.queries.invoice(reader, answered).invoice
    return Money.parse(given, paid.content.currency)


def _tell(request: Request, made: Payment) -> None:
    request.screen.show(
        f"{made.id}  {made.state.value}  {made.invoice_number or ''}  {made.amount or ''}".rstrip()
    )
    request.screen.answer(made)
