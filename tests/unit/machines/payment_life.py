"""Payments as random people lead them: sent, sent again, decided, undone, in any order."""

from collections.abc import Callable
from hashlib import sha256
from typing import ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.application.payments.deciding import Approval, Cash
from kasa.application.payments.submitting import NewEvidence
from kasa.domain.invoicing.balance import Entry, EntryKind, PaymentPart, balance, settled
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.ids import CustomerId, InvoiceId, PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.matching import match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import reference_keys
from kasa.domain.payments.states import PaymentState
from tests.unit.payments.desk import Desk, transfer

INVOICES_MAX = 6
PAYMENTS_MAX = 14
REASON = "seen at the bank"


class PaymentLife(RuleBasedStateMachine):
    """Real use cases over some ports; what must hold is asked of the stores themselves."""

    seen: ClassVar[set[str]] = set()

    def open_desk(self) -> Desk:
        """Return an open shop over the ports under test."""
        return Desk.open()

    @initialize()
    def open(self) -> None:
        """Open a shop with one customer."""
        self.desk = self.open_desk()
        details = CustomerDetails(name=name("Chan Dara"))
        self.customer = self.desk.kasa.invoicing.add_customer(self.desk.owner, details).id
        self.invoices: list[InvoiceId] = []
        self.payments: list[PaymentId] = []
        self.transfers: list[PaymentEvidence] = []
        self.pictures: list[bytes] = []
        self.taken: dict[InvoiceId, int] = {}

    # What people do.

    @precondition(lambda self: len(self.invoices) < INVOICES_MAX)
    @rule(known=st.booleans())
    def issue(self, *, known: bool) -> None:
        """Issue an invoice over one piece of cloth; the customer's credit may pay it at once."""
        customer: CustomerId | None = self.customer if known else None
        issued = self.desk.issue(customer=customer)
        self.invoices.append(issued.id)
        self.taken[issued.id] = int(issued.state is InvoiceState.PAID)

    @precondition(lambda self: self.invoices and len(self.payments) < PAYMENTS_MAX)
    @rule(data=st.data(), minor=st.sampled_from([25_000, 25_000, 10_000, 15_000, 30_000]))
    def pay(self, data: st.DataObject, minor: int) -> None:
        """Send a receipt of a new transfer."""
        self._send(data, [self._transfer(minor)])

    @precondition(lambda self: self.invoices and len(self.payments) < PAYMENTS_MAX)
    @rule(data=st.data(), parts=st.sampled_from([(10_000, 15_000), (9_000, 8_000, 8_000)]))
    def pay_in_parts(self, data: st.DataObject, parts: tuple[int, ...]) -> None:
        """Send several receipts together."""
        self._send(data, [self._transfer(minor) for minor in parts])

    @precondition(lambda self: self.transfers and len(self.payments) < PAYMENTS_MAX)
    @rule(data=st.data())
    def show_again(self, data: st.DataObject) -> None:
        """Send another picture of a transfer that was shown before, for any invoice."""
        self._send(data, [data.draw(st.sampled_from(self.transfers))])

    @precondition(lambda self: self.pictures and len(self.payments) < PAYMENTS_MAX)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """Send the same file again, for any invoice."""
        picture = data.draw(st.sampled_from(self.pictures))
        self._submit((picture,), data.draw(st.sampled_from(self.invoices)))

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), chosen=st.booleans())
    def approve(self, data: st.DataObject, *, chosen: bool) -> None:
        """Approve a payment by hand, perhaps for another invoice."""
        payment = self._one(data)
        invoice = data.draw(st.sampled_from(self.invoices)) if chosen else None
        decision = Approval(version=payment.version, invoice=invoice, reason=REASON)
        use = self.desk.kasa.payments.approve
        self._try(lambda: use(self.desk.owner, payment.id, decision))

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        """Turn a payment down."""
        payment = self._one(data)
        use = self.desk.kasa.payments.reject
        self._try(lambda: use(self.desk.owner, payment.id, version=payment.version, reason=REASON))

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        """Bring a payment back to review."""
        payment = self._one(data)
        use = self.desk.kasa.payments.reopen
        self._try(lambda: use(self.desk.owner, payment.id, version=payment.version))

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """Undo an approved payment."""
        payment = self._one(data)
        use = self.desk.kasa.payments.reverse
        self._try(lambda: use(self.desk.owner, payment.id, reason=REASON))

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), minor=st.sampled_from([1, 10_000, 15_000, 25_000]))
    def refund(self, data: st.DataObject, minor: int) -> None:
        """Give money back."""
        payment = self._one(data)
        use = self.desk.kasa.payments.refund
        amount = Money(minor, KHR)
        self._try(lambda: use(self.desk.owner, payment.id, amount, reason=REASON))

    @precondition(lambda self: self.invoices)
    @rule(data=st.data(), minor=st.sampled_from([25_000, 10_000, 15_000]))
    def take_cash(self, data: st.DataObject, minor: int) -> None:
        """Record money that was taken."""
        invoice = data.draw(st.sampled_from(self.invoices))
        cash = Cash(invoice=invoice, amount=Money(minor, KHR))
        use = self.desk.kasa.payments.record
        paid = self._try(lambda: use(self.desk.owner, cash))
        if isinstance(paid, Payment):
            self.payments.append(paid.id)

    @precondition(lambda self: self.invoices)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        """Void an invoice."""
        invoice = data.draw(st.sampled_from(self.invoices))
        use = self.desk.kasa.invoicing.void
        self._try(lambda: use(self.desk.owner, invoice, reason="not wanted"))

    # How they do it.

    def _transfer(self, minor: int) -> PaymentEvidence:
        seed = f"{self.desk.owner.tenant} {len(self.transfers)}".encode()
        number = int(sha256(seed).hexdigest(), 16) % 10**11
        made = attrs.evolve(
            transfer(1, minor),
            references={"aba.trx": read(f"{number:011d}")},
            paid_at=read(PAID_AT),
        )
        self.transfers.append(made)
        return made

    def _send(self, data: st.DataObject, shown: list[PaymentEvidence]) -> None:
        pictures = tuple(
            f"{self.desk.owner.tenant} {len(self.pictures) + place}".encode()
            for place in range(len(shown))
        )
        for picture, evidence in zip(pictures, shown, strict=True):
            self.desk.reader.show(picture, evidence)
        self.pictures += pictures
        self._submit(pictures, data.draw(st.sampled_from(self.invoices)))

    def _submit(self, pictures: tuple[bytes, ...], invoice: InvoiceId) -> None:
        new = NewEvidence(pictures=pictures, invoice=invoice)
        sent = self.desk.kasa.payments.submit(self.desk.owner, new).payments
        self.payments += [payment.id for payment in sent]
        self._try(self.desk.drain)

    def _one(self, data: st.DataObject) -> Payment:
        return self._payment(data.draw(st.sampled_from(self.payments)))

    def _payment(self, payment: PaymentId) -> Payment:
        with self.desk.ports.unit_of_work.read_only(self.desk.owner) as view:
            return view.payments.show(payment)

    def _invoice(self, invoice: InvoiceId) -> Invoice:
        return self.desk.kasa.invoicing.queries.invoice(self.desk.owner, invoice).invoice

    def _try(self, act: Callable[[], object]) -> object:
        """Do it unless kasa refuses, and keep how many goods each invoice should have taken."""
        before = {invoice: self._invoice(invoice).state for invoice in self.invoices}
        try:
            return act()
        except KasaError as refusal:
            return refusal
        finally:
            for invoice in self.invoices:
                self._follow(before[invoice], self._invoice(invoice))

    def _follow(self, before: InvoiceState, now: Invoice) -> None:
        if now.state is InvoiceState.PAID:
            self.taken[now.id] = 1
        elif now.due == now.gross or (before is InvoiceState.PAID and self._was_reversed(now)):
            self.taken[now.id] = 0

    def _was_reversed(self, invoice: Invoice) -> bool:
        entries = self._entries(invoice.id)
        last = max((entry.no for entry in entries if entry.kind is EntryKind.REFUND), default=0)
        return any(
            entry.kind is EntryKind.PAYMENT_REVERSED and entry.no > last for entry in entries
        )

    def _entries(self, invoice: InvoiceId) -> tuple[Entry, ...]:
        return self.desk.kasa.invoicing.queries.invoice(self.desk.owner, invoice).entries

    # What must hold.

    @invariant()
    def each_key_belongs_to_one_payment(self) -> None:
        """Whoever shows a reference that another payment has is its duplicate."""
        owners: dict[object, PaymentId] = {}
        for payment in map(self._payment, self.payments):
            if payment.inputs is None or payment.state is PaymentState.DUPLICATE:
                continue
            for key in reference_keys(payment.inputs.evidence, payment.submitted_at).read:
                assert payment.id == owners.setdefault(key, payment.id)

    @invariant()
    def approved_sums_equal_allocations(self) -> None:
        """An approved payment settles or is left over whole; any other settles nothing."""
        entries = [entry for one in self.invoices for entry in self._entries(one)]
        for payment in map(self._payment, self.payments):
            own = [entry for entry in entries if entry.payment == payment.id]
            part = PaymentPart(payment=payment.id, approval=payment.approvals)
            granted = sum(entry.on_credit for entry in own if part.made(entry))
            refunded = sum(
                entry.amount.minor
                for entry in own
                if part.made(entry) and entry.kind is EntryKind.REFUND
            )
            left = payment.unallocated.minor if payment.unallocated else 0
            if payment.state is PaymentState.APPROVED:
                assert payment.amount is not None
                kept = settled(own, part) + granted + refunded + left
                assert payment.amount.minor == kept
            else:
                assert 0 == sum(-entry.signed for entry in own) + sum(
                    entry.on_credit for entry in own
                )

    @invariant()
    def due_is_gross_less_allocations(self) -> None:
        """What is due of an invoice is the sum of its entries, within 0 and its gross."""
        for invoice in map(self._invoice, self.invoices):
            assert balance(invoice.gross, self._entries(invoice.id)) == invoice.due
            assert 0 <= invoice.due_minor <= invoice.gross.minor
            paid = invoice.state is InvoiceState.PAID
            assert invoice.state is InvoiceState.VOID or paid is (invoice.due_minor == 0)

    @invariant()
    def no_payment_is_stranded(self) -> None:
        """Every payment was decided, or is before a person, and its invoice says so."""
        for payment in map(self._payment, self.payments):
            assert payment.state not in {PaymentState.SUBMITTED, PaymentState.WAITING}
            self.seen.add(payment.state.value)
            if payment.verdict is not None and payment.inputs is not None:
                assert payment.verdict == match(payment.inputs)
            if payment.invoice in self.taken:
                reviews = self._invoice(payment.invoice).reviews
                assert (payment.id in reviews) is (payment.state is PaymentState.IN_REVIEW)

    @invariant()
    def stock_moved_exactly_when_paid(self) -> None:
        """One piece for every invoice that is paid, and none for one of which all is due again."""
        assert 10 - sum(self.taken.values()) == self.desk.on_hand()
