"""What every store keeps of other systems, and the lists by which they keep up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.application.inventory.facade import Inventory
from kasa.application.inventory.products import ProductFields
from kasa.application.invoicing.facade import Invoicing
from kasa.application.ports.bundle import Ports
from kasa.application.ports.invoicing import InvoiceFilter
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.annotations import Annotations
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.foreign import ExternalRefTaken, Metadata
from kasa.domain.kernel.money import KHR, USD, ExchangeRate, currency
from kasa.domain.kernel.text import name
from kasa.domain.subscriptions.plan import Meter

REF, WORDS = "shop-41", Metadata.of({"till": "2", "note": "ពីរ"})
DAYS = (date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3))


@attrs.frozen(kw_only=True)
class ForeignStage:
    """A new shop, and what it sells."""

    ports: Ports
    owner: Actor
    inventory: Inventory
    invoicing: Invoicing

    @classmethod
    def over(cls, ports: Ports) -> "ForeignStage":
        """Open a shop over the ports."""
        return cls(
            ports=ports,
            owner=new_shop(ports),
            inventory=Inventory.over(ports),
            invoicing=Invoicing.over(ports),
        )

    def fields(self, code: str) -> ProductFields:
        """Return a product that other systems know."""
        return ProductFields(
            name="Soap",
            code=code,
            price=Decimal(4000),
            currency=KHR,
            external_ref=REF,
            metadata=WORDS,
        )

    def details(self) -> CustomerDetails:
        """Return a customer whom other systems know."""
        return CustomerDetails(name=name("Dara"), external_ref=REF, metadata=WORDS)

    def wanted(self) -> WantedInvoice:
        """Return an invoice that other systems know."""
        line = WantedLine(quantity=Decimal(1), text="Soap", price=Decimal(4000))
        return WantedInvoice(lines=(line,), external_ref=REF, metadata=WORDS)

    def issued(self) -> Invoice:
        """Issue an invoice that nobody else knows."""
        wanted = attrs.evolve(self.wanted(), external_ref=None)
        return self.invoicing.issue(self.owner, self.invoicing.draft(self.owner, wanted).id)


class ForeignConformance:
    """References, metadata, and lists of what changed."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def make_stage(self) -> ForeignStage:
        """Return a new shop."""
        return ForeignStage.over(self.make_ports())

    def test_a_reference_belongs_to_one_of_a_kind(self) -> None:
        """The second of a kind is refused and told the holder; other kinds do not mind."""
        stage = self.make_stage()
        owner, add = stage.owner, stage.inventory.add_product
        product = add(owner, stage.fields("A"))
        customer = stage.invoicing.add_customer(owner, stage.details())
        invoice = stage.invoicing.draft(owner, stage.wanted())
        again: list[tuple[object, Callable[[], object]]] = [
            (product.id, lambda: add(owner, stage.fields("B"))),
            (customer.id, lambda: stage.invoicing.add_customer(owner, stage.details())),
            (invoice.id, lambda: stage.invoicing.draft(owner, stage.wanted())),
        ]
        for holder, act in again:
            with pytest.raises(ExternalRefTaken) as refused:
                act()
            assert {"holder": str(holder)} == refused.value.facts
        other = stage.issued()
        wanted = Annotations(external_ref=REF)
        with pytest.raises(ExternalRefTaken):
            stage.invoicing.annotate(owner, other.id, wanted, version=other.version)

    def test_references_are_kept_and_found(self) -> None:
        """What was said comes back, and exactly its bearer is found by it."""
        stage = self.make_stage()
        owner = stage.owner
        product = stage.inventory.add_product(owner, stage.fields("A"))
        customer = stage.invoicing.add_customer(owner, stage.details())
        invoice = stage.invoicing.draft(owner, stage.wanted())
        stage.issued()
        with stage.ports.unit_of_work.read_only(owner) as view:
            shown = view.invoices.show(invoice.id).invoice
            assert (REF, WORDS) == (shown.external_ref, shown.metadata)
            assert (product,) == view.stock.products(external_ref=REF).items
            assert (customer,) == view.customers.page(external_ref=REF).items
            wanted = InvoiceFilter(today=DAYS[0], external_ref=REF)
            (row,) = view.invoices.page(wanted).items
            assert (invoice.id, REF, invoice.updated_at) == (
                row.id,
                row.external_ref,
                row.updated_at,
            )
            assert () == view.stock.products(external_ref="none").items
            assert () == view.customers.page(external_ref="none").items

    def test_what_changed_since_is_listed(self) -> None:
        """A list from a moment on holds what changed at it or later, and nothing older."""
        stage = self.make_stage()
        owner = stage.owner
        product = stage.inventory.add_product(owner, stage.fields("A"))
        customer = stage.invoicing.add_customer(owner, stage.details())
        invoice = stage.invoicing.draft(owner, stage.wanted())
        tick = attrs.evolve(InvoiceFilter(today=DAYS[0]), updated_from=invoice.updated_at)
        after = stage.ports.clock.now().replace(year=2100)
        with stage.ports.unit_of_work.read_only(owner) as view:
            assert (product,) == view.stock.products(updated_from=product.updated_at).items
            assert (customer,) == view.customers.page(updated_from=customer.updated_at).items
            assert [invoice.id] == [row.id for row in view.invoices.page(tick).items]
            assert () == view.stock.products(updated_from=after).items
            assert () == view.customers.page(updated_from=after).items
            assert () == view.invoices.page(attrs.evolve(tick, updated_from=after)).items

    def test_annotations_change_in_every_state(self) -> None:
        """An issued invoice takes other annotations; what it said stays."""
        stage = self.make_stage()
        issued = stage.issued()
        wanted = Annotations(external_ref="x", metadata=WORDS, internal_note="call first")
        stage.invoicing.annotate(stage.owner, issued.id, wanted, version=issued.version)
        stage.invoicing.note(stage.owner, issued.id, "paid at the door")
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            shown = view.invoices.show(issued.id).invoice
        assert "call first\npaid at the door" == shown.internal_note
        assert ("x", WORDS, issued.snapshot) == (shown.external_ref, shown.metadata, shown.snapshot)

    def test_series_are_listed_with_their_counts(self) -> None:
        """A series that was only set is open, one with documents is locked."""
        stage = self.make_stage()
        stage.invoicing.set_series_start(stage.owner, "X", first=7, year=2030)
        issued = stage.issued()
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            used, fresh = view.series.listed()
        assert ("INV", 2, issued.issue_date, True) == (
            used.series.name,
            used.next,
            used.last_issued_on,
            used.locked,
        )
        assert ("X", 2030, 7, 7, False) == (
            fresh.series.name,
            fresh.series.year,
            fresh.series.first,
            fresh.next,
            fresh.locked,
        )

    def test_rates_come_in_pages_the_newest_day_first(self) -> None:
        """Pages follow each other without a gap; a currency leaves the others out."""
        stage = self.make_stage()
        made = [
            ExchangeRate(base=base, quote=KHR, rate=Decimal(4000), on=day, source=source)
            for day in DAYS
            for base in (USD, currency("EUR"))
            for source in ("merchant", "nbc_daily")
        ]
        for rate in made:
            stage.invoicing.set_rate(stage.owner, rate)
        found: list[ExchangeRate] = []
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            page = view.rates.page(limit=5)
            found += page.items
            while page.next is not None:
                page = view.rates.page(limit=5, after=page.next)
                found += page.items
            dollars = view.rates.page(base=USD, quote=KHR).items
        wanted = sorted(made, key=lambda one: (-one.on.toordinal(), one.base.code, one.source))
        assert wanted == found
        assert [rate for rate in wanted if rate.base == USD] == list(dollars)

    def test_credit_notes_come_in_pages_the_newest_first(self) -> None:
        """Pages follow each other; one invoice's alone can be asked for."""
        stage = self.make_stage()
        wanted = WantedNote(reason=CreditReason.GOODWILL)
        notes = [
            stage.invoicing.issue_credit_note(stage.owner, stage.issued().id, wanted)
            for _ in range(3)
        ]
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            first = view.credits.page(limit=2)
            rest = view.credits.page(limit=2, after=first.next)
            assert notes[::-1] == [*first.items, *rest.items]
            assert rest.next is None
            assert (notes[1],) == view.credits.page(invoice=notes[1].invoice).items

    def test_use_is_read_per_meter(self) -> None:
        """What was counted is told; of a period meter only what counts in that period."""
        stage = self.make_stage()
        stage.inventory.add_product(stage.owner, stage.fields("A"))
        stage.issued()
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            later = view.usage.counted(date(2100, 1, 1))
        assert 1 == later[Meter.PRODUCTS]
        assert Meter.INVOICES not in later

    def test_the_trail_of_one_thing(self) -> None:
        """The audit trail of a subject leaves every other out."""
        stage = self.make_stage()
        issued = stage.issued()
        stage.inventory.add_product(stage.owner, stage.fields("A"))
        with stage.ports.unit_of_work.read_only(stage.owner) as view:
            kinds = [row.event.kind for row in view.events.trail(subject=issued.id).items]
        assert ["invoicing.invoice_issued", "invoicing.invoice_drafted"] == kinds
