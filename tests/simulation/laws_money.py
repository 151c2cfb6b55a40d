"""Laws about money: it settles once, it is never lost, and nobody buys with a lie."""

from collections import Counter, defaultdict

from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.events import PaymentApproved
from kasa.domain.payments.states import PaymentState
from tests.simulation.books import Books
from tests.simulation.shop import LIES, Shop
from tests.simulation.world import World

SIGNS = {
    "payment": -1,
    "payment_reversed": 1,
    "refund": 1,
    "credit_note": -1,
    "credit_applied": -1,
    "credit_released": 1,
    "credit_granted": 1,
    "grant_reversed": -1,
}
"""What an entry adds to the sum due."""

ON_CREDIT = {"credit_granted": 1, "credit_released": 1, "credit_applied": -1, "grant_reversed": -1}
"""What an entry adds to the customer's credit."""


def due_is_what_is_left(world: World, _: Shop, books: Books) -> None:
    """Due is the total less the entries, never below nothing, and nothing exactly when paid."""
    for view in books.invoices:
        invoice = view.invoice
        left = invoice.totals.gross + sum(
            SIGNS[entry.kind.value] * entry.amount.minor for entry in view.entries
        )
        world.require(left == invoice.due_minor, "due is the sum of entries:", left, invoice)
        world.require(0 <= left <= invoice.totals.gross, "due is within the total:", invoice)
        paid = invoice.state is InvoiceState.PAID
        settled = left == 0 and invoice.state is not InvoiceState.DRAFT
        world.require(paid == settled, "paid is when nothing is due:", invoice)
        if invoice.state is InvoiceState.VOID:
            world.require(left == invoice.totals.gross, "a void invoice took nothing:", invoice)


def approved_money_is_somewhere(world: World, _: Shop, books: Books) -> None:
    """Of an approved payment every cent settles, is credit, was given back, or is left over."""
    entries = defaultdict(list)
    for view in books.invoices:
        for entry in view.entries:
            if entry.payment is not None:
                entries[entry.payment].append(entry)
    for payment in books.payments:
        own = entries[payment.id]
        kept = sum(-SIGNS[entry.kind.value] * entry.amount.minor for entry in own)
        credit = sum(ON_CREDIT.get(entry.kind.value, 0) * entry.amount.minor for entry in own)
        if payment.state is not PaymentState.APPROVED:
            world.require(kept + credit == 0, "only an approved payment settles:", payment, own)
            continue
        now = [entry for entry in own if entry.approval == payment.approvals]
        back = sum(entry.amount.minor for entry in now if entry.kind.value == "refund")
        left = payment.unallocated.minor if payment.unallocated else 0
        assert payment.amount is not None
        if any(entry.paid_in for entry in now):
            continue
        world.require(
            payment.amount.minor == kept + credit + back + left,
            "approved money is somewhere:",
            payment,
            own,
        )


def credit_is_the_sum_of_its_entries(world: World, shop: Shop, books: Books) -> None:
    """What a customer has to their credit is what invoices gave and took, less what went out."""
    expected: Counter[object] = Counter()
    for view in books.invoices:
        key = (view.invoice.customer, view.invoice.currency)
        for entry in view.entries:
            expected[key] += ON_CREDIT.get(entry.kind.value, 0) * entry.amount.minor
    for row in books.credits:
        key = (row.customer, row.balance.currency)
        left = expected.pop(key, 0) - shop.refunded[key]
        world.require(left == row.balance.minor, "credit is the sum of its entries:", left, row)
    world.require(not any(expected.values()), "all credit has its row:", expected)


def one_transfer_pays_once(world: World, shop: Shop, books: Books) -> None:
    """However often a transfer is shown, one payment of it stands approved.

    What was approved by hand and never read is not known by its reference.
    """
    states = {payment.id: payment for payment in books.payments}
    approved: dict[int, PaymentId] = {}
    for claim in shop.claims:
        payment = states[claim.id]
        if claim.transfer is None or payment.state is not PaymentState.APPROVED:
            continue
        if payment.inputs is None or not payment.inputs.evidence.references:
            continue
        first = approved.setdefault(claim.transfer.number, claim.id)
        world.require(first == claim.id, "one transfer pays once:", claim, payment)


def no_lie_is_approved_by_the_machine(world: World, shop: Shop, books: Books) -> None:
    """What is not true goes to a person, however good it looks.

    Where the bank itself says that the invoice was paid by its code, that was no lie.
    """
    lies = {
        claim.id: claim
        for claim in shop.claims
        if claim.story in LIES and claim.invoice not in shop.paid_by_code
    }
    for row in books.events:
        fact = row.event
        if isinstance(fact, PaymentApproved) and not fact.by_hand:
            claim = lies.get(PaymentId(fact.subject))
            world.require(claim is None, "the machine approves no lie:", claim)


def each_approval_is_told_once(world: World, _: Shop, books: Books) -> None:
    """A payment settles once for each time that it was approved, and so does the event log."""
    told = Counter(
        (row.event.subject, row.event.approval)
        for row in books.events
        if isinstance(row.event, PaymentApproved)
    )
    world.require(all(count == 1 for count in told.values()), "an approval is told once:", told)
    counted = Counter(subject for subject, _ in told)
    world.require(
        all(counted[payment.id] == payment.approvals for payment in books.payments),
        "each approval is told",
    )


def reviews_are_those_in_review(world: World, _: Shop, books: Books) -> None:
    """An invoice is under review exactly while a payment of it waits for a person."""
    waiting = defaultdict(set)
    for payment in books.payments:
        if payment.state is PaymentState.IN_REVIEW and payment.invoice is not None:
            waiting[payment.invoice].add(payment.id)
    for view in books.invoices:
        reviews = set(view.invoice.reviews)
        world.require(reviews == waiting[view.invoice.id], "reviews are those in review:", reviews)


LAWS_OF_MONEY = (
    due_is_what_is_left,
    approved_money_is_somewhere,
    credit_is_the_sum_of_its_entries,
    one_transfer_pays_once,
    no_lie_is_approved_by_the_machine,
    each_approval_is_told_once,
    reviews_are_those_in_review,
)
