"""`kasa demo`: the whole journey, really: database, document, picture, verdict, books, stock."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import randbelow
from zoneinfo import ZoneInfo

import attrs
import click

from kasa.application.inventory.products import ProductFields
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.deciding import AmountNotPositive
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.decimals import plain
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState
from kasa.entrypoints.bootstrap import open_kasa
from kasa.entrypoints.cli.given import decimal, printed
from kasa.entrypoints.cli.request import Request, asked
from kasa.entrypoints.cli.screen import table
from kasa.entrypoints.cli.stage import SHOP, DemoDiffers, Levels, Stage, opened_shop
from kasa.entrypoints.cli.verdict import Spoken, read_table, rule_table, summary, told
from kasa.entrypoints.settings import Settings
from kasa.entrypoints.shown.plain import moment

ZONE = ZoneInfo("Asia/Phnom_Penh")
RECIPIENT = "SOKHA TEXTILES"
ACCOUNT = "001234567"
PAYERS = ("CHAN DARA", "LIM SREYMOM", "KEO VISAL", "HENG BOPHA")
SEEDS = 10**6


@click.command
@click.option("--paid", metavar="AMOUNT", help="What the first receipt shows, in riel.")
@click.option("--seed", type=click.IntRange(0), help="Names, numbers and quantities of the demo.")
@click.option("--keep", is_flag=True, help="Keep the database too, not only the documents.")
@asked
def demo(request: Request, *, paid: str | None, seed: int | None, keep: bool) -> None:
    r"""Play the whole journey in a private folder, with a real database and a picture really read.

    \b
    Examples:
      kasa demo
      kasa demo --paid 1000
      kasa demo --seed 7 --keep
    """
    amount = None if paid is None else Money.parse(paid, KHR)
    if amount is not None and amount.minor <= 0:
        raise AmountNotPositive
    chosen = randbelow(SEEDS) if seed is None else seed
    with _folder(keep=keep) as folder:
        settings = attrs.evolve(
            Settings.from_env(),
            home=folder / "home",
            database_url=None,
            storage_url=None,
            migrate=None,
        )
        with open_kasa(settings) as opened:
            stage = opened_shop(opened, request.screen, folder, chosen)
            request.screen.show(f"kasa demo, seed {chosen}, in {folder}")
            told = play(stage, amount)
        request.screen.answer({"seed": chosen, "folder": folder, **told, "holds": stage.holds})


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kasa-demo-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder / "home", ignore_errors=True)


def play(stage: Stage, paid: Money | None) -> dict[str, object]:
    """Play every step and return what happened, for `--json`."""
    _stock_up(stage)
    before = stage.levels()
    first = _issue(stage, (2, 1))
    document = _print(stage, first)
    shown = paid or _due(first)
    picture, payment = _pay(stage, first, shown, "receipt-1.png")
    if _verdict(stage, payment, right=shown == _due(first)):
        _books(stage, first, payment, before)
    second = _issue(stage, (1, 0))
    wrong = Money(_due(second).minor - 100 * stage.random.randint(1, 9), KHR)
    _, other = _pay(stage, second, wrong, "receipt-2.png")
    _sent_to_a_person(stage, second, other)
    again = _submit(stage, second.id, picture)
    _duplicate(stage, first, again)
    return {
        "invoice": first.id,
        "document": document,
        "verdicts": [one.verdict for one in (payment, other, again)],
        "stock": stage.levels(),
    }


def _stock_up(stage: Stage) -> None:
    stage.title(f"1. A shop opens: {SHOP}; it counts in riel and is paid at ABA {ACCOUNT}.")
    kasa = stage.opened.kasa
    account = NewAccount(
        bank="ABA", number=ACCOUNT, names=(RECIPIENT,), bakong_id="sokha_textiles@abaa"
    )
    kasa.payments.add_account(stage.owner, account)
    wanted = (("TSHIRT", "T-shirt", "20000"), ("SCARF", "Krama scarf", "15000"))
    stage.products = tuple(
        kasa.inventory.add_product(
            stage.owner,
            ProductFields(name=label, code=code, price=decimal(price), currency=KHR),
            on_hand=stage.random.randint(5, 20),
        )
        for code, label, price in wanted
    )
    _show_stock(stage)


def _show_stock(stage: Stage) -> None:
    rows = [(code, *figures) for code, figures in stage.levels().items()]
    stage.screen.show(table(("  product", ">on hand", ">reserved"), rows))


def _due(invoice: Invoice) -> Money:
    return Money(invoice.totals.gross, invoice.content.currency)


def _issue(stage: Stage, quantities: tuple[int, ...]) -> Invoice:
    kasa, before = stage.opened.kasa, stage.levels()
    customer = kasa.invoicing.add_customer(
        stage.owner, CustomerDetails(name=name(stage.random.choice(PAYERS).title()))
    )
    lines = tuple(
        WantedLine(product=product.id, quantity=decimal(str(quantity)))
        for product, quantity in zip(stage.products, quantities, strict=True)
        if quantity
    )
    draft = kasa.invoicing.draft(stage.owner, WantedInvoice(lines=lines, customer=customer.id))
    invoice = kasa.invoicing.issue(stage.owner, draft.id)
    stage.opened.work_off()
    stage.title(f"Invoice {_number(invoice)} for {customer.details.name}: {_due(invoice)}")
    for line in invoice.content.lines:
        stage.screen.show(f"  {plain(line.quantity)} x {line.text} at {plain(line.price)} KHR")
    wanted = dict(zip((str(one.sku.code) for one in stage.products), quantities, strict=True))
    expected = {code: (there, held + wanted[code]) for code, (there, held) in before.items()}
    stage.check("its goods are reserved", expected=expected, actual=stage.levels())
    return invoice


def _number(invoice: Invoice) -> str:
    return invoice.number.text if invoice.number is not None else str(invoice.id)


def _print(stage: Stage, invoice: Invoice) -> Path:
    path = stage.folder / f"{_number(invoice)}.pdf"
    path.write_bytes(printed(stage.opened, stage.owner, invoice.id))
    stage.screen.show(f"  its PDF: {path}")
    stage.check("the PDF is one", expected=b"%PDF-", actual=path.read_bytes()[:5])
    return path


def _pay(stage: Stage, invoice: Invoice, amount: Money, file: str) -> tuple[bytes, Payment]:
    at = stage.opened.now() - timedelta(seconds=30)
    picture = stage.opened.draw_receipt(
        look=stage.look,
        amount=amount,
        recipient=RECIPIENT,
        recipient_account=ACCOUNT,
        payer=stage.random.choice(PAYERS),
        paid_at=at.astimezone(ZONE),
        references=(("aba.trx", str(stage.random.randrange(10**10, 10**11))),),
    )
    path = stage.folder / file
    path.write_bytes(picture)
    stage.title(f"The customer pays {amount} in a bank app and sends a picture: {path}")
    return picture, _submit(stage, invoice.id, picture)


def _submit(stage: Stage, invoice: InvoiceId, picture: bytes) -> Payment:
    kasa = stage.opened.kasa
    sent = kasa.payments.submit(stage.owner, NewEvidence(pictures=(picture,), invoice=invoice))
    stage.opened.work_off()
    return kasa.payments.queries.payment(stage.owner, sent.payments[0].id)


def _judged(stage: Stage, payment: Payment) -> Decision:
    if payment.inputs is None or payment.verdict is None:
        raise DemoDiffers("The picture was not read.")
    stage.screen.show("  What was read:", read_table(payment.inputs.evidence))
    text = stage.opened.kasa.payments.tell(payment.inputs, payment.verdict)
    stage.screen.show("  Which checks passed:", rule_table(text))
    stage.screen.show(summary(text))
    return payment.verdict.decision


def _invoice(stage: Stage, invoice: Invoice) -> Invoice:
    return stage.opened.kasa.invoicing.queries.invoice(stage.owner, invoice.id).invoice


def _verdict(stage: Stage, payment: Payment, *, right: bool) -> bool:
    """Show the verdict, and tell whether the payment was approved; only the right amount is."""
    decision = _judged(stage, payment)
    if not right:
        stage.check("a wrong amount is left to a person", expected=Decision.REVIEW, actual=decision)
        return False
    stage.check("the machine approves it", expected=Decision.APPROVE, actual=decision)
    return True


def _books(stage: Stage, invoice: Invoice, payment: Payment, before: Levels) -> None:
    paid = _invoice(stage, invoice)
    stage.check("the invoice is paid", expected=InvoiceState.PAID, actual=paid.state)
    stage.check("nothing is due", expected=0, actual=paid.due_minor)
    stage.title("Stock after the sale")
    _show_stock(stage)
    sold = {line.sku_code: int(line.quantity) for line in invoice.content.lines}
    expected = {code: (there - sold[code], held) for code, (there, held) in before.items()}
    stage.check("the goods have left", expected=expected, actual=stage.levels())
    _trail(stage, invoice, payment)


def _trail(stage: Stage, invoice: Invoice, payment: Payment) -> None:
    history = stage.opened.kasa.operations.read_history
    found = [*history(stage.owner, invoice.id), *history(stage.owner, payment.id)]
    stage.title("The audit trail of invoice and payment")
    rows = [(moment(one.at), one.event.kind) for one in sorted(found, key=lambda one: one.id)]
    stage.screen.show(table(("  at", "what"), rows))
    kinds = {kind for _, kind in rows}
    wanted = {"invoicing.invoice_issued", "invoicing.invoice_paid", "payments.payment_approved"}
    stage.check("the trail tells it", expected=wanted, actual=wanted & kinds)


def _sent_to_a_person(stage: Stage, invoice: Invoice, payment: Payment) -> None:
    decision = _judged(stage, payment)
    stage.check("a wrong amount goes to a person", expected=Decision.REVIEW, actual=decision)
    stage.check("it waits", expected=PaymentState.IN_REVIEW, actual=payment.state)
    unpaid = _invoice(stage, invoice)
    stage.check("its invoice stays open", expected=InvoiceState.OPEN, actual=unpaid.state)


def _duplicate(stage: Stage, first: Invoice, payment: Payment) -> None:
    stage.title("Somebody sends the first picture again, for the second invoice")
    if payment.verdict is None or payment.verdict.first_use is None:
        raise DemoDiffers("The first picture was not recognised.")
    text = told(stage.opened, payment, Spoken())
    stage.screen.show("" if text is None else summary(text))
    use = payment.verdict.first_use
    stage.check("it is a duplicate", expected=PaymentState.DUPLICATE, actual=payment.state)
    stage.check("its first use is named", expected=_number(first), actual=use.invoice_number)
