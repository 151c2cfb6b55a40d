"""Acts about invoices, credit notes and what customers have to their credit."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kasa.application.inventory.moving import BroughtBack
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditPart, CreditReason, WantedNote
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import Money
from tests.simulation.acts_goods import NOTHING, words
from tests.simulation.shop import Shop
from tests.simulation.world import Refusal, World

DRAFTS_MAX = 8


def wanted(world: World, shop: Shop) -> WantedInvoice:
    """Draw what somebody wants to buy: some goods, perhaps something without a product."""
    chosen = world.random.sample(shop.goods, min(len(shop.goods), world.random.randint(1, 3)))
    lines = [
        WantedLine(product=one.id, quantity=Decimal(world.random.randint(1, 4))) for one in chosen
    ]
    if not lines or world.chance(20):
        price = Decimal(world.random.randint(1, 9) * (1 if shop.currency.scale == 100 else 1000))
        lines.append(WantedLine(quantity=Decimal(1), text="Sewing", price=price))
    customer = world.one(shop.customers) if world.chance(70) else None
    return WantedInvoice(lines=tuple(lines), customer=customer)


def draft(world: World, shop: Shop) -> str:
    """Make a draft."""
    if len(shop.drafts) >= DRAFTS_MAX:
        return NOTHING
    said = wanted(world, shop)
    use = world.kasa.invoicing.draft
    answer = world.ask(shop.clerk, "invoices", lambda actor: use(actor, said))
    if not isinstance(answer, Refusal):
        shop.drafts.append(answer.id)
    return words(answer)


def revise(world: World, shop: Shop) -> str:
    """Change a draft, or throw it away."""
    one = world.one(shop.drafts)
    if one is None:
        return NOTHING
    invoicing = world.kasa.invoicing
    if world.chance(20):
        answer = world.ask(
            shop.clerk, "drafts.discard", lambda actor: invoicing.discard(actor, one)
        )
        if not isinstance(answer, Refusal):
            shop.drafts.remove(one)
        return f"discarded: {words(answer)}"
    said, version = wanted(world, shop), _invoice(world, shop, one).version
    answer = world.ask(
        shop.clerk,
        "drafts.revise",
        lambda actor: invoicing.revise(actor, one, said, version=version),
    )
    return words(answer)


def issue(world: World, shop: Shop) -> str:
    """Issue a draft; perhaps with too few goods."""
    one = world.one(shop.drafts)
    if one is None:
        return NOTHING
    short = world.chance(40)
    use = world.kasa.invoicing.issue
    answer = world.ask(
        shop.clerk, "invoices.issue", lambda actor: use(actor, one, accept_shortage=short)
    )
    if not isinstance(answer, Refusal):
        shop.drafts.remove(one)
        shop.invoices.append(answer.id)
    return words(answer)


def sell(world: World, shop: Shop) -> str:
    """Draft and issue at once, as most people do."""
    return f"{draft(world, shop)}, {issue(world, shop)}"


def _closing(
    route: str, use_of: Callable[[World], Callable[[Actor, InvoiceId], Any]]
) -> Callable[[World, Shop], str]:
    def act(world: World, shop: Shop) -> str:
        invoice = world.one(shop.invoices)
        if invoice is None:
            return NOTHING
        shop.touch(invoice)
        use = use_of(world)
        return words(world.ask(shop.owner, route, lambda actor: use(actor, invoice)))

    return act


void = _closing(
    "invoices.void", lambda world: lambda actor, one: world.kasa.invoicing.void(actor, one, "wrong")
)
write_off = _closing(
    "invoices.write_off",
    lambda world: lambda actor, one: world.kasa.invoicing.write_off(actor, one, "gone away"),
)
reinstate = _closing("invoices.reinstate", lambda world: world.kasa.invoicing.reinstate)
deliver = _closing("invoices.deliver", lambda world: world.kasa.invoicing.deliver)
apply_credit = _closing("invoices.apply", lambda world: world.kasa.invoicing.apply_credit)
release_credit = _closing("invoices.release", lambda world: world.kasa.invoicing.release_credit)


def credit_note(world: World, shop: Shop) -> str:
    """Take back a part of an invoice, or all that is left of it."""
    invoice = world.one(shop.invoices)
    if invoice is None:
        return NOTHING
    parts: tuple[CreditPart, ...] = ()
    if world.chance(60):
        line = _invoice(world, shop, invoice).lines[0]
        minor = line.amount(shop.currency)
        parts = (CreditPart(line_no=line.no, amount=Money(max(1, minor // 2), shop.currency)),)
    note = WantedNote(reason=CreditReason.RETURN, parts=parts)
    shop.touch(invoice)
    use = world.kasa.invoicing.issue_credit_note
    return words(world.ask(shop.owner, "credit_notes", lambda actor: use(actor, invoice, note)))


def bring_back(world: World, shop: Shop) -> str:
    """Bring goods of an invoice back."""
    invoice = world.one(shop.invoices)
    if invoice is None:
        return NOTHING
    shop.touch(invoice)
    lines = [BroughtBack(line_no=1, quantity=Decimal(world.random.randint(1, 2)))]
    use = world.kasa.inventory.return_goods
    return words(world.ask(shop.owner, "returns", lambda actor: use(actor, invoice, lines)))


def refund_credit(world: World, shop: Shop) -> str:
    """Give a customer money back out of their credit."""
    customer = world.one(shop.customers)
    if customer is None:
        return NOTHING
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        held = [row.balance for row in view.credits.of_customer(customer) if row.balance.minor > 0]
    minor = held[0].minor if held and world.chance(80) else 100
    amount = Money(world.random.randint(1, minor), shop.currency)
    use = world.kasa.invoicing.refund_credit
    answer = world.ask(shop.owner, "credit.refund", lambda actor: use(actor, customer, amount))
    if not isinstance(answer, Refusal):
        shop.refunded[customer, shop.currency] += amount.minor
    return words(answer)


def _invoice(world: World, shop: Shop, id: InvoiceId) -> Any:
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        return view.invoices.show(id).invoice
