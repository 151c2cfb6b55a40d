"""What happens to invoices: issued, paid, paid late, voided, delivered, reversed, credited."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kasa.adapters.conformance.inventory.machine import StockMachine
from kasa.adapters.conformance.inventory.model import CONSUMED, HELD, OK, ModelLine
from kasa.adapters.conformance.inventory.stage import Wish
from kasa.domain.inventory.reservation import LIFE_DAYS, READING_HOURS
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.returned_goods import Restock
from kasa.domain.kernel.moments import day_end
from kasa.domain.kernel.money import rounded

ZONE = "Asia/Phnom_Penh"
SKUS, PICKS = st.integers(0, 1), st.integers(0, 50)
QUANTITIES = st.sampled_from(["one", "two", "three", "available", "one more", "one less"])
LINES = st.lists(st.tuples(SKUS, QUANTITIES), min_size=1, max_size=3)


def promised_until(invoice: Invoice, now: datetime) -> datetime:
    """Return the end of the day after the due date, at most 180 days from now."""
    assert invoice.due_date is not None
    return min(day_end(invoice.due_date + timedelta(days=1), ZONE), now + timedelta(days=LIFE_DAYS))


class SalesMachine(StockMachine):
    """Invoices come and go."""

    def now(self) -> datetime:
        """Return the time."""
        return self.stage.ports.clock.now()

    def quantity(self, sku: int, wanted: str) -> int:
        """Return a number at the edge of what is available, at least 1."""
        edge = max(0, self.model.available(sku))
        numbers = {"available": edge, "one more": edge + 1, "one less": edge - 1}
        return max(1, numbers.get(wanted, {"one": 1, "two": 2, "three": 3}.get(wanted, 1)))

    def issue(
        self, wanted: list[tuple[int, int]], *, accept: bool = False, paid: bool = False
    ) -> Invoice | None:
        """Issue an invoice and keep it when it was accepted."""
        wishes = [Wish(product=self.products[sku], quantity=q) for sku, q in wanted]
        invoice = self.stage.invoice(*wishes, due_minor=0 if paid else 1)
        now = self.now()
        lines = [
            ModelLine(
                invoice=invoice.id,
                no=no,
                sku=sku,
                quantity=quantity,
                id=UUID(int=no),
                at=now,
                expires_at=promised_until(invoice, now),
            )
            for no, (sku, quantity) in enumerate(wanted, 1)
        ]
        expected = self.model.issue(lines, now=now, accept=accept, paid=paid)
        kind = "issue" + (" paid" if paid else "") + (" accepting" if accept else "")
        outcome = self.attempt(
            kind, expected, lambda: self.stage.issue(invoice, accept_shortage=accept)
        )
        if outcome is None:
            return None
        for line, row in zip(lines, outcome.reservations, strict=True):
            line.id = row.id
            line.owed_at = row.owed_at
        self.invoices.append(invoice)
        return invoice

    def pay(self, invoice: Invoice) -> None:
        """Pay an invoice, whatever happened to it before."""
        again = all(line.state == CONSUMED for line in self.model.of(invoice.id))
        expected = self.model.pay(invoice.id, now=self.now())
        kind = "pay again" if again else "pay"
        self.attempt(kind, expected, lambda: self.stage.pay(invoice))

    def unpay(self, invoice: Invoice, *, gone: bool | None) -> None:
        """Reverse the payment of an invoice."""
        until = promised_until(invoice, self.now())
        until = max(until, self.now() + timedelta(hours=READING_HOURS))
        expected = self.model.unpay(invoice.id, gone=gone, until=until)
        self.attempt(f"unpay gone={gone}", expected, lambda: self.stage.unpay(invoice, gone=gone))

    @rule(wanted=LINES, accept=st.booleans(), paid=st.sampled_from([False, False, True]))
    def issue_some(
        self,
        wanted: list[tuple[int, str]],
        accept: bool,  # noqa: FBT001  # Hypothesis draws it by name
        paid: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Issue an invoice over some lines, at the edge of what is there."""
        lines = [(sku, self.quantity(sku, edge)) for sku, edge in wanted]
        self.issue(lines, accept=accept, paid=paid)

    @rule(sku=SKUS, more=st.integers(0, 1), share=st.integers(1, 3))
    def issue_split(self, sku: int, more: int, share: int) -> None:
        """Issue two lines of one SKU that together want all of it, or one too many."""
        whole = max(0, self.model.available(sku)) + more
        if whole >= 2:
            part = min(share, whole - 1)
            self.issue([(sku, part), (sku, whole - part)])

    @precondition(lambda self: self.invoices)
    @rule(pick=PICKS)
    def pay_one(self, pick: int) -> None:
        """Pay an invoice, perhaps once more."""
        self.pay(self.invoices[pick % len(self.invoices)])

    @precondition(lambda self: self.invoices)
    @rule(pick=PICKS)
    def pay_again(self, pick: int) -> None:
        """Pay, pay again, take it back, and pay once more."""
        invoice = self.invoices[pick % len(self.invoices)]
        self.pay(invoice)
        self.pay(invoice)
        self.unpay(invoice, gone=False)
        self.pay(invoice)

    @rule(sku=st.just(1) | SKUS, more=st.integers(1, 3), gone=st.booleans(), twice=st.booleans())
    def owe_and_take_back(
        self,
        sku: int,
        more: int,
        gone: bool,  # noqa: FBT001  # Hypothesis draws it by name
        twice: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Be paid for more than is there, take the payment back, perhaps be paid again."""
        lines = [(sku, max(1, self.model.skus[sku].on_hand) + more)]
        invoice = self.issue(lines, accept=True)
        if invoice is not None:
            self.pay(invoice)
            self.unpay(invoice, gone=gone)
            if twice:
                self.pay(invoice)

    @precondition(lambda self: self.invoices)
    @rule(pick=PICKS, gone=st.sampled_from([None, False, True]))
    def unpay_one(self, pick: int, gone: bool | None) -> None:  # noqa: FBT001  # drawn by name
        """Take a payment back; the goods were kept, or are gone."""
        self.unpay(self.invoices[pick % len(self.invoices)], gone=gone)

    @precondition(lambda self: self.invoices)
    @rule(pick=PICKS, reason=st.sampled_from(["void", "write_off"]))
    def release_one(self, pick: int, reason: str) -> None:
        """Void an invoice, or write it off."""
        invoice = self.invoices[pick % len(self.invoices)]
        expected = self.model.release(invoice.id)
        self.attempt(reason, expected, lambda: self.stage.release(invoice, reason))

    @precondition(lambda self: self.invoices)
    @rule(pick=PICKS)
    def deliver_one(self, pick: int) -> None:
        """Hand goods over."""
        invoice = self.invoices[pick % len(self.invoices)]
        expected = self.model.deliver(invoice.id, now=self.now())
        self.attempt("deliver", expected, lambda: self.stage.deliver(invoice))

    def give_back(self, line: ModelLine, quantity: int, restock: Restock) -> None:
        """Credit goods of one line."""
        (invoice,) = [each for each in self.invoices if each.id == line.invoice]
        expected = self.model.give_back(line, quantity, restock=restock.value)
        self.attempt(
            f"return {restock.value}",
            expected,
            lambda: self.stage.give_back(invoice, line.no, quantity, restock),
        )

    @precondition(lambda self: self.model.lines)
    @rule(pick=PICKS, quantity=st.integers(1, 4), restock=st.sampled_from(Restock))
    def return_some(self, pick: int, quantity: int, restock: Restock) -> None:
        """Credit some goods of any line."""
        self.give_back(self.model.lines[pick % len(self.model.lines)], quantity, restock)

    @precondition(lambda self: any(line.taken - line.returned > 1 for line in self.model.lines))
    @rule(
        pick=PICKS,
        restock=st.sampled_from([Restock.RESTOCK, Restock.SCRAP]),
        unpaid=st.booleans(),
    )
    def return_in_parts(
        self,
        pick: int,
        restock: Restock,
        unpaid: bool,  # noqa: FBT001  # Hypothesis draws it by name
    ) -> None:
        """Bring a line back in two parts and then one too many, or unpay it after the first."""
        lines = [line for line in self.model.lines if line.taken - line.returned > 1]
        line = lines[pick % len(lines)]
        half = rounded(line.taken - line.returned, 2)
        if unpaid:
            (invoice,) = [each for each in self.invoices if each.id == line.invoice]
            self.give_back(line, half + line.owed, restock)
            self.unpay(invoice, gone=False)
            return
        rest = line.taken - line.returned - half + line.owed
        for quantity in (half, rest + 1, rest, 1):
            if quantity:
                self.give_back(line, quantity, restock)

    @precondition(lambda self: self.model.available(0) > 0)
    @rule(gone=st.integers(1, 8), accept=st.booleans())
    def pay_late(self, gone: int, accept: bool) -> None:  # noqa: FBT001  # drawn by name
        """Promise all, let the time pass, take goods away, and be paid after all."""
        invoice = self.issue([(0, self.model.available(0))], accept=accept)
        if invoice is None:
            return
        (line,) = self.model.of(invoice.id)
        if line.state == HELD:
            self.stage.advance(line.expires_at - self.now())
            self.sweep()
        free = self.model.free(0)
        if free > 0:
            self.correct(0, -min(gone, free))
        self.pay(invoice)

    @rule()
    def sweep(self) -> None:
        """Release what is over, and fill what waits."""
        self.model.expire(self.now(), [0, 1])
        self.model.fill()
        self.attempt("sweep", OK, lambda: self.stage.inventory.sweep.shop(self.stage.owner.tenant))

    def correct(self, sku: int, delta: int, *, newest: bool = False) -> None:
        """Correct a level; the machine of goods says how."""
        raise NotImplementedError

    @rule(hours=st.sampled_from([0, 1, 30, 72, 24 * 8]))
    def wait(self, hours: int) -> None:
        """Let time pass, at least a second."""
        self.stage.advance(timedelta(hours=hours, seconds=1))

    @rule()
    def step_back(self) -> None:
        """Set the clock back; time does not run backwards inside a level."""
        self.stage.advance(timedelta(minutes=-10))

    @precondition(lambda self: any(line.state == HELD for line in self.model.lines))
    @rule(pick=PICKS, early=st.integers(0, 1))
    def wait_for_expiry(self, pick: int, early: int) -> None:
        """Stand exactly at the end of a promise, or one microsecond before."""
        lines = [line for line in self.model.lines if line.state == HELD]
        moment = lines[pick % len(lines)].expires_at - timedelta(microseconds=early)
        if moment > self.now():
            self.stage.advance(moment - self.now())
