"""What happens in a shop, told once by use cases: ``kasa bench load`` multiplies it.

Every name, code, phone and number of a bank is a placeholder that the loader replaces (their
forms are in ``adapters/postgres/loading/places.py``), and the story plays in a year of its own, so
that none is mistaken for something else. All that is numbered happens on the first day of a
chapter, and no act crosses midnight when it is moved by less than half a day.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.accounts import NewAccount
from kasa.application.payments.alerting import AlertMessage
from kasa.application.payments.deciding import Cash
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.inventory.product import Product, ProductTax, Tracking
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditPart, CreditReason, WantedNote
from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.numbering import Series
from kasa.domain.kernel.ids import UserId
from kasa.domain.kernel.money import KHR, USD, Currency, ExchangeRate, Money
from kasa.domain.kernel.text import Phone, name
from kasa.domain.payments.alerts.reading import Envelope, Sender
from kasa.domain.tenancy.tenant import DocumentKind, TenantProfile

OPENED = datetime(2091, 3, 5, 1, 0, tzinfo=UTC)
STEP = timedelta(seconds=5)
DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Phnom_Penh")
FIRST_NUMBERS = {Series.INVOICE: 700_000_001, Series.CREDIT_NOTE: 710_000_001}
FIRST_MESSAGE = 600_000_001
FIRST_PHONE = 85_512_700_001
CHAT = -1_001_000_000_000
CHAPTER_DAYS = 10
CUSTOMERS, TRACKED, SERVICES = 6, 2, 3
ACTS = (
    *("draft", "draft", "open", "open", "cash", "cash", "cash", "cash", "cash", "cash", "alert"),
    *("alert", "alert", "alert", "partly", "wrong", "void", "lost", "credited", "overpaid"),
)
VAT = ProductTax(category="S", percent=Decimal(10), label="VAT", reason="")
KINDS = {
    "riel": TenantProfile(
        name=name("Qzshop"), address="Street 271, Phnom Penh", phone="012345678", terms_days=7
    ),
    "dollar": TenantProfile(
        name=name("Qzshop"),
        address="Monivong Boulevard, Phnom Penh",
        tin="K001-901234567",
        currency=USD,
        cost_currency=USD,
        document_kind=DocumentKind.TAX_INVOICE,
        terms_days=7,
    ),
}
RECEIVER = "SOKHA TEXTILES"


@attrs.define(kw_only=True)
class LoadStory:
    """One shop and its clock; ``head`` opens it, and each chapter is 20 invoices or one."""

    kasa: Kasa
    set_clock: Callable[[datetime], None]
    new_id: Callable[[datetime], UUID]
    kind: str
    random: Random
    at: datetime = OPENED
    owner: Actor = attrs.field(init=False)
    _made: int = 0

    def head(self) -> Actor:
        """Open the shop with its account, numbers, and first goods, and return its owner."""
        self.set_clock(self.at)
        profile = KINDS[self.kind]
        tenant = self.kasa.tenancy.open(PlatformActor(), profile)
        user = UserId(self.new_id(self.at))
        self.owner = owner = Actor.member(tenant.id, user, Role.OWNER, recent=True)
        account = NewAccount(
            bank="AMK", number="001234567", names=(RECEIVER,), currency=profile.currency
        )
        self.kasa.payments.add_account(owner, account)
        for series, first in FIRST_NUMBERS.items():
            self.kasa.invoicing.set_series_start(owner, series, first=first)
        self._product(tracked=True)
        return owner

    def chapter(self, no: int, acts: tuple[str, ...] = ACTS) -> None:
        """Tell what happens from day ``no`` x ``CHAPTER_DAYS`` on: one invoice for each act."""
        start = OPENED + CHAPTER_DAYS * no * DAY
        self._set(start)
        if self._currency == USD:
            rate = ExchangeRate(
                base=USD,
                quote=KHR,
                rate=Decimal("4012.5"),
                on=start.astimezone(ZONE).date(),
                source="merchant",
            )
            self.kasa.invoicing.set_rate(self.owner, rate)
        customers = [self._customer() for _ in range(CUSTOMERS if len(acts) > 1 else 1)]
        tracked, services = (TRACKED, SERVICES) if len(acts) > 1 else (0, 1)
        products = [self._product(tracked=True) for _ in range(tracked)]
        products += [self._product(tracked=False) for _ in range(services)]
        bought = [
            (act, self._bought(act, customers[turn % len(customers)], products))
            for turn, act in enumerate(acts)
        ]
        for act, invoice in bought:
            if act in {"credited", "overpaid"}:
                self._settled(act, invoice)
        for turn, (act, invoice) in enumerate(bought):
            self._set(max(start + (1 + turn * 3 // len(acts)) * DAY, self.at))
            self._later(act, invoice)

    @property
    def _currency(self) -> Currency:
        return KINDS[self.kind].currency

    def _set(self, at: datetime) -> None:
        self.at = at
        self.set_clock(at)

    def _tick(self) -> None:
        self._set(self.at + STEP)

    def _word(self) -> str:
        """Return four letters that were not used before in this shop."""
        self._made += 1
        letters = "abcdefghijklmnopqrstuvwxyz"
        rest, word = self._made, ""
        for _ in range(4):
            rest, letter = divmod(rest, 26)
            word = letters[letter] + word
        return word

    def _customer(self) -> Customer:
        self._tick()
        word = self._word()
        details = CustomerDetails(
            name=name(f"Qz{word}"),
            phone=Phone(f"+{FIRST_PHONE + self._made}"),
            address="Toul Kork, Phnom Penh",
            tin="K002-901234567" if self.kind == "dollar" else "",
        )
        return self.kasa.invoicing.add_customer(self.owner, details)

    def _product(self, *, tracked: bool) -> Product:
        self._tick()
        dollars = self._currency == USD
        price = Decimal(self.random.randint(2, 120)) * (Decimal("0.25") if dollars else 500)
        word = self._word()
        fields = ProductFields(
            name=f"Gz{word}",
            code=f"WZ{word.upper()}",
            price=price,
            currency=self._currency,
            tax=VAT if dollars else ProductTax(),
            tracking=Tracking.TRACKED if tracked else Tracking.UNTRACKED,
        )
        stock = self.random.randint(300, 900)
        if tracked:
            return self.kasa.inventory.add_product(self.owner, fields, on_hand=stock)
        return self.kasa.inventory.add_product(self.owner, fields)

    def _bought(self, act: str, customer: Customer, products: list[Product]) -> Invoice:
        self._tick()
        chosen = self.random.sample(products, min(len(products), self.random.randint(1, 3)))
        lines = tuple(
            WantedLine(product=one.id, quantity=Decimal(self.random.randint(1, 5)))
            for one in chosen
        )
        wanted = WantedInvoice(lines=lines, customer=customer.id)
        draft = self.kasa.invoicing.draft(self.owner, wanted)
        if act == "draft":
            return draft
        self._tick()
        return self.kasa.invoicing.issue(self.owner, draft.id)

    def _settled(self, act: str, invoice: Invoice) -> None:
        """Pay on the first day: a credit note has a number of that day."""
        self._tick()
        self._paid(invoice, 1 + invoice.totals.gross // 2 if act == "overpaid" else 0)
        if act == "credited":
            self._tick()
            amount = Money(max(1, invoice.totals.lines[0].amount // 2), invoice.currency)
            part = CreditPart(amount=amount, line_no=1)
            note = WantedNote(reason=CreditReason.GOODWILL, parts=(part,), text="A stain")
            self.kasa.invoicing.issue_credit_note(self.owner, invoice.id, note)

    def _later(self, act: str, invoice: Invoice) -> None:
        self._tick()
        match act:
            case "cash":
                self._paid(invoice)
            case "partly":
                self._paid(invoice, -(invoice.due_minor // 2))
            case "alert":
                self._told(invoice, invoice.due_minor)
            case "wrong":
                self._told(invoice, max(1, invoice.due_minor // 3))
            case "void":
                self.kasa.invoicing.void(self.owner, invoice.id, "ordered twice")
            case "lost":
                self.kasa.invoicing.write_off(self.owner, invoice.id, "moved away")

    def _paid(self, invoice: Invoice, more: int = 0) -> None:
        amount = Money(invoice.due_minor + more, invoice.currency)
        self.kasa.payments.record(self.owner, Cash(invoice=invoice.id, amount=amount))

    def _told(self, invoice: Invoice, minor: int) -> None:
        """Have the bank tell of a transfer, and say which invoice it is for."""
        self._made += 1
        local = self.at.astimezone(ZONE)
        amount = Money(minor, invoice.currency)
        figures = f"{minor // amount.currency.scale:,}"
        if amount.currency.scale > 1:
            figures += f".{minor % amount.currency.scale:02d}"
        transfer = f"{int(self.at.timestamp() * 1000)}{self._made % 10000:04d}"
        text = (
            f"**AMK PAY**\n**{amount.currency.code} {figures}** is paid from **CHEA, BOPHA** to "
            f"**{RECEIVER}** on **{local:%d-%m-%Y %I:%M %p}** with Transaction ID: **{transfer}**"
        )
        envelope = Envelope(
            bot="AMKPlc_bot",
            chat=CHAT,
            message=FIRST_MESSAGE + self._made,
            sender=Sender.BOUND_BOT,
            chat_bound=True,
        )
        taken = self.kasa.payments.take_alert(
            self.owner, AlertMessage(envelope=envelope, text=text)
        )
        assert taken.alert is not None, "the bank's words are understood"
        if taken.alert.payment is None:
            self.kasa.payments.assign_alert(self.owner, taken.alert.id, invoice.id)
