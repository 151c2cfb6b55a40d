"""Acts about payments: receipts that are sent, honest or not, and what people decide."""

from datetime import timedelta
from typing import Any

from kasa.application.payments.alerting import AlertMessage
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.kernel.moments import zone
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.alerts.reading import Envelope, Sender
from kasa.domain.payments.bank_reply import Found
from tests.simulation.acts_goods import NOTHING
from tests.simulation.looking import known, open_invoice, payment_of, undecided
from tests.simulation.receipts import photographed, receipt_of, told
from tests.simulation.shop import LIES, Claim, Shop, Story, Transfer
from tests.simulation.world import Refusal, World

PAYERS = ("DARA CHAN", "SREYMOM LIM", "VISAL KEO", "BOPHA HENG", "SOPHEAP NOU", "RATHA OUK")


def pay(world: World, shop: Shop) -> str:
    """Pay what is due of an invoice and send the receipt."""
    return _sent(world, shop, Story.HONEST)


def pay_wrongly(world: World, shop: Shop) -> str:
    """Pay too little or too much."""
    return _sent(world, shop, world.random.choice([Story.PART, Story.TOO_MUCH]))


def lie(world: World, shop: Shop) -> str:
    """Send a receipt that is not what it seems."""
    return _sent(world, shop, world.random.choice(sorted(LIES)))


def show_again(world: World, shop: Shop) -> str:
    """Send a picture of a transfer that was shown before: the same file, or another one."""
    claim = world.one([one for one in shop.claims if one.transfer and one.story not in LIES])
    invoice = world.one(shop.invoices)
    if claim is None or invoice is None or claim.transfer is None:
        return NOTHING
    shop.touch(invoice, *(one.invoice for one in shop.claims if one.transfer is claim.transfer))
    copy = world.random.randrange(2)
    picture = photographed(
        world.recognizer, receipt_of(claim.transfer, shop), Story.SHOWN_AGAIN, copy=copy
    )
    again = Claim(id=claim.id, story=Story.SHOWN_AGAIN, invoice=invoice, transfer=claim.transfer)
    return _submit(world, shop, [(picture, again)])


def pay_in_parts(world: World, shop: Shop) -> str:
    """Pay an invoice with two transfers, and send both receipts together."""
    invoice = open_invoice(world, shop)
    if invoice is None or invoice.due_minor < 2:
        return NOTHING
    shop.touch(invoice.id)
    first = world.random.randint(1, invoice.due_minor - 1)
    sent = []
    for minor in (first, invoice.due_minor - first):
        transfer = _transfer(world, shop, Money(minor, invoice.currency))
        picture = photographed(world.recognizer, receipt_of(transfer, shop), Story.PART)
        claim = Claim(
            id=_NO_ID, story=Story.PART, invoice=invoice.id, transfer=transfer, picture=picture
        )
        sent.append((picture, claim))
    return _submit(world, shop, sent)


def alert(world: World, shop: Shop) -> str:
    """Let the bank's bot tell of a transfer, one that is shown as well or a new one."""
    known = [one.transfer for one in shop.claims if one.transfer and one.story is Story.HONEST]
    transfer = world.one(known) if world.chance(60) else None
    if transfer is None:
        invoice = open_invoice(world, shop)
        if invoice is None:
            return NOTHING
        shop.touch(invoice.id)
        transfer = _transfer(world, shop, invoice.due)
    for claim in shop.claims:
        if claim.transfer is transfer:
            shop.touch(claim.invoice)
    sign = "៛" if transfer.amount.currency is KHR else "$"
    at = transfer.paid_at.astimezone(zone("Asia/Phnom_Penh"))
    text = (
        f"{sign}{transfer.amount.text} paid by {transfer.payer} (*{transfer.payer_account[-3:]}) on"
        f" {at:%b %d, %I:%M %p} via ABA PAY at {shop.receiver}. Trx. ID:"
        f" {int(transfer.paid_at.timestamp())}{transfer.number:05d}, APV: 691804."
    )
    envelope = Envelope(
        bot="PayWayByABA_bot",
        chat=-1000 - shop.number,
        message=transfer.number,
        sender=Sender.BOUND_BOT,
        chat_bound=True,
    )
    message = AlertMessage(envelope=envelope, text=text, received_at=world.now())
    use = world.kasa.payments.take_alert
    answer = world.ask(shop.owner, "alerts", lambda actor: use(actor, message))
    if isinstance(answer, Refusal):
        return answer.code
    if answer.payment is not None and answer.payment.id not in {one.id for one in shop.claims}:
        claim = Claim(
            id=answer.payment.id,
            story=Story.ALERT,
            invoice=answer.payment.invoice,
            transfer=transfer,
        )
        shop.claims.append(claim)
    return "again" if answer.again else "refused" if answer.refusal else "taken"


def pay_by_code(world: World, shop: Shop) -> str:
    """Show a code for an invoice; perhaps it is paid, perhaps somebody says so."""
    invoice = open_invoice(world, shop)
    if invoice is None:
        return NOTHING
    shop.touch(invoice.id)
    shop.coded.add(invoice.id)
    payments = world.kasa.payments
    shown = world.ask(shop.clerk, "codes", lambda actor: payments.show_code(actor, invoice.id))
    if isinstance(shown, Refusal):
        return shown.code
    paid = world.chance(70)
    if paid:
        shop.paid_by_code.add(invoice.id)
        number = len(world.transfers)
        transfer = _transfer(world, shop, invoice.due)
        digest = f"{number * 7919 + world.seed:064x}"[-64:]
        world.bank.pay(
            Found(hash=digest, amount=transfer.amount, created=world.now()), md5=shown.md5
        )
    if world.chance(50):
        answer = world.ask(shop.clerk, "said", lambda actor: payments.say_paid(actor, invoice.id))
        if isinstance(answer, Refusal):
            return answer.code
        known(shop, Claim(id=answer.id, story=Story.CLAIM, invoice=invoice.id))
    return "paid" if paid else "shown"


_NO_ID: Any = None
"""The identifier of a payment that kasa has not named yet."""


def _sent(world: World, shop: Shop, story: Story) -> str:
    invoice = open_invoice(world, shop)
    if invoice is None:
        return NOTHING
    minor = {Story.PART: invoice.due_minor // 2, Story.TOO_MUCH: invoice.due_minor + 500}
    amount = Money(max(1, minor.get(story, invoice.due_minor)), invoice.currency)
    other = _shown_before(world, shop, story)
    if story in {Story.EDITED, Story.ELSEWHERE} and other is None:
        return NOTHING
    alone = invoice.id not in shop.coded and not invoice.reviews
    undisturbed = alone and not undecided(world, shop, invoice.id)
    shop.touch(invoice.id)
    transfer = _transfer(world, shop, amount)
    receipt = told(receipt_of(transfer, shop), story, other)
    picture = photographed(world.recognizer, receipt, story)
    claim = Claim(
        id=_NO_ID,
        story=story,
        invoice=invoice.id,
        transfer=other if story is Story.EDITED else None if story in LIES else transfer,
        picture=picture,
        touched=shop.touched[invoice.id],
        plain=story is Story.HONEST and undisturbed,
    )
    said = _submit(world, shop, [(picture, claim)])
    if shop.touched[invoice.id] != claim.touched:
        shop.touch(invoice.id)
    return f"{story}: {said}"


def _submit(world: World, shop: Shop, sent: list[tuple[bytes, Claim]]) -> str:
    new = NewEvidence(pictures=tuple(picture for picture, _ in sent), invoice=sent[0][1].invoice)
    use = world.kasa.payments.submit
    answer = world.ask(shop.clerk, "evidence", lambda actor: use(actor, new))
    if isinstance(answer, Refusal):
        return answer.code
    for payment, (_, claim) in zip(answer.payments, sent, strict=True):
        claim.id = payment.id
        shop.claims.append(claim)
    return "sent"


def _transfer(world: World, shop: Shop, amount: Money) -> Transfer:
    """Move money; transfers of one world are minutes apart and of different people."""
    number = len(world.transfers)
    transfer = Transfer(
        number=number,
        amount=amount,
        paid_at=world.now() - timedelta(seconds=20),
        payer=world.random.choice(PAYERS),
        payer_account=f"{number:09d}",
        reference=f"{10**10 + number * 7919 * 31 + world.seed % 7919:011d}",
    )
    world.transfers.append((shop, transfer))
    world.pass_time(timedelta(seconds=world.random.randint(30, 240)))
    return transfer


def _shown_before(world: World, shop: Shop, story: Story) -> Transfer | None:
    """Return a transfer whose receipt was read already, of this shop or of another one."""
    shops = [one for one in world.shops if (one is shop) is (story is Story.EDITED)]
    found = []
    for one in shops:
        for claim in one.claims[-12:]:
            honest = claim.transfer if claim.story is Story.HONEST else None
            inputs = payment_of(world, one, claim).inputs
            if honest is not None and inputs is not None and inputs.evidence.references:
                found.append(honest)
    return world.one(found)
