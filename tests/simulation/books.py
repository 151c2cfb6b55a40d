"""Everything that a shop's books say at one moment, read through the stores themselves."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from kasa.application.ports.inventory import MovementFilter, StockRow
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceView
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.domain.files.file import StoredFile
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.customer import Customer
from kasa.domain.kernel.events import RecordedEvent
from kasa.domain.kernel.ids import EventId
from kasa.domain.kernel.paging import Cursor, Page
from kasa.domain.payments.payment import Payment
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter
from tests.simulation.shop import Shop
from tests.simulation.world import World

PAGE = 100
RowT = TypeVar("RowT")


@attrs.frozen(kw_only=True)
class Books:
    """What a shop's books say."""

    invoices: tuple[InvoiceView, ...]
    payments: tuple[Payment, ...]
    products: tuple[Product, ...]
    archived: tuple[Product, ...]
    levels: tuple[StockRow, ...]
    movements: tuple[StockMovement, ...]
    reservations: tuple[Reservation, ...]
    customers: tuple[Customer, ...]
    put_away: tuple[Customer, ...]
    credits: tuple[CustomerCredit, ...]
    files: tuple[StoredFile, ...]
    events: tuple[RecordedEvent, ...]
    used: Mapping[Meter, int]
    drifts: tuple[object, ...]
    differences: tuple[object, ...]


def every(page_of: Callable[..., Page[RowT]], **wanted: Any) -> tuple[RowT, ...]:
    """Return the rows of all pages."""
    found: list[RowT] = []
    after: Cursor | None = None
    while True:
        page = page_of(after=after, limit=PAGE, **wanted)
        found += page.items
        after = page.next
        if after is None:
            return tuple(found)


def books_of(world: World, shop: Shop) -> Books:
    """Read the books of a shop."""
    today = world.now().date()
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        invoices = every(lambda **page: view.invoices.page(InvoiceFilter(today=today), **page))
        customers, put_away = every(view.customers.page), every(view.customers.page, archived=True)
        read: dict[str, Any] = {
            "invoices": tuple(view.invoices.show(row.id) for row in reversed(invoices)),
            "payments": tuple(view.payments.show(row.id) for row in every(view.payments.listed)),
            "products": every(view.stock.products),
            "archived": every(view.stock.products, archived=True),
            "levels": _levels(view, shop),
            "movements": every(lambda **page: view.stock.movements(MovementFilter(), **page)),
            "reservations": every(view.stock.reservations, state=None),
            "customers": customers,
            "put_away": put_away,
            "credits": tuple(
                row for one in (*customers, *put_away) for row in view.credits.of_customer(one.id)
            ),
            "files": every(view.files.listed),
            "differences": view.books.differences(),
            "events": tuple(reversed(every(view.events.trail))),
        }
    with world.plain.unit_of_work(shop.owner) as work:
        return Books(used=_used(work), drifts=work.stock.drifts(), **read)


def _levels(view: ReadOnly, shop: Shop) -> tuple[StockRow, ...]:
    return tuple(view.stock.level(goods.id) for goods in shop.goods)


def _used(work: UnitOfWork) -> Mapping[Meter, int]:
    capacities = [meter for meter in Meter if meter.is_capacity]
    return {meter: work.usage.used(meter, period=CAPACITY_PERIOD) for meter in capacities}


def events_since(world: World, shop: Shop, last: EventId | None) -> tuple[RecordedEvent, ...]:
    """Return what was recorded after an event, newest first."""
    found: list[RecordedEvent] = []
    after: Cursor | None = None
    with world.plain.unit_of_work.read_only(shop.owner) as view:
        while True:
            page = view.events.trail(after=after, limit=PAGE)
            for row in page.items:
                if last is not None and row.id <= last:
                    return tuple(found)
                found.append(row)
            after = page.next
            if after is None:
                return tuple(found)
