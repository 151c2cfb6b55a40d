"""What a person sees who looks before they act; no fault strikes here."""

from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import UNDECIDED, PaymentState
from tests.simulation.shop import Claim, Shop
from tests.simulation.world import World


def known(shop: Shop, claim: Claim) -> None:
    """Remember a payment, once."""
    if claim.id not in {one.id for one in shop.claims}:
        shop.claims.append(claim)


def open_invoice(world: World, shop: Shop) -> Invoice | None:
    """Return an invoice that is still to be paid."""
    open_ones = []
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        for invoice in shop.invoices[-10:]:
            found = view.invoices.show(invoice).invoice
            if found.state is InvoiceState.OPEN and found.due_minor:
                open_ones.append(found)
    return world.one(open_ones)


def undecided(world: World, shop: Shop, invoice: InvoiceId) -> bool:
    """Tell whether a payment of an invoice still has to be decided."""
    return any(
        payment_of(world, shop, claim).state in UNDECIDED
        for claim in shop.claims
        if claim.invoice == invoice
    )


def claim_of(world: World, shop: Shop, states: set[PaymentState]) -> Claim | None:
    """Return a payment that stands in one of some states."""
    found = [one for one in shop.claims[-25:] if payment_of(world, shop, one).state in states]
    return world.one(found)


def payment_of(world: World, shop: Shop, claim: Claim) -> Payment:
    """Return a payment as it is."""
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        return view.payments.show(claim.id)
