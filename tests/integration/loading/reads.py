"""What views are asked in the largest shop, so that each read is planned."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from kasa.application.ports.inventory import MovementFilter
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceTab
from kasa.domain.inventory.movement import MovementKind
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import KHR, Money, currency
from kasa.domain.kernel.paging import Cursor
from kasa.domain.payments.references import Reference, ReferenceKeys
from kasa.domain.payments.states import PaymentState

TODAY = datetime.now(UTC).date()
SOON = datetime.now(UTC) + timedelta(days=3650)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

EUR = currency("EUR")
REFERENCES = ReferenceKeys(read=(Reference("amk.trx", "12345678901234567"),))
Read = Callable[[Any, "Sample"], object]


@attrs.frozen(kw_only=True)
class Sample:
    """The address of the loaded database, its largest shop, and some identifiers of that shop."""

    owner: str
    app: str
    tenant: TenantId
    large: frozenset[str]
    ids: Mapping[str, UUID]
    number: str
    oldest: str
    code: str

    def __getitem__(self, table: str) -> Any:
        return self.ids[table]


def missing(read: Callable[[], object]) -> None:
    """Ask for what no shop of the load has; the plan counts, not the answer."""
    with suppress(NotFound):
        read()


PAGES: Mapping[str, Read] = {
    "events.event": lambda view, one: view.event(one["events"]),
    "events.about": lambda view, one: view.about(one["invoices"]),
    "events.trail": lambda view, _: view.trail(),
    "events.trail of a kind": lambda view, _: view.trail(kinds=["invoicing.invoice_voided"]),
    "archive.oldest": lambda view, _: view.oldest(before=LONG_AGO),
    "archive.parts": lambda view, _: view.parts(),
    "tenants.show": lambda view, _: view.show(),
    "files.listed": lambda view, _: view.listed(),
    "files.with_checksum": lambda view, _: view.with_checksum("0" * 64),
    "payments.show": lambda view, one: view.show(one["payments"]),
    "payments.evidence_of": lambda view, one: view.evidence_of(one["payments"]),
    "payments.used": lambda view, _: view.used(REFERENCES),
    "payments.listed": lambda view, _: view.listed(),
    "sent_evidence.show": lambda view, one: view.show(one["evidence"]),
    "sent_evidence.sent_by": lambda view, one: view.sent_by(one["payments"]),
    "sent_evidence.newest_code": lambda view, one: view.newest_code(one["invoices"]),
    "members.all": lambda view, _: view.all(),
    "members.show": lambda view, one: missing(lambda: view.show(one["invoices"])),
    "members.of": lambda view, one: view.of(one["invoices"]),
    "invitations.open": lambda view, _: view.open(at=LONG_AGO),
    "keys.all": lambda view, _: view.all(),
    "keys.show": lambda view, one: missing(lambda: view.show(one["invoices"])),
    "clients.all": lambda view, _: view.all(),
    "clients.show": lambda view, one: missing(lambda: view.show(one["invoices"])),
    "share_links.of_invoice": lambda view, one: view.of_invoice(one["invoices"]),
    "share_links.of_token": lambda view, _: missing(lambda: view.of_token("0" * 64)),
    "payments.listed in review": lambda view, _: view.listed(states=[PaymentState.IN_REVIEW]),
    "payments.listed of an invoice": lambda view, one: view.listed(invoice=one["invoices"]),
    "payments.listed later": lambda view, one: view.listed(after=Cursor((), one["payments"])),
    "alerts.show": lambda view, one: view.show(one["bank_alerts"]),
    "alerts.listed": lambda view, _: view.listed(),
    "alerts.listed unassigned": lambda view, _: view.listed(unassigned=True),
    "alerts.unjoined": lambda view, _: view.unjoined(Money(5_000, KHR), since=LONG_AGO),
    "accounts.listed": lambda view, _: view.listed(),
    "accounts.show": lambda view, one: view.show(one["receiving_accounts"]),
    "accounts.policy": lambda view, _: view.policy(),
    "khqr.codes_of": lambda view, one: view.codes_of([one["invoices"]]),
    "bank_questions.of_payment": lambda view, one: view.of_payment(one["payments"]),
    "bank_questions.of_code": lambda view, _: view.of_code("0" * 32),
    "bank_questions.codes": lambda view, one: view.codes(one["invoices"]),
    "stock.product": lambda view, one: view.product(one["products"]),
    "stock.find": lambda view, one: view.find(one.code),
    "stock.products": lambda view, _: view.products(),
    "stock.level": lambda view, one: view.level(one["products"]),
    "stock.levels": lambda view, _: view.levels(),
    "stock.owed": lambda view, _: view.owed(),
    "stock.reservations": lambda view, _: view.reservations(),
    "stock.reservations of all": lambda view, _: view.reservations(state=None),
    "stock.reservations_of": lambda view, one: view.reservations_of("invoice", one["invoices"]),
    "stock.movements": lambda view, _: view.movements(MovementFilter()),
    "stock.movements of goods": lambda view, one: view.movements(MovementFilter(sku=one["skus"])),
    "stock.movements of a source": lambda view, one: view.movements(
        MovementFilter(source=one["invoices"])
    ),
    "stock.book": lambda view, one: view.book([one["skus"]], one["stock_locations"]),
    "customers.show": lambda view, one: view.show(one["customers"]),
    "customers.page": lambda view, _: view.page(),
    "customers.page by name": lambda view, _: view.page(name="Bopha"),
    "customers.page later": lambda view, one: view.page(
        after=Cursor(("bopha chan",), one["customers"])
    ),
    "invoices.show": lambda view, one: view.show(one["invoices"]),
    "invoices.by_number": lambda view, one: view.by_number(one.number),
    "invoices.page": lambda view, _: view.page(InvoiceFilter(today=TODAY)),
    "invoices.page later": lambda view, one: view.page(
        InvoiceFilter(today=TODAY),
        after=Cursor(
            (datetime.now(UTC).replace(year=TODAY.year - 1, day=1).isoformat(),), one["invoices"]
        ),
    ),
    "invoices.page open": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.OPEN)
    ),
    "invoices.page void": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.VOID)
    ),
    "invoices.page of a customer": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, customer=one["customers"])
    ),
    "invoices.page by number": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, number=one.number)
    ),
    "invoices.page by an old number": lambda view, one: view.page(
        InvoiceFilter(today=TODAY, number=one.oldest)
    ),
    "invoices.page by no number": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, number="INV-1999-1")
    ),
    "invoices.page of an old day": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, since=date(2020, 1, 1), until=date(2020, 2, 1))
    ),
    "customers.page by no name": lambda view, _: view.page(name="zzz"),
    "stock.movements of an old day": lambda view, _: view.movements(
        MovementFilter(period=Period(LONG_AGO, LONG_AGO + timedelta(1)))
    ),
    "stock.movements of a rare kind": lambda view, _: view.movements(
        MovementFilter(kinds=[MovementKind.SCRAP])
    ),
    "events.trail of a thing": lambda view, one: view.trail(subject=one["invoices"]),
    "stock.products by reference": lambda view, _: view.products(external_ref="none"),
    "customers.page by reference": lambda view, _: view.page(external_ref="none"),
    "invoices.page by reference": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, external_ref="none")
    ),
    "stock.products changed since": lambda view, _: view.products(updated_from=SOON),
    "customers.page changed since": lambda view, _: view.page(updated_from=SOON),
    "invoices.page changed since": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, updated_from=SOON)
    ),
    "series.listed": lambda view, _: view.listed(),
    "rates.page": lambda view, _: view.page(),
    "usage.counted": lambda view, _: view.counted(TODAY),
    "credits.page": lambda view, _: view.page(),
    "credits.page of an invoice": lambda view, one: view.page(invoice=one["invoices"]),
    "credits.note": lambda view, one: view.note(one["credit_notes"]),
    "credits.of_customer": lambda view, one: view.of_customer(one["customers"]),
}
"""Reads that may cost at most 200 buffers, however large the shop is."""
FILTERED: Mapping[str, Read] = {
    "invoices.page overdue": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.OVERDUE)
    ),
    "invoices.page partly paid": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, tab=InvoiceTab.PARTLY_PAID)
    ),
    "invoices.page of another currency": lambda view, _: view.page(
        InvoiceFilter(today=TODAY, currency=EUR)
    ),
    "events.trail of nobody": lambda view, one: view.trail(by=one["invoices"]),
    "events.trail of an old day": lambda view, _: view.trail(
        since=LONG_AGO, until=LONG_AGO + timedelta(1)
    ),
}
"""Filters behind an indexed range of the shop: what does not fit is read and left out."""
WHOLE = {
    "books.differences": "a nightly audit reads the whole shop",
    "invoices.counts": "counts a shop by state",
    "archive.due": "reads up to a limit of old events, for a sweep",
    "files.older": "reads up to a limit of old files, for a sweep",
    "files.spent_receipts": "reads up to a limit of receipts, for a sweep",
    "tables.counts": "counts every row of a shop that is exported",
    "tables.lines": "reads every row of a shop that is exported",
    "tables.names": "asks the catalogue",
    "tables.schema": "asks the catalogue",
    "stock.valuation": "sums up every level of a shop",
    "stock.cost_of_goods": "sums up a period",
    "stock.low": "compares every level of a shop with its mark",
    "stock.count": "no stocktake is loaded; it reads its lines by their key",
    "events.fact": "reads like events.event",
    "files.show": "no file is loaded; it reads by its key",
    "payments.case": "reads at most 1,000 open invoices, for a job",
    "payments.case_of": "reads at most 1,000 open invoices, for a job",
    "payments.near": "needs evidence; its statement is among the named ones",
    "alerts.without_alert": "reads the payments of one money, at most 50",
}
