"""Acts of the people of a shop about payments: they decide, undo, and take cash."""

from kasa.application.payments.deciding import Approval, Cash
from kasa.domain.kernel.money import Money
from kasa.domain.payments.states import PaymentState
from tests.simulation.acts_goods import NOTHING, words
from tests.simulation.looking import claim_of, known, open_invoice, payment_of
from tests.simulation.shop import LIES, Claim, Shop, Story
from tests.simulation.world import Refusal, World

REASON = "seen at the bank"


def take_cash(world: World, shop: Shop) -> str:
    """Record money that was taken."""
    invoice = open_invoice(world, shop)
    if invoice is None:
        return NOTHING
    shop.touch(invoice.id)
    minor = world.random.choice([invoice.due_minor, max(1, invoice.due_minor // 2)])
    cash = Cash(invoice=invoice.id, amount=Money(minor, invoice.currency))
    use = world.kasa.payments.record
    answer = world.ask(shop.clerk, "cash", lambda actor: use(actor, cash))
    if not isinstance(answer, Refusal):
        known(shop, Claim(id=answer.id, story=Story.CASH, invoice=invoice.id))
    return words(answer)


def decide(world: World, shop: Shop) -> str:
    """Decide as an attentive person does: money that came is approved, a lie is turned down."""
    claim = claim_of(world, shop, {PaymentState.IN_REVIEW})
    if claim is None:
        return NOTHING
    payment, payments = payment_of(world, shop, claim), world.kasa.payments
    shop.touch(claim.invoice, payment.invoice)
    careless = world.chance(15)
    if claim.story in LIES and not careless:
        answer = world.ask(
            shop.owner,
            "reject",
            lambda actor: payments.reject(
                actor, claim.id, version=payment.version, reason="not at the bank"
            ),
        )
        return f"rejected: {words(answer)}"
    amount = None if payment.amount or not claim.transfer else claim.transfer.amount
    chosen = world.one(shop.invoices) if payment.invoice is None or world.chance(20) else None
    shop.touch(chosen)
    decision = Approval(version=payment.version, invoice=chosen, amount=amount, reason=REASON)
    answer = world.ask(
        shop.owner, "approve", lambda actor: payments.approve(actor, claim.id, decision)
    )
    return f"approved: {words(answer)}"


def approve_early(world: World, shop: Shop) -> str:
    """Approve what was not judged yet, as a person does who has seen the money."""
    claim = claim_of(world, shop, {PaymentState.SUBMITTED, PaymentState.WAITING})
    if claim is None or claim.transfer is None:
        return NOTHING
    payment = payment_of(world, shop, claim)
    shop.touch(claim.invoice, payment.invoice)
    amount = None if payment.amount else claim.transfer.amount
    decision = Approval(version=payment.version, amount=amount, reason=REASON)
    use = world.kasa.payments.approve
    return words(world.ask(shop.owner, "approve", lambda actor: use(actor, claim.id, decision)))


def undo_decision(world: World, shop: Shop) -> str:
    """Reverse, refund or reopen a payment that was decided."""
    claim = claim_of(
        world, shop, {PaymentState.APPROVED, PaymentState.REJECTED, PaymentState.REVERSED}
    )
    if claim is None:
        return NOTHING
    payment, payments = payment_of(world, shop, claim), world.kasa.payments
    shop.touch(claim.invoice, payment.invoice)
    if payment.state is not PaymentState.APPROVED:
        answer = world.ask(
            shop.owner,
            "reopen",
            lambda actor: payments.reopen(actor, claim.id, version=payment.version),
        )
        return f"reopened: {words(answer)}"
    if world.chance(60):
        gone = world.random.choice([None, False, True])
        answer = world.ask(
            shop.owner,
            "reverse",
            lambda actor: payments.reverse(
                actor, claim.id, reason="the bank took it", goods_gone=gone
            ),
        )
        return f"reversed: {words(answer)}"
    assert payment.amount is not None
    amount = Money(world.random.randint(1, payment.amount.minor), payment.amount.currency)
    answer = world.ask(
        shop.owner,
        "refund",
        lambda actor: payments.refund(actor, claim.id, amount, reason="too much"),
    )
    return f"refunded: {words(answer)}"
