"""What must hold after every step, whatever was done and whatever went wrong."""

from kasa.application.payments.waking import UNREAD_AFTER
from kasa.domain.kernel.events import JobFailed
from kasa.domain.kernel.ids import EventId, TenantId
from kasa.domain.payments.states import PaymentState
from tests.simulation.books import Books, books_of
from tests.simulation.laws_goods import LAWS_OF_GOODS, events_have_their_jobs
from tests.simulation.laws_money import LAWS_OF_MONEY
from tests.simulation.shop import Shop
from tests.simulation.world import World

LAWS = (*LAWS_OF_MONEY, *LAWS_OF_GOODS)


class Watch:
    """Holds every law against the books of shops."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: dict[TenantId, EventId | None] = {}
        self._seen: dict[TenantId, tuple[int, Books]] = {}

    def look(self, shop: Shop) -> Books:
        """Require every law of a shop and return its books."""
        before = self._last.get(shop.tenant)
        self._last[shop.tenant] = events_have_their_jobs(self._world, shop, before)
        books = books_of(self._world, shop)
        for law in LAWS:
            law(self._world, shop, books)
        self._honest_ones_are_approved(shop, books)
        self._nothing_is_half_done(shop, books)
        return books

    def _nothing_is_half_done(self, shop: Shop, books: Books) -> None:
        """Whatever was begun and not committed has left no trace."""
        commits = self._world.commits.of[shop.tenant]
        before, seen = self._seen.get(shop.tenant, (-1, books))
        unchanged = commits != before or seen == books
        self._world.require(unchanged, "what is not committed leaves no trace")
        self._seen[shop.tenant] = (commits, books)

    def _honest_ones_are_approved(self, shop: Shop, books: Books) -> None:
        """An honest receipt that was judged while nobody touched its invoice is approved."""
        found = {payment.id: payment for payment in books.payments}
        gave_up = {row.event.subject for row in books.events if isinstance(row.event, JobFailed)}
        for claim in shop.claims:
            if not claim.plain or claim.invoice is None:
                continue
            if claim.id in gave_up or shop.touched[claim.invoice] != claim.touched:
                claim.plain = False
                continue
            payment = found[claim.id]
            if self._world.now() - payment.submitted_at >= UNREAD_AFTER:
                claim.plain = False  # What nobody read for a day goes to a person.
                continue
            if payment.inputs is not None or payment.state is not PaymentState.SUBMITTED:
                approved = payment.state is PaymentState.APPROVED
                self._world.require(approved, "an honest receipt is approved:", claim, payment)
                claim.plain = False
